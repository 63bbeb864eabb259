/**
 * Servers that filters, loggers and tracers of Envoy ask: whether their clusters speak as they are asked.
 *
 * Sources: Envoy's `config.core.v3.GrpcService.EnvoyGrpc` (the cluster has to speak HTTP/2), `config.core.v3.HttpUri` (whether TLS is used
 * is up to the cluster, whatever the URI says).
 */
import { endpointsOf, objectsAt } from '../../envoy/bootstrap.ts';
import { numberOf, type Path, withUnderscores } from '../../envoy/proto-json.ts';
import { followsClients, speaksHttp2, speaksTls } from '../../envoy/upstreams.ts';
import { isPublicHost } from '../../net/host-names.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, isObject, type Json, type JsonObject, stringAt } from '../../yaml/json.ts';

/** Each place that names a cluster of the wrong kind. */
export function callsOfFilters({ envoys }: Surface): Fault[] {
  return envoys.flatMap((target) => {
    const root = jsonOf(target);
    const clusters = new Map(
      objectsAt(root, ['static_resources', 'clusters']).map(({ value }) => [
        asText(value['name']),
        value,
      ]),
    );
    return askedIn(root, []).flatMap(({ path, name, by, uri }): Fault[] => {
      const cluster = clusters.get(name);
      if (!cluster) return [];
      if (by === 'gRPC' && !speaksHttp2(cluster) && !followsClients(cluster))
        return [
          inDocument(target, path, {
            message: `cluster ${name} is asked by gRPC, and speaks HTTP/1.1`,
            fix: 'set `explicit_http_config: {http2_protocol_options: {}}` in `typed_extension_protocol_options` of the cluster',
          }),
        ];
      // Plain text to port 443 has a finding of its own.
      if (by === 'HTTP' && /^https:/i.test(uri) && !speaksTls(cluster) && !isAt443(cluster))
        return [
          inDocument(target, path, {
            message: `cluster ${name} is asked for ${uri.replace(/^(\w+:\/\/[^/]*).*$/, '$1')}, and speaks plain text: the scheme of the URI changes nothing in that`,
            fix: 'add a transport socket with UpstreamTlsContext to the cluster, or write `http://`',
          }),
        ];
      return [];
    });
  });
}

function isAt443(cluster: JsonObject): boolean {
  return endpointsOf(cluster, { path: [], value: cluster }).some(
    ({ value }) => numberOf(value['port_value']) === 443 && isPublicHost(asText(value['address'])),
  );
}

interface Asked {
  path: Path;
  name: string;
  by: 'gRPC' | 'HTTP';
  uri: string;
}

function askedIn(json: Json | undefined, path: Path): Asked[] {
  if (Array.isArray(json)) return json.flatMap((item, index) => askedIn(item, [...path, index]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]): Asked[] => {
    const place = [...path, key];
    const field = withUnderscores(key);
    if (field === 'envoy_grpc') {
      const name = stringAt(value, ['cluster_name']) || stringAt(value, ['clusterName']);
      return [{ path: place, name, by: 'gRPC', uri: '' }];
    }
    const uri = stringAt(value, ['uri']);
    if (uri !== '' && stringAt(value, ['cluster']) !== '')
      return [{ path: place, name: stringAt(value, ['cluster']), by: 'HTTP', uri }];
    return askedIn(value, place);
  });
}
