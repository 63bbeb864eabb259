/**
 * Clusters that reach the API under its public host, with TLS: host, name in the handshake and port belong together.
 *
 * Source: Envoy's `extensions.transport_sockets.tls.v3.UpstreamTlsContext`, `config.route.v3.RouteAction`.
 */
import type { Settings } from '../config/settings.ts';
import type { ApiManager } from '../envoy/api.ts';
import {
  clustersOfRoute,
  endpointsOf,
  type Located,
  messageIn,
  typeName,
} from '../envoy/bootstrap.ts';
import { numberOf, originalOf } from '../envoy/proto-json.ts';
import type { Problem } from '../errors.ts';
import { isIp } from '../net/addresses.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type Json, leavesOf } from '../yaml/json.ts';
import type { EnvoyDraft } from './envoy-draft.ts';
import { addressOf } from './envoy-endpoints.ts';
import { targetProblem } from './rule.ts';

/** Fields of a cluster that name the host of its endpoints, besides the address. */
const NAMING = /^(?:transport_?socket|health_?checks)|\.hostname$/i;

/** Whether a cluster speaks TLS, and to public names alone. */
export function isPublicUpstream(
  root: Json | undefined,
  cluster: Located,
  { services }: Surface,
): boolean {
  const [socket] = messageIn(cluster, ['transport_socket', 'typed_config']);
  const endpoints = endpointsOf(root, cluster);
  const isPublic = (address: string) => {
    const parsed = parseServiceAddress(address);
    if (address === '' || isIp(address)) return false;
    if (!parsed) return true;
    const { namespace, zone } = parsed;
    const isInside = namespace === undefined || zone.length > 0;
    return !isInside && !services.some((service) => service.namespace === namespace);
  };
  return (
    typeName(socket?.value) === 'UpstreamTlsContext' &&
    endpoints.length > 0 &&
    endpoints.every((endpoint) => isPublic(addressOf(endpoint)))
  );
}

/** Leads such a cluster to the public API as it is from now on. */
export function followPublicApi(
  draft: EnvoyDraft,
  target: DocumentTarget,
  cluster: Located,
  managers: readonly ApiManager[],
  settings: Settings,
): Problem[] {
  const endpoints = endpointsOf(draft.get([]), cluster);
  const [endpoint, ...others] = endpoints;
  if (!endpoint) return [];
  if (others.length > 0 || settings.scheme !== 'https')
    return [
      targetProblem(target, cluster.path, {
        code: 'target-shape',
        message:
          others.length > 0
            ? 'the API cluster has several public hosts: which of them follows the API cannot be told'
            : 'the API cluster speaks TLS to the public API, which has none from now on',
        found: endpoints.map(addressOf).join(', '),
        expected: 'one endpoint with TLS where the API has TLS, or the API Service',
        fix: 'set spec.envoy.upstream, or let the cluster lead to the API Service without TLS',
      }),
    ];
  const [{ host, from }] = settings.hosts.api;
  draft.set([...endpoint.path, 'address'], host, from);
  if (numberOf(endpoint.value['port_value']) !== settings.port)
    draft.set([...endpoint.path, 'port_value'], settings.port, from);
  keepTogether(draft, cluster, managers, addressOf(endpoint), host, from);
  return [];
}

/**
 * Whatever names the old address as a whole beside it: SNI, names that the certificate has to have, hosts of health checks, and
 * the host that routes to the cluster write.
 */
export function keepTogether(
  draft: EnvoyDraft,
  cluster: Located,
  managers: readonly ApiManager[],
  old: string,
  host: string,
  field: string,
): void {
  if (old === '') return;
  const name = asText(cluster.value['name']);
  const routes = managers
    .flatMap(({ hosts }) => hosts.flatMap((each) => each.routes))
    .filter(({ value }) => clustersOfRoute(value).includes(name));
  const inCluster = leavesOf(originalOf(cluster.value))
    .filter(({ value, path }) => value === old && NAMING.test(path.join('.')))
    .map(({ path }) => [...cluster.path, ...path]);
  const inRoutes = routes
    .filter(({ value }) => getIn(value, ['route', 'host_rewrite_literal']) === old)
    .map(({ path }) => [...path, 'route', 'host_rewrite_literal']);
  for (const path of [...inCluster, ...inRoutes]) draft.set(path, host, field);
}
