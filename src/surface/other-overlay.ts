/** What is known of the overlays that were named beside this one, and which hosts are theirs. */
import { publicHostsOf, type Settings } from '../config/settings.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { once, onceBy } from './once.ts';
import type { Surface } from './surface.ts';

/** What is compared with the overlays named beside this one. */
export interface OtherOverlay {
  name: string;
  /** What its DomainConfig says; undefined where there is none. */
  settings: Settings | undefined;
  role: Settings['role'] | undefined;
  /** `spec.domain`; undefined where there is no DomainConfig. */
  domain: string | undefined;
  /** Every public host that it serves. */
  hosts: readonly string[];
  /** Namespaces that its resources are in. */
  namespaces: ReadonlySet<string>;
  manifests: Manifests;
  /** Everything that can be known of it. */
  surface: Surface;
}

/** Whether two overlays are for one cluster; undefined unless both say it. */
export function sharesCluster(surface: Surface, { surface: other }: OtherOverlay) {
  const { cluster } = surface;
  return cluster === undefined || other.cluster === undefined
    ? undefined
    : cluster === other.cluster;
}

/** Worked out once for each overlay, however many are compared with it. */
export const asOther = once((surface): OtherOverlay => {
  const { name, settings, manifests, entries } = surface;
  const configured = settings ? publicHostsOf(settings) : [];
  const served = entries.filter(({ roles }) => roles.size > 0).flatMap(({ hosts }) => hosts);
  return {
    name,
    settings,
    role: settings?.role,
    domain: settings?.config.spec.domain,
    hosts: [...new Set([...configured.map(({ host }) => host), ...served])],
    namespaces: namespacesOf(surface),
    manifests,
    surface,
  };
});

/** Every namespace that resources of a surface are in. */
export const namespacesOf = once(
  ({ manifests }): ReadonlySet<string> =>
    new Set(manifests.all.flatMap(({ namespace }) => namespace || [])),
);

/** The other overlay that a host belongs to; undefined for hosts of one's own, shared ones and those of nobody here. */
export function foreignOwner(surface: Surface, host: string): OtherOverlay | undefined {
  const wanted = host.toLowerCase();
  if (surface.others.length === 0 || ownHosts(surface).has(wanted)) return undefined;
  return ownersOf(wanted, surface)[0];
}

const ownersOf = onceBy(
  ({ others }) => others,
  ({ hosts }) => hosts.map((host) => host.toLowerCase()),
);

/** The config says them; without one, whatever the entries serve. */
const ownHosts = once(({ settings, entries }): Set<string> => {
  const configured = settings && publicHostsOf(settings);
  const hosts = configured
    ? configured.map(({ host }) => host)
    : entries.filter(({ roles }) => roles.size > 0).flatMap((entry) => entry.hosts);
  return new Set(hosts.map((host) => host.toLowerCase()));
});
