/** The connections that the manifests call for. NetworkPolicies at both ends have to allow each. */
import type { PublicRole } from '../config/public-hosts.ts';
import { NAMESPACE_LABEL } from '../manifests/label-selectors.ts';
import { asRange } from '../net/cidrs.ts';
import { type Need, tcp } from './need.ts';
import { clientNeeds, entryNeeds, envoyNeeds, metricsNeeds } from './needs-of-callers.ts';
import { programNeeds } from './needs-of-programs.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/**
 * All of them, those to the metrics among them: what the policies that the function makes have to let through.
 * @param routed - roles that get routes which are not in the stream yet
 */
export function allNeeds(surface: Surface, routed: readonly PublicRole[]): Need[] {
  const from = surface.settings?.config.spec.networkPolicies?.from;
  return [
    ...envoyNeeds(surface),
    ...entryNeeds(surface, routed),
    ...clientNeeds(surface, from?.clients !== undefined),
    ...metricsNeeds(surface),
    ...programNeeds(surface),
  ];
}

/** Those that can be judged by the manifests and the config; on metrics there is a check of its own. */
export const needsOf = once((surface): Need[] =>
  [...envoyNeeds(surface), ...entryNeeds(surface, []), ...programNeeds(surface)]
    .flatMap((need) => atGivenEnds(need, surface))
    .filter((need) => need.ports.length > 0 && !isReferenceToNothing(need)),
);

/** A Service of the same namespace that is not there: that it is missing is another finding. */
function isReferenceToNothing({ source, outside }: Need): boolean {
  return outside?.to === 'envoy-upstream' && outside.namespace === source?.namespace;
}

/** One need for each place that the config gives for an outer end; its ports go before those of the address, which may be a Service's. */
function atGivenEnds(need: Need, { settings }: Surface): Need[] {
  const { outside } = need;
  const entries = settings?.config.spec.networkPolicies?.egress ?? [];
  const given = entries.filter(({ to }) => to === outside?.to);
  if (!outside || given.length === 0) return [need];
  const { to } = outside;
  const found = given.flatMap(({ cidrs = [], ports, ...selectors }): Need[] => {
    const own = { ...need, ports: ports?.map(tcp) ?? need.ports };
    const ranges = cidrs.map((cidr) => ({
      ...own,
      targetName: `${need.targetName} at ${cidr}`,
      outside: { to, isAddress: true, cidr: asRange(cidr) },
    }));
    const { namespaceSelector, podSelector } = selectors;
    const named = namespaceSelector?.matchLabels?.[NAMESPACE_LABEL];
    const namespace = namespaceSelector ? named : need.source?.namespace;
    const pods = { ...own, outside: { to, ...(namespace ? { namespace } : {}) } };
    return [...ranges, ...(namespaceSelector || podSelector ? [pods] : [])];
  });
  return outside.cidr === undefined ? found : [need, ...found];
}
