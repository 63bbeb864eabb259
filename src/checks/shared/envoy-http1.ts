import { clustersOfRoute } from '../../envoy/bootstrap.ts';
import { speaksHttp2 } from '../../envoy/upstreams.ts';
import { envoyApi } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';

/** Clusters of the API that Envoy speaks HTTP/1.1 to: gRPC-Web becomes gRPC there, which HTTP/1.1 cannot carry. */
export function envoyOverHttp1(view: Surface): Fault[] {
  return view.envoys.flatMap((target) => {
    const { clusters, managers } = envoyApi(target, view);
    const routes = managers.flatMap(({ hosts }) => hosts.flatMap((host) => host.routes));
    const used = new Set(routes.flatMap(({ value }) => clustersOfRoute(value)));
    return clusters
      .filter(({ value }) => used.has(String(value['name'])) && !speaksHttp2(value))
      .map(({ path, value }) =>
        inDocument(target, [...path, 'typed_extension_protocol_options'], {
          message: `cluster ${String(value['name'])} does not say that the API server speaks HTTP/2, and Envoy speaks HTTP/1.1 to it`,
          mend: 'set `explicit_http_config: {http2_protocol_options: {}}` in `typed_extension_protocol_options["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]` of the cluster',
        }),
      );
  });
}
