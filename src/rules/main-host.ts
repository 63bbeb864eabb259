/** Which of the hosts that a role has in a base is the pattern for those that it is to have. */
import { PLACEHOLDER } from '../surface/placeholders.ts';

/**
 * The wanted main host, else the placeholder, else a wanted alias, else the first. Beside an alias that the base has already any other
 * host is somebody else's: a domain that moves keeps its old host as an alias.
 */
export function mainHost(old: readonly string[], wanted: readonly string[]): string | undefined {
  return (
    old.find((host) => host === wanted[0]) ??
    old.find((host) => host.includes(PLACEHOLDER)) ??
    old.find((host) => wanted.includes(host)) ??
    old[0]
  );
}
