/**
 * `entry.gateway` → a Gateway of our own with listeners, or routes on one that exists; the base's Ingresses go.
 *
 * Source: Gateway API v1 reference (Gateway, HTTPRoute, TLSRoute); GEP-1742 for timeouts; GEP-1911 for `kubernetes.io/h2c`.
 */

import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { ISSUER_ANNOTATIONS } from '../manifests/cert-manager.ts';
import { Draft } from '../manifests/edit.ts';
import { sameObject } from '../manifests/manifests.ts';
import { referenceOf } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { apiEndsTls } from '../surface/api-tls.ts';
import { publicServicePort } from '../surface/envoy-service.ts';
import type { Surface } from '../surface/surface.ts';
import type { Json, JsonObject } from '../yaml/json.ts';
import { issuerOf } from './cert-manager.ts';
import { foreignGateways } from './foreign-gateways.ts';
import { GATEWAY_DEFAULTS, listenerName, ownGateway, type Part } from './gateway-names.ts';
import { listenersOf, routedListeners } from './listeners.ts';
import { writeProtocol } from './port-protocol.ts';
import { orphanProblems, routeLosses } from './route-losses.ts';
import type { Addition, Rule, RuleInput } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';
import { metadataFrom } from './served-by.ts';
import { staleRoutes } from './stale-routes.ts';

const VERSION = 'gateway.networking.k8s.io/v1';

export const gateway: Rule = (input) => {
  const { settings, surface } = input;
  const parts = PUBLIC_ROLES.flatMap((role) => partOf(input, role));
  const stale = staleRoutes(parts, surface);
  const ofApi = parts.filter(({ role }) => role === 'api');
  const secured = ofApi.filter(({ service }) => apiEndsTls(service, surface));
  const plain = ofApi.filter((part) => !secured.includes(part));
  const spoken = plain.map(speakH2c);
  const drafts = [...spoken.map(({ draft }) => draft), ...stale.drafts];
  return {
    edits: drafts.flatMap((draft) => draft.edits),
    problems: [
      ...spoken.flatMap(({ problems }) => problems),
      ...secured.map(tlsBackend),
      ...foreignGateways(parts, settings, surface),
      ...routeLosses(stale.replaced, parts, settings, surface),
      ...orphanProblems(stale.orphans, settings),
    ],
    additions: [
      ...gatewaysFor(parts, settings),
      ...[
        ...parts.map((part) => routeFor(part, settings)),
        ...parts.flatMap((part) => redirectFor(part, settings)),
      ].map((addition) => ({ ...addition, isOwn: isOfRole(addition, surface) })),
    ],
    removals: stale.removals,
  };
};

/** Whether a route of the base that leads to a role, or redirects its hosts, has the name of one that is made. */
function isOfRole({ json }: Addition, surface: Surface): boolean {
  return PUBLIC_ROLES.flatMap((role) => surface.routesOf(role)).some(({ reference }) =>
    sameObject(reference, referenceOf(json)),
  );
}

function partOf({ settings, surface }: RuleInput, role: PublicRole): Part[] {
  const way = settings.entries[role].gateway;
  const service = surface.serviceOf(role);
  const port = publicServicePort(role, surface);
  // Without a Service the role is missing, which has a problem of its own.
  if (!way || !service || !port || (role === 'ui' && !settings.isPageApart)) return [];
  const isPassedThrough = role === 'app' && settings.terminateAt === 'envoy';
  const routeKind = isPassedThrough ? 'TLSRoute' : 'HTTPRoute';
  const own = ownGateway(settings, surface, role);
  return [{ role, hosts: settings.hosts[role], service, port, routeKind, from: way.from, own }];
}

/** Without it an implementation speaks HTTP/1.1 to the API server. */
function speakH2c({ service, port: { index }, from }: Part): { draft: Draft; problems: Problem[] } {
  const draft = new Draft(service);
  const value = 'kubernetes.io/h2c';
  return { draft, problems: writeProtocol(draft, service, { index, value, field: from }) };
}

/** Its certificate would have to be checked against a CA that nothing here names. */
function tlsBackend({ service, port, from }: Part): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: "the API server's pods end TLS themselves, and a route speaks plain HTTP/2 to them",
    resource: service.reference,
    path: `spec.ports[${port.index}]`,
    found: `port ${port.name || port.port} with TLS behind it, by its name, the config of its pods or an entry that speaks TLS to it`,
    expected: 'pods without TLS',
    fix: `turn TLS of the API server off and name the port grpc; or leave \`${from}\` out for the API`,
  };
}

/** One Gateway for all, or one for each where they differ. */
function gatewaysFor(parts: readonly Part[], settings: RuleSettings): Addition[] {
  const byName = groupedBy(parts, ({ own }) => (own ? [own.name] : []));
  return [...byName.values()].flatMap((members) => gatewayFor(members, settings));
}

