/**
 * `hosts.app`, `cors` → the CORS policies of every virtual host that routes to the API cluster.
 *
 * Source: Envoy's `envoy.extensions.filters.http.cors.v3.CorsPolicy`, and `cors` of virtual host and route before it. Regexes are
 * RE2 and match the whole origin.
 */
import type { Settings } from '../config/settings.ts';
import {
  apiClusters,
  clusterNames,
  connectionManagers,
  type Located,
  leadsTo,
  objectsAt,
  type Path,
  typeName,
  virtualHosts,
} from '../envoy/bootstrap.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { corsSwitchedOff } from './cors-switched-off.ts';
import { originMatchers, writeOrigins } from './origin-matchers.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

const FILTER = 'envoy.filters.http.cors';
/** What the filter was called before Envoy's API v3; any name will do beside its type. */
const LEGACY_FILTER = 'envoy.cors';
const PACKAGE = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3';

/** What gRPC-Web and Connect clients send, and may read: for a policy that has to be made. */
const REQUEST_HEADERS = [
  'content-type',
  'context-ttl-ms',
  'grpc-timeout',
  'rpc-caller',
  'rpc-encoding',
  'rpc-service',
  'x-grpc-web',
  'x-user-agent',
  'authorization',
  'connect-protocol-version',
  'connect-timeout-ms',
];
const NEW_POLICY = {
  allow_methods: 'GET, POST, OPTIONS',
  allow_headers: REQUEST_HEADERS.join(', '),
  expose_headers: 'grpc-status, grpc-message, grpc-status-details-bin',
  max_age: '7200',
  // Envoy's default hands a refused preflight to the backend.
  forward_not_matching_preflights: false,
};

export const envoyCors: Rule = ({ settings, surface }) => {
  const target = surface.only('envoy');
  if (!target) return NOTHING;
  const draft = new Draft(target.resource, target.key);
  const root = draft.get([]);
  const hint = surface.upstreamHint;
  const clusters = clusterNames(apiClusters(root, hint));
  const managers = connectionManagers(root).filter((manager) =>
    virtualHosts(root, manager).some((host) => leadsTo(host.value, clusters)),
  );
  const problems: Problem[] = managers.length === 0 ? [noRoute(target)] : [];
  for (const manager of managers) {
    const hosts = virtualHosts(root, manager).filter((host) => leadsTo(host.value, clusters));
    const filter = filterOf(root, manager);
    for (const host of hosts)
      problems.push(...corsSwitchedOff(target, { manager, host, filter }, clusters));
    const written = hosts.flatMap((host) =>
      writePolicies(draft, manager, host, { settings, clusters }),
    );
    // Where every policy is switched off there is nothing for a filter to do.
    if (written.length > 0) addFilter(draft, manager);
  }
  return fromDrafts([draft], problems);
};

function noRoute(target: DocumentTarget): Problem {
  return targetProblem(target, 'static_resources.listeners', {
    code: 'target-missing',
    message: 'no virtual host of Envoy routes to the API cluster',
    expected: 'an HTTP connection manager with route_config.virtual_hosts whose route leads there',
    mend: 'route the API in this document; routes from a discovery service are not known here',
  });
}

/** Writes every policy that applies to the virtual host, and returns their paths; a new one where the API has none. */
function writePolicies(
  draft: Draft,
  manager: Located,
  host: Located,
  { settings, clusters }: { settings: Settings; clusters: ReadonlySet<string> },
): Path[] {
  const root = draft.get([]);
  const name = filterOf(root, manager)?.value['name'];
  const filter = typeof name === 'string' ? name : FILTER;
  const routes = objectsAt(root, [...host.path, 'routes']);
  const weighted = routes.flatMap((route) =>
    objectsAt(root, [...route.path, 'route', 'weighted_clusters', 'clusters']),
  );
  const table = {
    path: [...manager.path, 'route_config'],
    value: manager.value['route_config'] as JsonObject,
  };
  // The most specific policy counts: what a virtual host says hides what its route table says.
  const owners = decides(host, filter) ? [host] : [host, table];
  const policies = [...owners, ...routes, ...weighted].flatMap(policiesOf);
  for (const path of policies) writePolicy(draft, path, settings);
  const isDecided =
    owners.some((owner) => decides(owner, filter)) ||
    routes
      .filter((route) => leadsTo(route.value, clusters))
      .every((route) => decides(route, filter));
  if (isDecided) return policies;
  const path = [...host.path, 'typed_per_filter_config', filter];
  const origins = originMatchers(settings, undefined);
  const policy = { '@type': `${PACKAGE}.CorsPolicy`, allow_origin_string_match: origins };
  draft.set(path, { ...policy, ...NEW_POLICY }, settings.appHosts[0].from);
  writePolicy(draft, path, settings);
  return [...policies, path];
}

