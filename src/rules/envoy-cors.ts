/**
 * `hosts.app`, `cors` → the CORS policies of every virtual host that routes to the API cluster.
 *
 * Source: Envoy's `envoy.extensions.filters.http.cors.v3.CorsPolicy`, and `cors` of virtual host and route before it. Regexes are
 * RE2 and match the whole origin.
 */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { getIn, isObject, type Json, type JsonObject } from '../json.ts';
import { Draft } from '../resources/edit.ts';
import {
  apiClusters,
  clusterNames,
  connectionManagers,
  leadsTo,
  type Located,
  objectsAt,
  type Path,
  typeName,
  virtualHosts,
} from '../resources/envoy-config.ts';
import { type DocumentTarget, upstreamHint } from '../resources/inventory.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

const FILTER = 'envoy.filters.http.cors';
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

export const envoyCors: Rule = ({ settings, inventory }) => {
  const target = inventory.envoy;
  if (!target) return NOTHING;
  const draft = new Draft(target.resource, target.key);
  const root = draft.get([]);
  const clusters = clusterNames(apiClusters(root, upstreamHint(inventory.apiServer)));
  const managers = connectionManagers(root).filter((manager) =>
    virtualHosts(root, manager).some((host) => leadsTo(host.value, clusters)),
  );
  const problems: Problem[] = managers.length === 0 ? [noRoute(target)] : [];
  for (const manager of managers) {
    for (const host of virtualHosts(root, manager))
      if (leadsTo(host.value, clusters)) writePolicies(draft, manager, host, settings);
    addFilter(draft, manager);
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

/** Every policy that applies to the virtual host; a new one where there is none. */
function writePolicies(draft: Draft, manager: Located, host: Located, settings: Settings): void {
  const root = draft.get([]);
  const routes = objectsAt(root, [...host.path, 'routes']);
  const own = [host, ...routes].flatMap((owner) => policiesOf(owner));
  const shared = policiesOf({
    path: [...manager.path, 'route_config'],
    value: getIn(manager.value, ['route_config']) as JsonObject,
  });
  const policies = own.length > 0 ? own : shared;
  for (const path of policies) writePolicy(draft, path, settings);
  if (policies.length > 0) return;
  const path = [...host.path, 'typed_per_filter_config', FILTER];
  const origins = originMatchers(settings, undefined);
  const policy = { '@type': `${PACKAGE}.CorsPolicy`, allow_origin_string_match: origins };
  draft.set(path, { ...policy, ...NEW_POLICY }, settings.appHosts[0].from);
  writePolicy(draft, path, settings);
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
  const origins = [...path, 'allow_origin_string_match'];
  draft.reconcile(origins, originMatchers(settings, draft.get(origins)), settings.appHosts[0].from);
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

/** One matcher for each origin, in the form that the policy already uses: exact, or a regular expression. */
function originMatchers(settings: Settings, written: Json | undefined): Json[] {
  const old = Array.isArray(written) ? written : [];
  const isExactForm = old.length > 0 && old.every((matcher) => isObject(matcher) && 'exact' in matcher);
  return settings.origins.map(({ origin, regex }, index): Json => {
    if (isExactForm && !origin.includes('*')) return { exact: origin };
    // Envoys before 1.27 ask for the engine's name beside the expression: it stays where it stands.
    const engine = getIn(old[index], ['safe_regex', 'google_re2']);
    return { safe_regex: { ...(engine === undefined ? {} : { google_re2: engine }), regex } };
  });
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
  const filters = objectsAt(draft.get([]), path);
  const isCors = ({ value }: Located) =>
    value['name'] === FILTER || typeName(value['typed_config']) === 'Cors';
  if (filters.some(isCors)) return;
  const filter = { name: FILTER, typed_config: { '@type': `${PACKAGE}.Cors` } };
  if (filters.length === 0) draft.set(path, [filter], 'spec.hosts.app');
  else draft.insert(path, 0, filter, 'spec.hosts.app');
}
