/** What is known of another overlay that was named beside this one. */
import type { Settings } from '../config/settings.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Surface } from './surface.ts';

export interface OtherOverlay {
  name: string;
  role: Settings['role'] | undefined;
  /** `spec.domain`; undefined where there is no DomainConfig. */
  domain: string | undefined;
  /** Every public host that it serves. */
  hosts: readonly string[];
  /** Namespaces that its resources are in. */
  namespaces: ReadonlySet<string>;
  manifests: Manifests;
}

export function asOther({ name, settings, manifests, entries }: Surface): OtherOverlay {
  const configured = Object.values(settings?.hosts ?? {}).flat();
  const served = entries.filter(({ roles }) => roles.size > 0).flatMap(({ hosts }) => hosts);
  return {
    name,
    role: settings?.role,
    domain: settings?.config.spec.domain,
    hosts: [...new Set([...configured.map(({ host }) => host), ...served])],
    namespaces: new Set(manifests.all.flatMap(({ namespace }) => namespace || [])),
    manifests,
  };
}
