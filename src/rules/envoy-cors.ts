/**
 * `hosts.ui`, `hosts.app`, `cors` → the CORS policies of every virtual host that routes to the API cluster.
 *
 * Source: Envoy's `envoy.extensions.filters.http.cors.v3.CorsPolicy`, and `cors` of virtual host and route before it. Regexes are
 * RE2 and match the whole origin.
 */
import type { Settings } from '../config/settings.ts';
import type { Located, Path } from '../envoy/bootstrap.ts';
import { CORS_FILTER, type CorsSwitch, corsOf, type HostCors } from '../envoy/cors.ts';
import { pageHeaders } from '../envoy/page-headers.ts';
import type { Problem } from '../errors.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { distinct } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { EnvoyDraft } from './envoy-draft.ts';
import { appHosts, lostOrigins } from './lost-origins.ts';
import { originMatchers, writeOrigins } from './origin-matchers.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

const PACKAGE = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3';

/** What pages of any age send: for a policy that has to be made. */
const REQUEST_HEADERS = distinct([
  ...pageHeaders('gRPC-Web'),
  'authorization',
  ...pageHeaders('Connect'),
  ...pageHeaders('JSON'),
]);
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
  const draft = new EnvoyDraft(target);
  const managers = envoyApi(target, surface).managers.map(corsOf);
  const problems: Problem[] = managers.length === 0 ? [noRoute(target)] : [];
  const known = appHosts(surface);
  for (const { manager, filter, hosts } of managers) {
    const lost = new Map(
      hosts.flatMap(({ host, policies, shared }) =>
        [...policies, ...shared.map((policy) => ({ ...policy, path: host.path }))].map(
          ({ path, value }) =>
            [toPath(path), { path, origins: lostOrigins(value, settings, known) }] as const,
        ),
      ),
    );
    for (const { path, origins } of lost.values())
      if (origins.length > 0) problems.push(originsGo(target, path, origins, settings));
    const written = hosts.flatMap((host) => writePolicies(draft, host, settings));
    // Where every policy is switched off there is nothing for a filter to do.
    if (written.length > 0 && !filter) addFilter(draft, manager);
    const off = hosts.flatMap(switchesOf).map((found) => [toPath(found.path), found] as const);
    for (const { path, by } of new Map(off).values()) problems.push(switchedOff(target, path, by));
  }
  return fromDrafts([draft], problems);
};

function noRoute(target: DocumentTarget): Problem {
  return targetProblem(target, 'static_resources.listeners', {
    code: 'target-missing',
    message: 'no virtual host of Envoy routes to the API cluster',
    expected: 'an HTTP connection manager with route_config.virtual_hosts whose route leads there',
    fix: 'route the API in this document; routes from a discovery service are not known here',
  });
}

/** What keeps CORS off for calls of the API; a policy that the rule makes switches a disabled filter on. */
function switchesOf({ calls, isDecided }: HostCors): CorsSwitch[] {
  return calls.flatMap(({ off }) => (off && (isDecided || off.by !== 'filter') ? [off] : []));
}

/** A warning: somebody may have meant it. */
function switchedOff(target: DocumentTarget, path: Path, by: CorsSwitch['by']): Problem {
  const problem = targetProblem(target, path, {
    code: 'cors-app-origin',
    message: 'Envoy has CORS switched off where it serves the API: no origin has an effect there',
    found: by === 'policy' ? 'filter_enabled: 0 %' : 'disabled: true',
    expected: 'the cors filter on, unless a proxy in front of Envoy answers for CORS',
    fix: `remove this ${by === 'entry' ? 'entry' : 'switch'}; leave it where a Gateway or an Ingress does CORS on purpose`,
  });
  return { ...problem, severity: 'warning' };
}

/** A warning: the list is the config's, and somebody may still come from there. */
function originsGo(
  target: DocumentTarget,
  path: Path,
  origins: readonly string[],
  settings: Settings,
): Problem {
  const problem = targetProblem(target, path, {
    code: 'value-replaced',
    message:
      'origins that Envoy lets in today are refused from now on: the config does not list them',
    found: origins.join(', '),
    expected: `the origins of the ${settings.hasPageHost ? 'page' : 'app'}, and those of spec.cors.allowOrigins`,
    fix: 'add those that are still needed to spec.cors.allowOrigins',
  });
  return { ...problem, severity: 'warning' };
}

/** Writes every policy of the virtual host, and returns their paths; a new one where nothing is said of the API. */
function writePolicies(
  draft: EnvoyDraft,
  { host, filterName, policies, shared, isDecided }: HostCors,
  settings: Settings,
): Path[] {
  const own = [...host.path, 'typed_per_filter_config', filterName];
  const written = policies.map(({ path }) => path);
  for (const { path, isRead } of shared) {
    if (!isRead) continue;
    // An entry of one's own takes the place of the table's, which others need as it is.
    const length = path.lastIndexOf(filterName) + 1;
    const entry = draft.get(path.slice(0, length));
    if (entry !== undefined) draft.set(own, entry, settings.hosts.ui[0].from);
    written.push([...own, ...path.slice(length)]);
  }
  for (const path of written) writePolicy(draft, path, settings);
  if (isDecided) return written;
  const origins = originMatchers(settings, undefined);
  const policy = { '@type': `${PACKAGE}.CorsPolicy`, allow_origin_string_match: origins };
  draft.set(own, { ...policy, ...NEW_POLICY }, settings.hosts.ui[0].from);
  writePolicy(draft, own, settings);
  return [...written, own];
}

function writePolicy(draft: EnvoyDraft, path: Path, settings: Settings): void {
  const { cors } = settings.config.spec;
  // Of Envoy's API v2: v3 refuses them, and their stars would let every site in.
  for (const key of ['allow_origin', 'allow_origin_regex'])
    draft.remove([...path, key], settings.hosts.ui[0].from);
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
function addFilter(draft: EnvoyDraft, manager: Located): void {
  const path = [...manager.path, 'http_filters'];
  const filter = { name: CORS_FILTER, typed_config: { '@type': `${PACKAGE}.Cors` } };
  const filters = draft.get(path);
  if (Array.isArray(filters) && filters.length > 0) draft.insert(path, 0, filter, 'spec.hosts.app');
  else draft.set(path, [filter], 'spec.hosts.app');
}
