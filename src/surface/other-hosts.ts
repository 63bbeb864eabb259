/** Hosts at entries of kinds that are not read: what a part is called is held against them where nothing else tells. */
import { addressesOf } from './addresses.ts';
import { misplacedHosts } from './faults/entry-host.ts';
import { isOutside } from './old-hosts.ts';
import { otherEntries } from './other-entries.ts';
import { isExplained } from './public-side.ts';
import { SERVICE_ROLES } from './roles.ts';
import type { Surface } from './surface.ts';

/** Entries that have hosts, and not this one. */
interface Lacking {
  /** `HTTPProxy api`. */
  label: string;
  hosts: readonly string[];
}

/** Undefined where the host is there, or where more than these entries may lead to the part. */
export function lacksHost(
  role: 'api' | 'app',
  host: string,
  surface: Surface,
): Lacking | undefined {
  const entries = otherEntries(surface).filter(
    (entry) => entry.role === role && entry.resource.kind !== 'Service',
  );
  const hosts = [...new Set(entries.flatMap((entry) => entry.hosts))];
  const [first] = entries;
  const isKnown =
    first !== undefined &&
    hosts.length > 0 &&
    // Some of their hosts are for many names.
    !entries.some(({ resource }) => /["'`]\*\.|HostRegexp/i.test(JSON.stringify(resource.json))) &&
    entries.every((entry) => entry.hosts.length > 0) &&
    addressesOf(SERVICE_ROLES[role], surface).length === 0;
  if (!isKnown || hosts.includes(host.toLowerCase())) return undefined;
  if (!isOutside(host, surface) || isExplained(surface, host)) return undefined;
  // The entry is at fault then.
  if (
    misplacedHosts(surface).some(({ resource }) => entries.some((one) => one.resource === resource))
  )
    return undefined;
  return { label: `${first.resource.kind} ${first.resource.name}`, hosts };
}
