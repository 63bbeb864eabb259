/** Versions as programs write them. */

/** One that cannot be read is not older. */
export function isOlder(version: string, needed: string): boolean {
  const numbers = (text: string) => /(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [found, wanted] = [numbers(version), numbers(needed)];
  if (!found || !wanted) return false;
  const [major = 0, minor = 0] = found;
  const [wantedMajor = 0, wantedMinor = 0] = wanted;
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
