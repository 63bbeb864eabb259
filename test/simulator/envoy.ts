/** What Envoy does with a request that has reached one of its ports, as far as the topologies go. */
import { parse } from 'yaml';
import { best, type Cluster, hostFit, type Json, namespaceOf } from './cluster.ts';

export interface EnvoyAnswer {
  /** Where the request ends: `Deployment name`, `redirect to host`, or why it ends nowhere. */
  by: string;
  /** The patterns of origins that CORS lets in, sorted. */
  origins: readonly string[];
  /** `namespace/Secret` that Envoy itself serves with; undefined where it ends no TLS. */
  certificate?: string | undefined;
}

/**
 * @param port - the port of Envoy's pod
 * @param isTls - whether the entry speaks TLS to it
 */
export function throughEnvoy(
  cluster: Cluster,
  workload: Json,
  port: number,
  request: { host: string; path: string; isTls: boolean },
): EnvoyAnswer {
  const text = cluster.mounted(workload, 'envoy.yaml');
  if (text === undefined) return nowhere('no Envoy');
  const config = inSnakeCase(parse(text, { merge: true })).static_resources;
  const listener = config.listeners.find(
    (one: Json) => Number(one.address.socket_address.port_value) === port,
  );
  if (!listener) return nowhere(`no listener on ${port}`);
  const chain = listener.filter_chains.find((one: Json) => {
    const names: string[] | undefined = one.filter_chain_match?.server_names;
    return !names || (request.isTls && names.some((name) => hostFit(name, request.host) > 0));
  });
  if (!chain) return nowhere('no filter chain');
  if (Boolean(chain.transport_socket) !== request.isTls) return nowhere('TLS against plain text');
  const manager = chain.filters[0].typed_config;
  const table = manager.route_config;
  const domain = (pattern: string) => hostFit(pattern.replace(/:(\d+|\*)$/, ''), request.host);
  const host = best(table.virtual_hosts, (one: Json) => Math.max(...one.domains.map(domain)));
  if (!host) return nowhere('404: no virtual host');
  const route = host.routes.find(({ match }: Json) =>
    match.path ? match.path === request.path : request.path.startsWith(match.prefix ?? ''),
  );
  if (!route) return nowhere('404: no route');
  const filters: string[] = manager.http_filters.map((filter: Json) => filter.name);
  const policies = [route, host, table].map(
    (place) => place.typed_per_filter_config?.['envoy.filters.http.cors'],
  );
  const policy = filters.includes('envoy.filters.http.cors')
    ? policies.find((one) => one !== undefined)
    : undefined;
  const origins = (policy?.allow_origin_string_match ?? []).map(pattern).sort();
  const certificate = chain.transport_socket && certificateOf(cluster, workload, chain);
  const by = route.redirect
    ? `redirect to ${route.redirect.host_redirect}`
    : upstream(cluster, workload, config, route.route.cluster);
  return { by, origins, certificate };
}

/** The first certificate of a listener: from the file that secret discovery names to the Secret that is mounted there. */
function certificateOf(cluster: Cluster, workload: Json, chain: Json): string {
  const context = chain.transport_socket.typed_config.common_tls_context;
  const [config] = context.tls_certificate_sds_secret_configs ?? [];
  const file = config && cluster.fileOf(workload, config.sds_config.path_config_source.path);
  if (!file) return 'no file of secret discovery';
  const { name, items = [] } = file.volume.configMap;
  const key = items.find((item: Json) => item.path === file.rest)?.key;
  const text = cluster.named('ConfigMap', name, namespaceOf(workload))?.data[key];
  if (text === undefined) return `no ${file.rest} in ${name}`;
  const secret = parse(text).resources.find((one: Json) => one.name === config.name);
  const path = secret?.tls_certificate.certificate_chain.filename ?? '';
  const found = cluster.fileOf(workload, path);
  return found ? `${namespaceOf(workload)}/${found.volume.secret.secretName}` : `no ${path}`;
}

/** Every way to write one origin becomes that origin; other patterns stay as they are. */
function pattern(matcher: Json): string {
  if (matcher.exact !== undefined) return matcher.exact;
  const regex: string = matcher.safe_regex?.regex ?? JSON.stringify(matcher);
  const plain = regex.replace(/^\^|\$$/g, '').replaceAll('\\', '');
  return /^[\w:/.-]+$/.test(plain) && !/[^\\]\./.test(regex) ? plain : regex;
}

function upstream(cluster: Cluster, workload: Json, config: Json, name: string): string {
  const found = config.clusters.find((one: Json) => one.name === name);
  if (!found) return `no cluster ${name}`;
  const [endpoint] = found.load_assignment.endpoints[0].lb_endpoints;
  const { address, port_value } = endpoint.endpoint.address.socket_address;
  const [service, namespace = namespaceOf(workload)] = address.split('.svc')[0].split('.');
  const target = cluster.named('Service', service, namespace);
  if (!target) return `outside: ${address}:${port_value}`;
  const behind = cluster.behind(target, Number(port_value));
  return behind ? labelOf(behind.workload) : `nothing behind ${address}:${port_value}`;
}

export function labelOf(workload: Json): string {
  return `Deployment ${namespaceOf(workload)}/${workload.metadata.name}`;
}

function nowhere(by: string): EnvoyAnswer {
  return { by, origins: [] };
}

/** proto3 JSON: every field may be written in camelCase, and both spellings of a list are joined. Keys that are no field names stay. */
function inSnakeCase(value: Json): Json {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (value === null || typeof value !== 'object') return value;
  const result: Json = {};
  for (const [key, member] of Object.entries(value)) {
    const isField = /^[a-z]+([A-Z][a-z0-9]*)*$/.test(key);
    const name = isField ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
    const read = inSnakeCase(member);
    result[name] = Array.isArray(result[name]) ? [...result[name], ...read] : read;
  }
  return result;
}