function gatewayFor(members: readonly Part[], settings: RuleSettings): Addition[] {
  const [first] = members;
  if (!first?.own) return [];
  const {
    className = '',
    annotations,
    infrastructure,
  } = settings.entries[first.role].gateway?.value ?? {};
  const issuer = issuerOf(settings);
  const isAnnotated = members.some(({ role }) => settings.requests[role] === 'gateway');
  const asked = issuer && isAnnotated ? { [ISSUER_ANNOTATIONS[issuer.kind]]: issuer.name } : {};
  return [
    {
      field: first.from,
      json: {
        apiVersion: VERSION,
        kind: 'Gateway',
        metadata: metadataFrom(first.own.served, first.own.name, { ...asked, ...annotations }),
        spec: {
          gatewayClassName: className,
          ...(infrastructure ? { infrastructure: infrastructure as unknown as JsonObject } : {}),
          // Two HTTPS listeners that share a certificate lose HTTP/2 in some implementations: each host has its own. And one without a
          // host attaches no route of a host that another listener claims: each has its own for plain HTTP.
          listeners: members
            .filter(({ role }) => hostRoles(settings).includes(role))
            .flatMap(({ role, hosts }) =>
              hosts.flatMap((host) => listenersOf(settings, role, host)),
            ),
        },
      },
    },
  ];
}

/** Those of a backend, which the API server fills in as well. Source: Gateway API v1 reference, HTTPBackendRef. */
const BACKEND = { group: '', kind: 'Service' };

const EVERY_PATH = { matches: [{ path: { type: 'PathPrefix', value: '/' } }] };

/**
 * The route of a role: by name to an Envoy that ends TLS, else by path. An HTTPRoute for gRPC as well: a GRPCRoute has no timeouts, and
 * some implementations cut its streams at 15 seconds. A timeout of zero is none.
 */
function routeFor(part: Part, settings: RuleSettings): Addition {
  const { role, service, port, routeKind } = part;
  const given = settings.entries[role].gateway?.value.parentRefs;
  const parents =
    given && (given as unknown as JsonObject[]).map((ref) => ({ ...GATEWAY_DEFAULTS, ...ref }));
  const { callsPrefix } = settings;
  const match = role === 'app' && callsPrefix ? behindPrefix(callsPrefix) : EVERY_PATH;
  // A page is a file, and no stream.
  const limits: JsonObject = role === 'ui' ? {} : { timeouts: { request: '0s' } };
  const rule: JsonObject = routeKind === 'TLSRoute' ? {} : { ...match, ...limits };
  return routeOf(part, {
    kind: routeKind,
    name: service.name,
    parentRefs: parents ?? ownListeners(part, routedListeners(settings, role), settings),
    rule: {
      ...rule,
      backendRefs: [{ ...BACKEND, name: service.name, port: port.port, weight: 1 }],
    },
  });
}

/** Calls under a path that Envoy knows nothing of, beside the page on the same host. */
function behindPrefix(prefix: string): JsonObject {
  const path = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' };
  return {
    matches: [{ path: { type: 'PathPrefix', value: prefix } }],
    filters: [{ type: 'URLRewrite', urlRewrite: { path } }],
  };
}

/** Plain HTTP on our own Gateways goes to HTTPS. cert-manager's own routes for challenges name a longer path and win. */
function redirectFor(part: Part, settings: Settings): Addition[] {
  // That of the app redirects every path of its hosts.
  if (!hostRoles(settings).includes(part.role)) return [];
  if (!part.own || routedListeners(settings, part.role) === 'http') return [];
  const port: JsonObject = settings.port === 443 ? {} : { port: settings.port };
  const redirect: JsonObject = { scheme: 'https', ...port, statusCode: 301 };
  return [
    routeOf(part, {
      kind: 'HTTPRoute',
      name: `${part.service.name}-redirect`,
      parentRefs: ownListeners(part, 'http', settings),
      rule: {
        ...EVERY_PATH,
        filters: [{ type: 'RequestRedirect', requestRedirect: redirect }],
      },
    }),
  ];
}

function ownListeners(
  { hosts, own }: Part,
  protocol: 'http' | 'https' | 'tls',
  settings: Settings,
): Json[] {
  return hosts.map(({ host }) => ({
    ...GATEWAY_DEFAULTS,
    name: own?.name ?? '',
    sectionName: listenerName(protocol, host, settings),
  }));
}

function routeOf(
  { hosts, service, from }: Part,
  route: { kind: string; name: string; parentRefs: Json[]; rule: JsonObject },
): Addition {
  const { kind, name, parentRefs, rule } = route;
  const hostnames = hosts.map(({ host }) => host);
  const metadata = metadataFrom(service, name);
  const spec = { parentRefs, hostnames, rules: [rule] };
  return { field: from, json: { apiVersion: VERSION, kind, metadata, spec } };
}
