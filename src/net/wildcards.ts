/** Host names with a wildcard for their first label. */

/**
 * Whether a name is meant by a pattern: the name itself, in any case, or a wildcard above it.
 *
 * @param labels - what the star stands for: `one` label in a certificate (RFC 6125 section 6.4.3) and in an Ingress; `any`
 *   number from one on in a Gateway API listener or route ("Hostnames": `*.example.com` matches `foo.bar.example.com`)
 */
export function matchesWildcard(pattern: string, name: string, labels: 'one' | 'any'): boolean {
  const [wanted, found] = [pattern.toLowerCase(), name.toLowerCase()];
  if (wanted === found) return true;
  if (!wanted.startsWith('*.') || !found.endsWith(wanted.slice(1))) return false;
  const covered = found.slice(0, 1 - wanted.length);
  return covered !== '' && (labels === 'any' || !covered.includes('.'));
}
