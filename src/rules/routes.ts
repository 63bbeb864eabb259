/** `hosts`, `tls` → the routes and Gateways of a base that is on the Gateway API already, where the config says nothing of entries. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { certificateRefsOf, hostnameOf, takesHost } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, isParent, isRedirect, parentsOf, parentsTo } from '../manifests/route.ts';
import { mainHost } from '../surface/main-host.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, distinct, type JsonObject, list } from '../yaml/json.ts';
import { type Copies, listenersFor, ownHost, type RoutedRole } from './base-listeners.ts';
import {
  asksForCertificates,
  isAskedOf,
  issuerOf,
  issuerOfOthers,
  writeIssuer,
} from './cert-manager.ts';
import { hostField } from './host-field.ts';
import {
  plainProblems,
  securedProblems,
  unreadCertificates,
  unseenParents,
} from './plain-gateways.ts';
import { fromDrafts, NOTHING, type Rule, type RuleInput } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';

export const routes: Rule = (input) => {
  const { settings, surface } = input;
  const groups = PUBLIC_ROLES.flatMap((role) => groupOf(settings, surface, role));
  if (groups.length === 0) return NOTHING;
  const copies = new Map<Resource, Copies>();
  const problems: Problem[] = [];
  // Where the config names a Gateway, its listeners are somebody's own.
  const followed = groups.filter(({ role }) => settings.entries[role].gateway === undefined);
  const gateways = (followed.length > 0 ? surface.gateways : []).map((gateway) => {
    const draft = new Draft(gateway);
    const made = listenersFor(gateway, followed);
    copies.set(gateway, made.copies);
    draft.reconcile(['spec', 'listeners'], made.listeners, hostField(hostsOf(followed)));
    problems.push(...followIssuer(draft, gateway, followed, input));
    for (const group of followed)
      problems.push(...listenerProblems(draft, gateway, group, settings, copies));
    return draft;
  });
  const all = [...new Set(groups.flatMap((group) => group.routes))];
  const drafts = all.map((route) => writeRoute(route, groups, copies, settings));
  problems.push(...groups.flatMap((group) => passThroughProblems(group, settings)));
  problems.push(...followed.flatMap((group) => unseenParents(group, settings, surface)));
  return fromDrafts([...drafts, ...gateways], problems);
};

/** The routes that follow: all of a base that the config leaves alone; redirects alone where `parentRefs` gets routes of its own. */
function groupOf(settings: Settings, surface: Surface, role: PublicRole): RoutedRole[] {
  const found = surface.routesOf(role);
  const gateway = settings.entries[role].gateway?.value;
  const following = gateway === undefined ? found : found.filter(isRedirect);
  if (following.length === 0 || (gateway && !gateway.parentRefs)) return [];
  return [{ role, hosts: settings.hosts[role], routes: following }];
}

function hostsOf(groups: readonly RoutedRole[]): PublicHost[] {
  return groups.flatMap((group) => group.hosts);
}

/** A route of one role, or a redirect of both: hosts of neither stay. */
function writeRoute(
  route: Resource,
  groups: readonly RoutedRole[],
  copies: ReadonlyMap<Resource, Copies>,
  settings: RuleSettings,
): Draft {
  const draft = new Draft(route);
  const own = groups.filter((group) => group.routes.includes(route));
  const wanted = own.flatMap((group) => group.hosts.map(({ host }) => host));
  const gone = isRedirect(route) ? hostsThatMove(settings) : [];
  const patterns = own.map((group) => ({ group, host: patternOf(route, group, settings) }));
  const followed = hostnamesOf(route).flatMap((name) => {
    const becoming = patterns.filter(({ host }) => host === name);
    if (becoming.length === 0) return wanted.includes(name) || gone.includes(name) ? [] : [name];
    return becoming.flatMap(({ group }) => group.hosts.map(({ host }) => host));
  });
  // A route without hosts takes those of its listeners, others' among them.
  const hosts = hostnamesOf(route).length === 0 ? wanted : followed;
  draft.reconcile(['spec', 'hostnames'], [...new Set(hosts)], hostField(hostsOf(own)));
  const parents = parentsOf(route).flatMap((parent) => withCopies(parent, route, copies));
  draft.reconcile(['spec', 'parentRefs'], distinct(parents), hostField(hostsOf(own)));
  return draft;
}

/** Hosts of a role that gets a Gateway of its own, which redirects them. */
function hostsThatMove({ entries, hosts, oldHosts }: RuleSettings): (string | undefined)[] {
  return PUBLIC_ROLES.filter((role) => {
    const gateway = entries[role].gateway?.value;
    return gateway && !gateway.parentRefs;
  }).flatMap((role) => [oldHosts[role], ...hosts[role].map(({ host }) => host)]);
}

