import { objectsIn, typeName } from '../envoy/bootstrap.ts';
import { CORS_FILTER } from '../envoy/cors.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { asText, type JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { corsFilters } from './shared/cors-filter.ts';

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

export const check: Check = {
  family: 'Envoy',
  severity: 'warning',
  title: 'The cors filter is not the first',
  why: 'What an earlier filter answers has no CORS headers, so that the browser hides the reason from the page.',
  fix: 'order `http_filters`: cors, then grpc_web (or the bridge, or the transcoder), then router',
  find: (surface) =>
    corsFilters(surface).flatMap(({ target, manager, filter, off }) => {
      if (!filter || off) return [];
      const earlier = objectsIn(manager, ['http_filters'])
        .slice(0, Number(filter.path.at(-1)))
        .filter(({ value }) => isLater(value))
        .map(({ value }) => asText(value['name'] ?? ''));
      if (earlier.length === 0) return [];
      const message = `${CORS_FILTER} comes after ${earlier.join(', ')}`;
      return [inDocument(target, filter.path, { message })];
    }),
};

/** By its name, which may be any, or by its type, of which the bridges' are too general to count alone. */
function isLater({ name, typed_config: config }: JsonObject): boolean {
  if (Object.values(LATER_FILTERS).includes(asText(name))) return true;
  const type = typeName(config);
  return type !== 'Config' && type !== 'FilterConfig' && Object.hasOwn(LATER_FILTERS, type);
}
