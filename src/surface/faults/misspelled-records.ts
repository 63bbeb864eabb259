/** Hosts that external-dns makes for a Service which is an entry by itself, where one is a slip of the host that is called. */
import type { Resource } from '../../manifests/resource.ts';
import { isMisspelled } from '../near-names.ts';
import { otherEntries } from '../other-entries.ts';
import type { Surface } from '../surface.ts';

/** A host that nothing calls, beside the one that is meant. */
interface MisspelledRecord {
  resource: Resource;
  path: string;
  host: string;
  owner: undefined;
  wanted: string;
  /** Who calls the host that is meant. */
  by: string;
}

/** Of the Services that are entries of a part. */
export function misspelledRecords(
  role: 'api' | 'app',
  claims: readonly { host: string; by: string }[],
  served: readonly { host: string }[],
  surface: Surface,
): MisspelledRecord[] {
  const services = otherEntries(surface).filter(
    (entry) => entry.role === role && entry.resource.kind === 'Service',
  );
  const made = new Set([
    ...services.flatMap(({ hosts }) => hosts),
    ...served.map(({ host }) => host),
  ]);
  const lost = claims.filter(({ host }) => !made.has(host));
  return services.flatMap(({ resource, hosts }) =>
    hosts.flatMap((host): MisspelledRecord[] => {
      const claim = lost.find((one) => isSlipOf(host, one.host));
      if (!claim || claims.some((one) => one.host === host)) return [];
      const path = 'metadata.annotations';
      return [{ resource, path, host, owner: undefined, wanted: claim.host, by: claim.by }];
    }),
  );
}

/** In one word of more than two letters: those of two are a country, or a region. */
function isSlipOf(host: string, other: string): boolean {
  const [left, right] = [host.split('.'), other.split('.')];
  const differing = left.filter((word, index) => word !== right[index]);
  return (
    left.length === right.length &&
    differing.length === 1 &&
    (differing[0]?.length ?? 0) > 2 &&
    isMisspelled(host, other)
  );
}
