/** Where Envoy's CORS policies stand, the filter that reads them, and what they expose. */

import { objectsAt, typeName } from '../envoy/bootstrap.ts';
import { type ApiManager, apiManagers, CORS_FILTER, effective } from '../surface/cors-policies.ts';
import { getIn, type JsonObject } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { documentFinding, type Finding, type Search } from './shared/catalogue.ts';

/**
 * Filters that answer requests themselves, or turn gRPC into something that browsers read: the cors filter belongs in front of them.
 *
 * Source: Envoy's HTTP filter reference, by the type of their `typed_config`.
 */
const LATER_FILTERS: Readonly<Record<string, string>> = {
  GrpcWeb: 'envoy.filters.http.grpc_web',
  Config: 'envoy.filters.http.grpc_http1_bridge',
  FilterConfig: 'envoy.filters.http.connect_grpc_bridge',
  GrpcJsonTranscoder: 'envoy.filters.http.grpc_json_transcoder',
  JwtAuthentication: 'envoy.filters.http.jwt_authn',
  ExtAuthz: 'envoy.filters.http.ext_authz',
  OAuth2: 'envoy.filters.http.oauth2',
  BasicAuth: 'envoy.filters.http.basic_auth',
  RBAC: 'envoy.filters.http.rbac',
  LocalRateLimit: 'envoy.filters.http.local_ratelimit',
  RateLimit: 'envoy.filters.http.ratelimit',
  CsrfPolicy: 'envoy.filters.http.csrf',
  Router: 'envoy.filters.http.router',
};

/** What clients of gRPC-Web read. Source: gRPC-Web protocol, "Protocol differences". */
const NEEDED_HEADERS = ['grpc-status', 'grpc-message'];

const onRoutesOnly: Search = (view) =>
  apiManagers(view)
    .flatMap(({ hosts }) => hosts)
    .filter(({ own, policies }) => own === undefined && policies.length > 0)
    .map(({ target, host, policies }) =>
      documentFinding('cors-on-routes-only', target, {
        path: toPath(host.path),
        message: `virtual host ${String(host.value['name'])} has no CORS policy of its own, ${policies.length === 1 ? 'one of its routes has' : `${policies.length} of its routes have`}`,
      }),
    );

const filters: Search = (view) => apiManagers(view).flatMap(onFilters);

function onFilters({ target, manager, hosts }: ApiManager): Finding[] {
  if (hosts.every(({ policies }) => policies.length === 0)) return [];
  const path = [...manager.path, 'http_filters'];
  const found = objectsAt(manager.value, ['http_filters']);
  const isCors = (value: (typeof found)[number]['value']) =>
    value['name'] === CORS_FILTER || typeName(value['typed_config']) === 'Cors';
  const position = found.findIndex(({ value }) => isCors(value));
  if (position < 0)
    return [
      documentFinding('cors-filter-missing', target, {
        path: toPath(path),
        message: `there is a CORS policy, and no ${CORS_FILTER} among the filters`,
      }),
    ];
  // A policy under the filter's own name switches it on again; one in a deprecated field does not.
  const isOn = hosts.every(({ chains }) =>
    chains.every((chain) => chain.some((policy) => policy.path.includes(nameAt(found, position)))),
  );
  if (found[position]?.value['disabled'] === true && !isOn)
    return [
      documentFinding('cors-filter-missing', target, {
        path: `${toPath(path)}[${position}].disabled`,
        message: `${CORS_FILTER} is disabled, and no policy under its name switches it on`,
        mend: 'take `disabled: true` away',
      }),
    ];
  const earlier = found
    .slice(0, position)
    .map(({ value }) => String(value['name'] ?? ''))
    .filter((name, index) => isLater(name, found[index]?.value['typed_config']));
  if (earlier.length === 0) return [];
  return [
    documentFinding('cors-filter-order', target, {
      path: `${toPath(path)}[${position}]`,
      message: `${CORS_FILTER} comes after ${earlier.join(', ')}`,
    }),
  ];
}

function nameAt(found: readonly { value: JsonObject }[], position: number): string {
  return String(found[position]?.value['name'] ?? '');
}

/** By its name, which may be any, or by its type, of which the bridges' are too general to count alone. */
function isLater(name: string, config: unknown): boolean {
  if (Object.values(LATER_FILTERS).includes(name)) return true;
  const type = typeName(config);
  return type !== 'Config' && type !== 'FilterConfig' && Object.hasOwn(LATER_FILTERS, type);
}

const exposedHeaders: Search = (view) =>
  apiManagers(view)
    .flatMap(({ hosts }) => hosts)
    .flatMap(({ target, chains }) => {
      const seen = new Set<string>();
      return chains.flatMap((chain): Finding[] => {
        const setting = effective(chain, (policy) => exposedBy(policy) !== '');
        const policy = setting ?? chain[0];
        if (!policy || seen.has(toPath(policy.path))) return [];
        seen.add(toPath(policy.path));
        const exposed = exposedBy(policy.value)
          .toLowerCase()
          .split(/[\s,]+/);
        const isAll = exposed.includes('*') && getIn(policy.value, ['allow_credentials']) !== true;
        const missing = isAll ? [] : NEEDED_HEADERS.filter((name) => !exposed.includes(name));
        if (missing.length === 0) return [];
        return [
          documentFinding('cors-exposed-headers', target, {
            path: `${toPath(policy.path)}.expose_headers`,
            message: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not exposed`,
          }),
        ];
      });
    });

function exposedBy(policy: Parameters<typeof typeName>[0]): string {
  const value = getIn(policy, ['expose_headers']);
  return typeof value === 'string' ? value.trim() : '';
}

export const ENVOY_CORS_CHECKS: readonly Search[] = [onRoutesOnly, filters, exposedHeaders];
