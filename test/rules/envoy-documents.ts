/** Small Envoy bootstraps for tests of rules. */
import { configMap } from './support.ts';

const MANAGER =
  'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const CORS = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3';

/** Where the one HTTP connection manager of `bootstrap` stands. */
export const MANAGER_PATH = '/static_resources/listeners/0/filter_chains/0/filters/0/typed_config';

/** A policy with the given matchers in flow style. */
export function policy(matchers: string): string {
  return `{ "@type": ${CORS}.CorsPolicy, allow_origin_string_match: [${matchers}], allow_headers: "a,b" }`;
}

export const CORS_FILTER = `{ name: envoy.filters.http.cors, typed_config: { "@type": ${CORS}.Cors } }`;

/** The cors filter under a name of its own. */
export const NAMED_CORS_FILTER = `{ name: edge-cors, typed_config: { "@type": ${CORS}.Cors } }`;

/** A virtual host in flow style: keys before its routes, and the routes. */
export function host(
  keys: string,
  routes = '{ match: { prefix: / }, route: { cluster: api } }',
): string {
  return `{ name: app, domains: ["*"], ${keys === '' ? '' : `${keys}, `}routes: [${routes}] }`;
}

/** A cluster in flow style; an address like `name:port`. */
export function cluster(name: string, ...addresses: string[]): string {
  const endpoints = addresses.map((address) => {
    const [socket, port] = address.split(':');
    return `{ endpoint: { address: { socket_address: { address: ${socket}, port_value: ${port} } } } }`;
  });
  return `{ name: ${name}, load_assignment: { endpoints: [{ lb_endpoints: [${endpoints.join(', ')}] }] } }`;
}

export interface Bootstrap {
  /** In flow style, separated by commas. */
  hosts?: string;
  /** Keys of the route table before its virtual hosts. */
  table?: string;
  filters?: string;
  clusters?: string[];
  /** Lines of the ConfigMap's metadata. */
  metadata?: string;
}

/** A ConfigMap with one listener. */
export function bootstrap({
  hosts = host(''),
  table = '',
  filters = CORS_FILTER,
  clusters = [cluster('api', 'michelangelo-apiserver:15566')],
  metadata = '',
}: Bootstrap): string {
  const text = `static_resources:
  listeners:
    - filter_chains:
        - filters:
            - typed_config:
                "@type": ${MANAGER}
                route_config: { ${table === '' ? '' : `${table}, `}virtual_hosts: [${hosts}] }
                http_filters: [${filters}]
  clusters: [${clusters.join(', ')}]`;
  return configMap('envoy', 'envoy.yaml', text, metadata);
}