/** The host of a route that becomes the role's hosts; of a redirect the one that the role is served by. */
function patternOf(
  route: Resource,
  { role, routes: all, hosts }: RoutedRole,
  { oldHosts }: RuleSettings,
): string | undefined {
  if (!isRedirect(route)) return ownHost(route, hosts);
  const wanted = hosts.map(({ host }) => host);
  const served = all.filter((other) => !isRedirect(other)).map((other) => ownHost(other, hosts));
  const own = [...served, oldHosts[role], ...wanted];
  return mainHost(
    hostnamesOf(route).filter((name) => own.includes(name)),
    wanted,
  );
}

/** A route that names a listener has to name its copies too. */
function withCopies(
  parent: JsonObject,
  route: Resource,
  copies: ReadonlyMap<Resource, Copies>,
): JsonObject[] {
  const gateway = [...copies.keys()].find((candidate) => isParent(candidate, parent, route));
  const names = gateway && copies.get(gateway)?.get(asText(parent['sectionName']));
  return names ? names.map((sectionName) => ({ ...parent, sectionName })) : [parent];
}

/** The annotation follows the config. Where no issuer is asked it goes, unless others' listeners need it. */
function followIssuer(
  draft: Draft,
  gateway: Resource,
  groups: readonly RoutedRole[],
  { settings }: RuleInput,
): Problem[] {
  if (!asksForCertificates(gateway)) return [];
  const isAsked = groups.some(({ role }) => settings.requests[role] === 'gateway');
  const issuer = isAsked ? issuerOf(settings) : undefined;
  const hosts = groups.flatMap((group) => group.hosts.map(({ host }) => host));
  const secured = list(draft.get(['spec', 'listeners'])).filter(({ tls }) => tls !== undefined);
  const others = secured.filter((listener) => !hosts.includes(hostnameOf(listener)));
  if (others.length === 0) return writeIssuer(draft, gateway, issuer);
  if (!issuer || isAskedOf(issuer, gateway)) return [];
  return [
    issuerOfOthers(
      gateway,
      others.flatMap(certificateRefsOf).map(({ name }) => name),
    ),
  ];
}

/** What the base's Gateway would have to be changed for by hand; nothing where no route of the role attaches to it. */
function listenerProblems(
  draft: Draft,
  gateway: Resource,
  { role, hosts, routes: own }: RoutedRole,
  settings: Settings,
  copies: ReadonlyMap<Resource, Copies>,
): Problem[] {
  const parents = own
    .filter((route) => !isRedirect(route))
    .flatMap((route) =>
      parentsTo(route, gateway).flatMap((parent) => withCopies(parent, route, copies)),
    );
  if (parents.length === 0) return [];
  const names = new Set(parents.map((parent) => parent['sectionName']));
  const all = list(draft.get(['spec', 'listeners']));
  const listeners = names.has(undefined) ? all : all.filter(({ name }) => names.has(name));
  const common = {
    severity: 'error',
    resource: gateway.reference,
    path: 'spec.listeners',
  } as const;
  const refused = hosts.filter(({ host }) => !listeners.some((each) => takesHost(each, [host])));
  const problems = refused.map(
    ({ host }): Problem => ({
      ...common,
      code: 'target-shape',
      message: `no listener of the base's Gateway takes \`${host}\``,
      expected: 'a listener with this host, with a wildcard above it, or without a host',
      fix: `let one of its listeners take the host, or set \`entry.${role}.gateway\`, which makes a Gateway`,
    }),
  );
  switch (settings.tlsMode) {
    case 'external':
      return problems;
    case 'none':
      return [...problems, ...securedProblems(all, role, hosts, common)];
    default:
      return [
        ...problems,
        ...plainProblems(listeners, role, hosts, settings, common),
        ...unreadCertificates(listeners, hosts, settings, common),
      ];
  }
}

/** A route that opens HTTP cannot lead to an Envoy that ends TLS. */
function passThroughProblems({ role, routes: own }: RoutedRole, settings: Settings): Problem[] {
  if (role !== 'app' || settings.terminateAt !== 'envoy') return [];
  const opening = own.filter((route) => route.kind !== 'TLSRoute' && !isRedirect(route));
  return opening.map((route) => ({
    code: 'entry-refused',
    severity: 'error',
    message: 'TLS ends at Envoy, and this route opens it before',
    resource: route.reference,
    expected: 'a TLSRoute',
    fix: 'set `entry.app.gateway`, which makes a TLSRoute in its place, or leave `terminateAt` at `entry`',
  }));
}
