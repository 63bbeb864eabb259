/** Whose a host is, where several overlays are checked together. */

import type { OtherOverlay } from './other-overlay.ts';
import type { Surface } from './surface.ts';

/** The other overlay that a host belongs to; undefined for hosts of one's own, shared ones and those of nobody here. */
export function foreignOwner(view: Surface, host: string): OtherOverlay | undefined {
  const wanted = host.toLowerCase();
  if (view.others.length === 0 || ownHosts(view).has(wanted)) return undefined;
  return view.others.find(({ hosts }) => hosts.some((other) => other.toLowerCase() === wanted));
}

/** The config says them; without one, whatever the entries serve. */
function ownHosts({ settings, entries }: Surface): Set<string> {
  const configured = settings && Object.values(settings.hosts).flat();
  const hosts = configured
    ? configured.map(({ host }) => host)
    : entries.filter(({ roles }) => roles.size > 0).flatMap((entry) => entry.hosts);
  return new Set(hosts.map((host) => host.toLowerCase()));
}
