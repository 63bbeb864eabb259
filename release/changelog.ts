/** CHANGELOG.md of a release: what stands under `Unreleased` goes under its version, with a line on rendered manifests. */

const UNRELEASED = '## Unreleased\n';

/** What a release says of rendered manifests begins so. */
const RENDERED =
  /^Rendered manifests(?: do not change:| change, |: nothing to compare).*(?:\n(?!\n).*)*\n?/m;

/** What stands under `Unreleased`; undefined where there is no such heading. */
export function unreleased(text: string): string | undefined {
  const [, after] = text.split(UNRELEASED);
  return after?.split(/^## /m)[0]?.trim();
}

/**
 * The whole text, and the section of the release alone.
 * @param date - `2026-11-27`
 * @param rendered - a line that begins with `Rendered manifests`; it replaces one that is there
 */
export function withRelease(
  text: string,
  version: string,
  date: string,
  rendered: string,
): { text: string; section: string } {
  const body = unreleased(text) ?? '';
  const kept = body.replace(RENDERED, '').trim();
  const section = [kept, rendered].filter(Boolean).join('\n\n');
  const [before = '', after = ''] = text.split(UNRELEASED);
  const older = after.slice(after.search(/^## /m));
  const released = `## ${version}, ${date}\n\n${section}\n`;
  const rest = /^## /m.test(after) ? `\n${older}` : '';
  return { text: `${before}${UNRELEASED}\n${released}${rest}`, section };
}
