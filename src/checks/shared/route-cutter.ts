import { GATEWAY_IMPLEMENTATIONS } from '../../controllers/shared/gateways.ts';
import { gatewayClassOf } from '../../manifests/gateway.ts';
import type { Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Entry } from '../../surface/entry.ts';
import { implementationOf } from '../../surface/gateway-class.ts';
import type { Surface } from '../../surface/surface.ts';
import { isPatched, policyTimeouts } from '../../surface/traffic-policies.ts';
import { getIn, type JsonObject, list, objectAt, stringAt } from '../../yaml/json.ts';

/** An implementation that ends a route's calls by itself. */
interface Cutter {
  name: string;
  /** After how many seconds. */
  seconds: number;
  /** What sets another limit, where a route cannot. */
  fix: string | undefined;
}

/** The one that ends the calls of a route unless the route says otherwise. */
export function cutterOf(entry: Entry, { manifests }: Surface): Cutter | undefined {
  const { listeners } = entry;
  const found = listeners
    .map(({ gateway }) => implementationOf(gateway, manifests))
    .find((implementation) => implementation?.cutsRoutes);
  if (!found?.cutsRoutes) return undefined;
  const fix = adriftPolicyFix(entry.resource, manifests) ?? found.timeoutFix;
  return { name: found.name, seconds: found.cutsRoutes, fix };
}

/** A policy with a timeout that names nothing that is here was probably made for the route. */
function adriftPolicyFix(route: Resource, manifests: Manifests): string | undefined {
  const policy = manifests.ofKind('BackendTrafficPolicy', 'GCPBackendPolicy').find((one) => {
    const { spec } = one.json;
    if (one.namespace !== route.namespace || !/timeout/i.test(JSON.stringify(spec ?? '')))
      return false;
    const targets = [
      ...list(getIn(one.json, ['spec', 'targetRefs'])),
      objectAt(one.json, ['spec', 'targetRef']),
    ].filter((target) => stringAt(target, ['name']) !== '');
    const isHere = (target: JsonObject) =>
      manifests.named(stringAt(target, ['kind']), stringAt(target, ['name']), one.namespace);
    return targets.length > 0 && !targets.some(isHere);
  });
  if (!policy) return undefined;
  const what = policy.kind === 'GCPBackendPolicy' ? 'the Service' : 'the route';
  return `let ${policy.kind} ${policy.name} name ${what}: what it names is not in these manifests`;
}

/** Those that do. */
export const CUTTERS: string = GATEWAY_IMPLEMENTATIONS.filter(({ cutsRoutes }) => cutsRoutes)
  .map(({ name }) => name)
  .join(', ');

/** What is known of a Gateway whose implementation is not: its class, or that it is not in these manifests. */
export function unknownGateway(
  { listeners, hasForeignGateway }: Entry,
  { manifests }: Surface,
): { name: string; isHere: boolean } | undefined {
  const unknown = listeners
    .map(({ gateway }) => gateway)
    .find((gateway) => implementationOf(gateway, manifests) === undefined);
  if (unknown) return { name: `GatewayClass ${gatewayClassOf(unknown)}`, isHere: true };
  return hasForeignGateway ? { name: 'a Gateway that is not here', isHere: false } : undefined;
}

/** Whether a policy sets the timeout of its calls, or may. */
export function hasOwnTimeout(entry: Entry, surface: Surface): boolean {
  return (
    policyTimeouts(entry, surface).some(({ isOfCalls }) => isOfCalls) || isPatched(entry, surface)
  );
}
