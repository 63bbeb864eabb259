/** Which of the hosts that a role has in a base is the pattern for those that it is to have. */
import { PLACEHOLDER } from '../surface/placeholders.ts';

/** The wanted main host, else the placeholder, else the first that is no alias. */
export function mainHost(old: readonly string[], wanted: readonly string[]): string | undefined {
  return (
    old.find((host) => host === wanted[0]) ??
    old.find((host) => host.includes(PLACEHOLDER)) ??
    old.find((host) => !wanted.includes(host)) ??
    old[0]
  );
}
