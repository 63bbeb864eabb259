/** Istio's Gateway and VirtualService, read. Source: Istio, reference of `networking.istio.io/v1`. */
import { matchesWildcard } from '../net/wildcards.ts';
import {
  asText,
  getIn,
  type Json,
  type JsonObject,
  list,
  objectAt,
  stringAt,
  strings,
} from '../yaml/json.ts';
import { groupOf, type Manifests } from './manifests.ts';
import type { Resource } from './resource.ts';

const GROUP = 'networking.istio.io';

/** All of one kind, of Istio's own API groups. */
export function istioResources(manifests: Manifests, kind: string): Resource[] {
  // `ofKind` has the Gateways of the Gateway API alone.
  return manifests.all.filter((one) => one.kind === kind && groupOf(one) === GROUP);
}

/** Istio's resources of a kind in any of its groups: `networking.istio.io`, `security.istio.io`. */
export function istioOfKind(manifests: Manifests, kind: string): Resource[] {
  return manifests.find([kind]).filter((one) => groupOf(one).endsWith('.istio.io'));
}

/** A server of a Gateway, with where it stands. */
export interface IstioServer {
  json: JsonObject;
  place: string;
  /** Without the namespaces that may stand before them. */
  hosts: readonly string[];
}

/** Of an Istio Gateway: ports, with the hosts that are served there. */
export function serversOf({ json }: Resource): IstioServer[] {
  return list(getIn(json, ['spec', 'servers'])).map((server, index) => ({
    json: server,
    place: `spec.servers[${index}]`,
    hosts: strings(server['hosts']).map((host) => host.replace(/^[^/]*\//, '')),
  }));
}

/** Whether routes of the host are served there, and not redirected. */
export function serverTakes({ json, hosts }: IstioServer, host: string): boolean {
  if (getIn(json, ['tls', 'httpsRedirect']) === true) return false;
  return hosts.some(
    (own) => own === '*' || matchesWildcard(own, host, 'any') || matchesWildcard(host, own, 'any'),
  );
}

/**
 * The namespaces whose VirtualServices may have a host of a server: a star stands for all.
 * @param home - the namespace of the Gateway, for which a dot stands
 */
export function scopesOf({ json }: IstioServer, host: string, home: string): string[] {
  return strings(json['hosts']).flatMap((written) => {
    const [own = '', scope = '*'] = written.split('/').reverse();
    const isMeant = own === '*' || matchesWildcard(own, host, 'any');
    return isMeant ? [scope === '.' ? home : scope] : [];
  });
}

/** The Gateways that a VirtualService names; `mesh`, which means sidecars, where it names none. */
export function gatewaysOf({ json }: Resource): string[] {
  const named = strings(getIn(json, ['spec', 'gateways']));
  return named.length > 0 ? named : ['mesh'];
}

/** Where one of its routes leads. */
export interface IstioDestination {
  /** `spec.http[0].route[0].destination`. */
  place: string;
  host: string;
  /** Empty where none is named. */
  subset: string;
  port: Json | undefined;
  /** How long a call may take, as it is written on the route. */
  timeout: Json | undefined;
  /** `spec.http[0]`. */
  routePlace: string;
}

/** Of a VirtualService: every place that requests are sent to. */
export function destinationsOf({ json }: Resource): IstioDestination[] {
  return ['http', 'tls', 'tcp'].flatMap((protocol) =>
    list(getIn(json, ['spec', protocol])).flatMap((route, index) =>
      list(route['route']).map((to, position) => {
        const routePlace = `spec.${protocol}[${index}]`;
        const destination = objectAt(to, ['destination']);
        return {
          place: `${routePlace}.route[${position}].destination`,
          host: asText(destination['host'] ?? ''),
          subset: stringAt(destination, ['subset']),
          port: getIn(destination, ['port', 'number']),
          timeout: route['timeout'],
          routePlace,
        };
      }),
    ),
  );
}
