/** What routes of the base do that the route which takes their place would not: other paths, conditions, filters. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, isRedirect, rulesOf } from '../manifests/route.ts';
import { SERVICE_ROLES } from '../surface/roles.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, list } from '../yaml/json.ts';
import { ownHost } from './base-listeners.ts';
import type { Part } from './gateway-names.ts';
import type { RuleSettings } from './rule-settings.ts';

/** Keys of a rule that are said by the route that is made, or do without a counterpart: a timeout is none there. */
const SAID: readonly string[] = ['matches', 'backendRefs', 'timeouts', 'name'];

/** @param stale - routes that go */
export function routeLosses(
  stale: readonly Resource[],
  parts: readonly Part[],
  settings: RuleSettings,
  surface: Surface,
): Problem[] {
  return stale
    .filter((route) => !isRedirect(route))
    .flatMap((route) => {
      const roles = PUBLIC_ROLES.filter((role) => surface.routesOf(role).includes(route));
      const part = parts.find(({ role }) => roles.includes(role));
      if (!part) return [];
      const dropped = settings.entries[part.role].gateway?.value.drop ?? [];
      const lost = [
        ...lostPaths(route, roles, settings, surface),
        ...lostHosts(route, part),
        ...rulesOf(route).flatMap((rule) => [
          ...list(rule['filters'])
            .map(({ type }) => asText(type))
            .filter((type) => type !== 'URLRewrite' || settings.callsPrefix === undefined),
          ...Object.keys(rule).filter((key) => !SAID.includes(key) && key !== 'filters'),
        ]),
      ].filter((name) => !dropped.includes(name));
      return lost.length === 0 ? [] : [loss(route, [...new Set(lost)], part)];
    });
}

/** Paths to other Services, and those with a condition; of a GRPCRoute a method stands for its path. */
function lostPaths(
  route: Resource,
  roles: readonly PublicRole[],
  { callsPrefix }: RuleSettings,
  surface: Surface,
): string[] {
  const paths = surface.entries.find(({ resource }) => resource === route)?.paths ?? [];
  // Each role gets all of a host, or what is taken away from the calls.
  const kept = roles.flatMap((role) => {
    const own = paths.filter((path) => path.role === SERVICE_ROLES[role] && !path.isGuess);
    const whole = ['/', role === 'app' ? callsPrefix : undefined];
    const isWhole = own.some((path) => whole.includes(path.path) && !path.isConditional);
    return isWhole ? own.filter((path) => !path.isConditional) : [];
  });
  return paths.filter((path) => !kept.includes(path)).map(({ path }) => path);
}

function lostHosts(route: Resource, { hosts }: Part): string[] {
  const own = [ownHost(route, hosts), ...hosts.map(({ host }) => host)];
  return hostnamesOf(route).filter((name) => !own.includes(name));
}

function loss(route: Resource, lost: readonly string[], { from }: Part): Problem {
  return {
    code: 'entry-loses',
    severity: 'error',
    message:
      'the route that takes the place of this one leads every path of the host to one Service, and no more',
    resource: route.reference,
    path: 'spec',
    found: lost.map((name) => `\`${name}\``).join(', '),
    expected: 'one path, /, to the Service of the role, without filters',
    fix: `leave \`${from}\` out, so that this route follows the config; or make routes for what is needed, and list it in \`${from}.drop\``,
  };
}

/** A route of others for a host that leaves its Gateway: page and calls of one host, for instance. */
export function orphanProblems(orphans: readonly Resource[], { entries }: Settings): Problem[] {
  const ways = PUBLIC_ROLES.flatMap((role) => entries[role].gateway ?? []);
  const dropped = ways.flatMap(({ value }) => value.drop ?? []);
  return [...new Set(orphans)]
    .filter(({ name }) => !dropped.includes(name))
    .map((route) => ({
      code: 'entry-loses',
      severity: 'error',
      message: 'this route is for a host that leaves its Gateway, and would have no listener',
      resource: route.reference,
      path: 'spec.parentRefs',
      expected: 'a Gateway that takes the host',
      fix: `attach it to the Gateway that is made, then list the name of the route in \`${ways[0]?.from ?? 'spec.entry.gateway'}.drop\`; or leave \`entry.gateway\` out`,
    }));
}