/** Whether a route table, a virtual host or a route says something about CORS, be it that it is off. */
function decides(owner: Located, filter: string): boolean {
  const own = getIn(owner.value, ['typed_per_filter_config', filter]);
  return isObject(own) || policiesOf(owner).length > 0;
}

/** The paths of the CORS policies that a route table, a virtual host or a route has, in today's form and the deprecated one. */
function policiesOf(owner: Located): Path[] {
  const typed = owner.value['typed_per_filter_config'];
  const found = isObject(typed)
    ? Object.entries(typed).flatMap(([name, value]): Path[] => {
        const path = [...owner.path, 'typed_per_filter_config', name];
        if (typeName(value) === 'CorsPolicy') return [path];
        // FilterConfig wraps a policy to disable it or to make it optional.
        const wrapped = getIn(value as Json, ['config']);
        return typeName(wrapped) === 'CorsPolicy' ? [[...path, 'config']] : [];
      })
    : [];
  const deprecated = [['cors'], ['route', 'cors']]
    .filter((path) => isObject(getIn(owner.value, path)))
    .map((path): Path => [...owner.path, ...path]);
  return [...found, ...deprecated];
}

function writePolicy(draft: Draft, path: Path, settings: Settings): void {
  const { cors } = settings.config.spec;
  // Of Envoy's API v2: v3 refuses them, and their stars would let every site in.
  for (const key of ['allow_origin', 'allow_origin_regex'])
    draft.remove([...path, key], settings.appHosts[0].from);
  const origins = [...path, 'allow_origin_string_match'];
  writeOrigins(draft, origins, settings);
  const headers = draft.get([...path, 'allow_headers']);
  if (cors?.allowHeaders?.length) {
    const written = typeof headers === 'string' ? headers : NEW_POLICY.allow_headers;
    draft.set(
      [...path, 'allow_headers'],
      uniteHeaders(written, cors.allowHeaders),
      'spec.cors.allowHeaders',
    );
  }
  if (cors?.maxAge !== undefined)
    draft.set([...path, 'max_age'], String(cors.maxAge), 'spec.cors.maxAge');
}

/** Adds what is missing to a comma list, regardless of case, and leaves the rest of the text alone. */
function uniteHeaders(written: string, added: readonly string[]): string {
  const known = new Set(written.split(',').map((name) => name.trim().toLowerCase()));
  const missing = added.filter((name) => !known.has(name.toLowerCase()));
  const separator = /,(\s*)/.exec(written)?.[0] ?? ', ';
  return [...(written.trim() === '' ? [] : [written]), ...missing].join(separator);
}

/** The cors filter comes first: a preflight carries no credentials that a later filter could ask for. */
function addFilter(draft: Draft, manager: Located): void {
  const path = [...manager.path, 'http_filters'];
  if (filterOf(draft.get([]), manager)) return;
  const filter = { name: FILTER, typed_config: { '@type': `${PACKAGE}.Cors` } };
  const isEmpty = objectsAt(draft.get([]), path).length === 0;
  if (isEmpty) draft.set(path, [filter], 'spec.hosts.app');
  else draft.insert(path, 0, filter, 'spec.hosts.app');
}

function filterOf(root: Json | undefined, manager: Located): Located | undefined {
  return objectsAt(root, [...manager.path, 'http_filters']).find(
    ({ value }) =>
      value['name'] === FILTER ||
      value['name'] === LEGACY_FILTER ||
      typeName(value['typed_config']) === 'Cors',
  );
}
