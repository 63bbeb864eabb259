/** A Gateway of the Gateway API, read: its class and its listeners. Source: Gateway API v1 reference. */
import { matchesWildcard } from '../net/wildcards.ts';
import { asText, getIn, isObject, type JsonObject, list, stringAt } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** A listener, with where it stands. */
export interface Listener {
  gateway: Resource;
  /** `spec.listeners[0]`. */
  place: string;
  json: JsonObject;
}

/** In the order of the Gateway. */
export function listenersOf(gateway: Resource): Listener[] {
  return list(getIn(gateway.json, ['spec', 'listeners'])).map((json, index) => ({
    gateway,
    json,
    place: `spec.listeners[${index}]`,
  }));
}

/** Empty where none is named. */
export function gatewayClassOf({ json }: Resource): string {
  return asText(getIn(json, ['spec', 'gatewayClassName']) ?? '');
}

/** The host of a listener; empty where it takes all. */
export function hostnameOf(listener: JsonObject): string {
  return stringAt(listener, ['hostname']);
}

/** Whether a listener takes requests for one of the hosts. Source: Gateway API, "Hostnames": a listener without one takes all, a wildcard any label in front. */
export function takesHost(listener: JsonObject, hosts: readonly string[]): boolean {
  const own = hostnameOf(listener);
  if (own === '' || hosts.length === 0) return true;
  return hosts.some(
    (host) => matchesWildcard(own, host, 'any') || matchesWildcard(host, own, 'any'),
  );
}

/** The Secrets of a listener's certificates, each with its namespace where one is given. */
export function certificateRefsOf(listener: JsonObject): { name: string; namespace?: string }[] {
  return list(getIn(listener, ['tls', 'certificateRefs'])).map(({ name, namespace }) => ({
    name: asText(name ?? ''),
    ...(typeof namespace === 'string' ? { namespace } : {}),
  }));
}

/** Whether a listener ends TLS, or passes it through. */
export function tlsModeOf(listener: JsonObject): 'Terminate' | 'Passthrough' | undefined {
  if (getIn(listener, ['tls', 'mode']) === 'Passthrough') return 'Passthrough';
  return isObject(listener['tls']) || listener['protocol'] === 'HTTPS' ? 'Terminate' : undefined;
}
