/**
 * An entry for rendered Ingresses, in the place of ingress-nginx, which cannot be had here: a second Envoy whose config this file makes. It
 * knows what the layouts in test/layouts need and stops at everything else: hosts, paths, `rewrite-target`, `backend-protocol: GRPC`.
 */
import { parseAllDocuments } from 'yaml';
import type { KeyPair } from './certificates.ts';
import type { EnvoyConfig } from './envoy-config.ts';

interface Backend {
  service: { name: string; port: { name?: string; number?: number } };
}

interface Ingress {
  kind: 'Ingress';
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    rules: {
      host: string;
      http: { paths: { path: string; pathType: string; backend: Backend }[] };
    }[];
  };
}

interface Service {
  kind: 'Service';
  metadata: { name: string };
  spec: { ports: { name: string; port: number }[] };
}

/** Envoy's config for every Ingress of the manifests; clusters lead to `<service>:<port>`. */
export function entryFor(manifests: string, { key, certificate }: KeyPair): EnvoyConfig {
  const all = parseAllDocuments(manifests).map((document) => document.toJS());
  const ingresses = all.filter((one): one is Ingress => one?.kind === 'Ingress');
  const services = all.filter((one): one is Service => one?.kind === 'Service');
  const paths = ingresses.flatMap((ingress) =>
    ingress.spec.rules.flatMap(({ host, http }) =>
      http.paths.map((path) => ({
        host,
        ingress,
        address: addressOf(path.backend, services),
        ...path,
      })),
    ),
  );
  // ingress-nginx tries the longest path first.
  paths.sort((one, other) => other.path.length - one.path.length);
  const hosts = [...new Set(paths.map(({ host }) => host))];
  const config = {
    admin: { address: socket('127.0.0.1', 0) },
    static_resources: {
      listeners: [
        {
          name: 'entry',
          address: socket('127.0.0.1', 443),
          filter_chains: [
            {
              transport_socket: servingWith(key, certificate),
              filters: [
                {
                  name: 'envoy.filters.network.http_connection_manager',
                  typed_config: {
                    '@type': type(
                      'filters.network.http_connection_manager.v3.HttpConnectionManager',
                    ),
                    stat_prefix: 'entry',
                    route_config: {
                      virtual_hosts: hosts.map((host) => ({
                        name: host,
                        // Clients of gRPC name the port as well, and ingress-nginx does not mind.
                        domains: [host, `${host}:*`],
                        routes: paths
                          .filter((path) => path.host === host)
                          .map(({ ingress, path, pathType, address }) =>
                            routeFor(ingress, path, pathType, address),
                          ),
                      })),
                    },
                    http_filters: [
                      {
                        name: 'envoy.filters.http.router',
                        typed_config: { '@type': type('filters.http.router.v3.Router') },
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: paths.map(({ ingress, address }) => clusterFor(ingress, address)),
    },
  };
  const unique = new Map(config.static_resources.clusters.map((one) => [one.name, one]));
  config.static_resources.clusters = [...unique.values()];
  return config;
}

function routeFor({ metadata }: Ingress, path: string, pathType: string, cluster: string) {
  const target = metadata.annotations?.['nginx.ingress.kubernetes.io/rewrite-target'];
  const route = { cluster, timeout: '0s' };
  if (target === undefined) {
    if (pathType !== 'Prefix') throw new Error(`${metadata.name}: ${pathType} without a rewrite`);
    return { match: { prefix: path }, route };
  }
  // nginx matches the beginning, Envoy the whole; captures are $1 there and \1 here.
  const regex = `${path}${path.endsWith('(.*)') ? '' : '.*'}`;
  const substitution = target.replaceAll(/\$(\d)/g, '\\$1');
  return {
    match: { safe_regex: { regex } },
    route: { ...route, regex_rewrite: { pattern: { regex }, substitution } },
  };
}

function clusterFor({ metadata }: Ingress, name: string) {
  const isGrpc = metadata.annotations?.['nginx.ingress.kubernetes.io/backend-protocol'] === 'GRPC';
  const [host = '', port] = name.split(':');
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    ...(isGrpc && {
      typed_extension_protocol_options: {
        [options]: {
          '@type': `type.googleapis.com/${options}`,
          explicit_http_config: { http2_protocol_options: {} },
        },
      },
    }),
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(host, Number(port)) } }] }],
    },
  };
}

function addressOf({ service: { name, port } }: Backend, services: readonly Service[]): string {
  const ports = services.find(({ metadata }) => metadata.name === name)?.spec.ports ?? [];
  const found = ports.find((own) => own.name === port.name || own.port === port.number);
  if (!found) throw new Error(`no Service ${name} with the port that its Ingress wants`);
  return `${name}:${found.port}`;
}

function servingWith(key: string, certificate: string) {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': type('transport_sockets.tls.v3.DownstreamTlsContext'),
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificates: [
          {
            certificate_chain: { inline_string: certificate },
            private_key: { inline_string: key },
          },
        ],
      },
    },
  };
}

function socket(address: string, port: number) {
  return { socket_address: { address, port_value: port } };
}

function type(name: string): string {
  return `type.googleapis.com/envoy.extensions.${name}`;
}
