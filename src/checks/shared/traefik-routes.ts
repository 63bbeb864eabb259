/**
 * IngressRoutes that Traefik reads and does not serve.
 *
 * Sources: Traefik, "Rules & Priority" (values of matchers stand in backticks or quotes), "EntryPoints", and "Migration: v2 to v3" (the API group
 * `traefik.containo.us` is read no longer).
 */
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { otherEntries } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list, objectAt, stringAt, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { placesOf } from '../../yaml/places.ts';

const OLD = 'traefik.containo.us';
const GROUPS = ['traefik.io', OLD];
const KINDS = ['IngressRoute', 'IngressRouteTCP', 'Middleware', 'TLSOption', 'ServersTransport'];

/** Of every IngressRoute of the stream. */
export function routeFaults(surface: Surface): Fault[] {
  const all = surface.manifests.ofKind(...KINDS).filter((one) => GROUPS.includes(groupOf(one)));
  const routes = all.filter(({ kind }) => kind.startsWith('IngressRoute'));
  const points = routes.flatMap((route) => strings(getIn(route.json, ['spec', 'entryPoints'])));
  return [
    ...oldGroup(all),
    ...routes.flatMap((route) => [...rules(route), ...entryPoints(route, points)]),
    ...stripped(surface),
  ];
}

/** Beside resources of the group of today. */
function oldGroup(all: readonly Resource[]): Fault[] {
  const isMixed = all.some((one) => groupOf(one) !== OLD);
  return all
    .filter((one) => isMixed && groupOf(one) === OLD)
    .map((resource) => ({
      resource,
      path: 'apiVersion',
      severity: 'warning' as const,
      message: `it is of the group ${OLD}, which Traefik 3 reads no longer, and others here are of traefik.io`,
      fix: 'write `apiVersion: traefik.io/v1alpha1`',
    }));
}

function rules(route: Resource): Fault[] {
  return list(getIn(route.json, ['spec', 'routes'])).flatMap(({ match }, index): Fault[] => {
    const what = typeof match === 'string' ? faultOf(match) : undefined;
    if (!what) return [];
    return [
      {
        resource: route,
        path: `spec.routes[${index}].match`,
        message: `the rule cannot be read: ${what}; the router is not made`,
        fix: 'write matchers with their values in backticks, as in Host(`…`) && PathPrefix(`/…`)',
      },
    ];
  });
}

function faultOf(match: string): string | undefined {
  if (/\$\{|\{\{/.test(match)) return undefined;
  // What stands in quotes may hold anything.
  const bare = match.replace(/`[^`]*`|"(?:[^"\\]|\\.)*"/g, '_');
  if (/[`"]/.test(bare)) return 'a backtick or a quote is not closed';
  let depth = 0;
  for (const letter of bare) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (depth < 0) return 'a parenthesis is closed that was not opened';
  }
  if (depth > 0) return 'a parenthesis is not closed';
  const [, matcher, value] = /\b([A-Z]\w*)\(\s*([^_()\s,][^(),]*)\)/.exec(bare) ?? [];
  if (matcher && value) return `the value of ${matcher} stands in no backticks`;
  return /\)\s*[A-Z]|[^&|]&[^&]|[^|]\|[^|]/.test(bare)
    ? 'two matchers stand without `&&` or `||` between them'
    : undefined;
}

/** What calls begin with. */
const CALLS = '/michelangelo.api.';

/** On the way to the API server or to Envoy nothing may be taken from the path of calls. */
function stripped(surface: Surface): Fault[] {
  const led = otherEntries(surface).filter(
    ({ role, resource }) => role !== 'ui' && resource.kind === 'IngressRoute',
  );
  return [...new Set(led.map(({ resource }) => resource))].flatMap((route) =>
    placesOf(route.json, ['spec', 'routes', '*', 'middlewares', '*']).flatMap(
      ({ value, path }): Fault[] => {
        const home = stringAt(value, ['namespace']) || route.namespace;
        const middleware = surface.manifests.named('Middleware', stringAt(value, ['name']), home);
        const spec = objectAt(middleware?.json, ['spec']);
        const prefixes = strings(getIn(spec, ['stripPrefix', 'prefixes']));
        const taken = prefixes.find((prefix) => prefix !== '/' && CALLS.startsWith(prefix));
        const replaced = stringAt(spec, ['replacePath', 'path']);
        if (taken === undefined && replaced === '') return [];
        return [
          {
            resource: route,
            path: toPath(path),
            message: `Middleware ${middleware?.name} ${taken === undefined ? `makes every path ${replaced}` : `takes ${taken} from the path of calls`}: they arrive as a method that is not there`,
            fix: 'take it away from this route, or give calls a route without it',
          },
        ];
      },
    ),
  );
}

/** Which ones there are stands in Traefik's own config; that one is a slip, those that other routes name show. */
function entryPoints(route: Resource, points: readonly string[]): Fault[] {
  const usual = ['websecure', 'web', ...points];
  return strings(getIn(route.json, ['spec', 'entryPoints'])).flatMap((point, index): Fault[] => {
    const isShared = points.filter((other) => other === point).length > 1;
    const meant = usual.find(
      (known) =>
        isMisspelled(point, known) || point.replace(/[-_]/g, '') === known.replace(/[-_]/g, ''),
    );
    const isKnown = ['websecure', 'web'].includes(point);
    if (isShared || isKnown || point.length < 4 || !meant || meant === point) return [];
    return [
      {
        resource: route,
        path: `spec.entryPoints[${index}]`,
        severity: 'warning',
        message: `no other route is on entry point ${asText(point)}, and ${meant} is usual: where there is none of that name the router is not made`,
        fix: `write \`${meant}\``,
      },
    ];
  });
}
