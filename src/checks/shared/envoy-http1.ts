import {
  apiClusters,
  connectionManagers,
  leadsTo,
  typeName,
  virtualHosts,
} from '../../envoy/bootstrap.ts';

import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type JsonObject } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { type FindingDetails, inDocument } from '../check.ts';

/** Clusters of the API that Envoy speaks HTTP/1.1 to: gRPC-Web becomes gRPC there, which HTTP/1.1 cannot carry. */
export function envoyOverHttp1(view: Surface): FindingDetails[] {
  const hint = view.upstreamHint;
  return view.envoys.flatMap((target) => {
    const root = jsonOf(target);
    const hosts = connectionManagers(root).flatMap((manager) => virtualHosts(root, manager));
    return apiClusters(root, hint)
      .filter(({ value }) =>
        hosts.some((host) => leadsTo(host.value, new Set([String(value['name'])]))),
      )
      .filter(({ value }) => !speaksHttp2(value))
      .map(({ path, value }) =>
        inDocument(target, {
          path: `${toPath(path)}.typed_extension_protocol_options`,
          message: `cluster ${String(value['name'])} does not say that the API server speaks HTTP/2, and Envoy speaks HTTP/1.1 to it`,
          mend: 'set `explicit_http_config: {http2_protocol_options: {}}` in `typed_extension_protocol_options["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]` of the cluster',
        }),
      );
  });
}

/**
 * By today's extension or the deprecated field.
 *
 * Source: Envoy's `extensions.upstreams.http.v3.HttpProtocolOptions`; `auto_config` negotiates HTTP/2 with or without options of its own.
 */
function speaksHttp2(cluster: JsonObject): boolean {
  if (isObject(cluster['http2_protocol_options'])) return true;
  const typed = cluster['typed_extension_protocol_options'];
  return Object.entries(isObject(typed) ? typed : {})
    .filter(
      ([name, value]) =>
        name.endsWith('HttpProtocolOptions') || typeName(value) === 'HttpProtocolOptions',
    )
    .some(
      ([, value]) =>
        isObject(getIn(value, ['auto_config'])) ||
        ['explicit_http_config', 'use_downstream_protocol_config'].some((key) =>
          ['http2_protocol_options', 'http3_protocol_options'].some((options) =>
            isObject(getIn(value, [key, options])),
          ),
        ),
    );
}
