/** What the function makes for the Gateway API, and its names: each follows from a Service as it is named now, so that a second run finds it again. */
import type { PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type PublicHost, type Settings } from '../config/settings.ts';
import type { Resource } from '../manifests/resource.ts';
import type { ServicePort } from '../manifests/service.ts';
import { hostInName, shortName } from '../manifests/short-name.ts';
import type { Surface } from '../surface/surface.ts';
import { equalJson } from '../yaml/json.ts';

/** A role on the Gateway API, with everything that its objects are made from. */
export interface Part {
  role: PublicRole;
  hosts: readonly PublicHost[];
  service: Resource;
  /** Of the Service. */
  port: ServicePort;
  /** Kind of the route to it: without opening TLS where that ends at Envoy. */
  routeKind: 'HTTPRoute' | 'TLSRoute';
  from: string;
  /** Undefined where the config names a Gateway. */
  own: OwnGateway | undefined;
}

/** A Gateway that the function makes. */
interface OwnGateway {
  name: string;
  /** Labels and namespace are those of this Service. */
  served: Resource;
}

/**
 * Defaults of a reference to a Gateway, which the API server fills in. With them, server-side apply finds nothing to change; without them Argo CD
 * shows the object as OutOfSync for ever. Source: Gateway API v1 reference, ParentReference; cert-manager has the same in its solvers.
 */
export const GATEWAY_DEFAULTS = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };

/** Whether both roles come in through one Gateway of our own: it takes routes of its own namespace only. */
function isShared({ entries: { api, app } }: Settings, surface: Surface): boolean {
  return (
    equalJson(api.gateway?.value, app.gateway?.value) &&
    surface.serviceOf('api')?.namespace === surface.serviceOf('app')?.namespace
  );
}

/**
 * The Gateway that the function makes for a role; undefined where it makes none. It is not called as the Service: some
 * implementations give a Deployment and a Service of theirs the Gateway's name.
 *
 * Source: stunner-gateway-operator, issue 10 ("any existing service with the same name/namespace is automatically rewritten");
 * kgateway's deployer, whose proxies have the name of their Gateway.
 */
export function ownGateway(
  settings: Settings,
  surface: Surface,
  role: PublicRole,
): OwnGateway | undefined {
  const gateway = settings.entries[role].gateway;
  // The page comes in as the app does.
  const isOfApp = role === 'ui' || isShared(settings, surface);
  const served = surface.serviceOf(isOfApp ? 'app' : role);
  if (!gateway || gateway.value.parentRefs || !served) return undefined;
  return { name: shortName(`${served.name}-entry`), served };
}

/** Name of the listener for a host: it follows the host, so that a host which becomes main or alias keeps it. */
export function listenerName(
  protocol: 'http' | 'https' | 'tls',
  host: string,
  settings: Settings,
): string {
  const all = hostRoles(settings).flatMap((role) => settings.hosts[role].map((each) => each.host));
  return shortName(`${protocol}-${hostInName(host, all)}`);
}
