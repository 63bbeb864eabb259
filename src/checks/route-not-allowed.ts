import { listenersOf, takesHost } from '../manifests/gateway.ts';
import { NAMESPACE_LABEL, selectsLabels } from '../manifests/label-selectors.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, parentsOf } from '../manifests/route.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list, objectAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A listener does not let the route in',
  why: 'A listener takes routes of its own namespace alone unless `allowedRoutes` says more, and only of the kinds that fit its protocol or are listed: a route that no listener takes serves nothing.',
  fix: 'open `allowedRoutes` of the listener for the namespace and the kind of the route',
  find: (surface) =>
    surface.entries
      .filter(({ form, roles }) => form === 'route' && roles.size > 0)
      .flatMap((entry) => onRoute(entry, surface)),
};

/** Source: Gateway API, ProtocolType and AllowedRoutes: what a listener takes where it lists no kinds. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

function onRoute({ resource }: Entry, { manifests }: Surface): Fault[] {
  return parentsOf(resource).flatMap((parent, index): Fault[] => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const home = typeof parent['namespace'] === 'string' ? parent['namespace'] : resource.namespace;
    const gateway = manifests.named('Gateway', asText(parent['name']), home);
    if (!gateway) return [];
    const { sectionName, port } = parent;
    // A name, a port or a host that no listener has is a finding of its own.
    const meant = listenersOf(gateway)
      .map(({ json }) => json)
      .filter((json) => sectionName === undefined || json['name'] === sectionName)
      .filter((json) => port === undefined || json['port'] === port)
      .filter((json) => sectionName !== undefined || takesHost(json, hostnamesOf(resource)));
    const refusals = meant.map((json) => refusalOf(json, gateway, resource, manifests));
    const [first] = refusals;
    if (first === undefined || refusals.some((refusal) => refusal === undefined)) return [];
    const path = `spec.parentRefs[${index}]`;
    return [{ resource, path, ...first }];
  });
}

/** Why a listener does not take a route; undefined where it does, or where that cannot be told. */
function refusalOf(
  listener: JsonObject,
  gateway: Resource,
  route: Resource,
  manifests: Manifests,
): Pick<Fault, 'message' | 'fix'> | undefined {
  const name = `listener ${asText(listener['name'])} of Gateway ${gateway.name}`;
  const listed = list(getIn(listener, ['allowedRoutes', 'kinds'])).map(({ kind }) => asText(kind));
  const fitting = KINDS[asText(listener['protocol'])];
  const kinds =
    listed.length > 0 ? listed.filter((kind) => fitting?.includes(kind) ?? true) : fitting;
  if (kinds && !kinds.includes(route.kind))
    return {
      message: `${name} takes ${kinds.join(', ') || `none of the kinds that it lists, because it speaks ${asText(listener['protocol'])}`}, and this is a ${route.kind}`,
      fix:
        listed.length > 0 && (fitting?.includes(route.kind) ?? true)
          ? `list ${route.kind} in \`allowedRoutes.kinds\` of the listener, or take the list away`
          : `attach the route to a listener for ${route.kind}`,
    };
  if (!isShut(listener, gateway, route, manifests)) return undefined;
  const from = asText(getIn(listener, ['allowedRoutes', 'namespaces', 'from']) ?? 'Same');
  return {
    message: `${name} takes routes ${from === 'Selector' ? 'of namespaces with other labels' : `of namespace ${gateway.namespace} alone`} (\`from: ${from}\`), and the route is in ${route.namespace}`,
    fix: `set \`allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {${NAMESPACE_LABEL}: ${route.namespace}}}}}\` on the listener${from === 'Selector' ? `, or give Namespace ${route.namespace} the label that it asks for` : ''}`,
  };
}

function isShut(
  listener: JsonObject,
  gateway: Resource,
  route: Resource,
  manifests: Manifests,
): boolean {
  if (gateway.namespace === '' || route.namespace === '') return false;
  const namespaces = objectAt(listener, ['allowedRoutes', 'namespaces']);
  const from = namespaces['from'] ?? 'Same';
  if (from === 'Same') return gateway.namespace !== route.namespace;
  if (from !== 'Selector') return false;
  const selector = isObject(namespaces['selector']) ? namespaces['selector'] : {};
  const known = manifests.named('Namespace', route.namespace);
  const labels = {
    ...objectAt(known?.json, ['metadata', 'labels']),
    [NAMESPACE_LABEL]: route.namespace,
  };
  // Of a namespace that is not here only the name is known.
  const isKnown = known !== undefined || asksForNameAlone(selector);
  return isKnown && !selectsLabels(selector, labels);
}

function asksForNameAlone(selector: JsonObject): boolean {
  const keys = [
    ...Object.keys(objectAt(selector, ['matchLabels'])),
    ...list(selector['matchExpressions']).map(({ key }) => asText(key)),
  ];
  return keys.every((key) => key === NAMESPACE_LABEL);
}
