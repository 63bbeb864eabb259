/**
 * Health checks by which Envoy asks the API server whether it lives.
 *
 * Sources: Envoy's `config.core.v3.HealthCheck`, `Cluster.CommonLbConfig` and "Panic threshold" (below 50 % of healthy servers all of them get
 * requests), tried with Envoy 1.40; Michelangelo's `go/cmd/apiserver` (gRPC alone, without a health service).
 */
import { endpointsOf, type Located, objectsIn } from '../../envoy/bootstrap.ts';
import { isTrue, numberOf } from '../../envoy/proto-json.ts';
import { isUpstreamImage } from '../../manifests/images.ts';
import { allContainersOf } from '../../manifests/workload.ts';
import { envoyApi } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject } from '../../yaml/json.ts';

/** Faults of the health checks of every cluster that leads to the API. */
export function envoyHealthChecks(surface: Surface): Fault[] {
  const isUpstream = surface.apiServices
    .flatMap((service) => surface.podsOf(service))
    .some((pod) => allContainersOf(pod).some(isUpstreamImage));
  return surface.envoys.flatMap((target) =>
    envoyApi(target, surface)
      .clusters.filter((cluster) => !isAskedElsewhere(cluster, jsonOf(target)))
      .flatMap((cluster) =>
        objectsIn(cluster, ['health_checks']).flatMap((check): Fault[] => {
          const why = refusal(check);
          if (why === undefined) return [];
          const strict = lacksPanic(cluster);
          const result = strict
            ? 'Envoy considers every server unhealthy and answers each call with 503'
            : 'Envoy considers every server unhealthy, sends calls on only because of its panic threshold, and does not notice a server that is really gone';
          return [
            inDocument(target, check.path, {
              severity: strict && isUpstream ? undefined : 'warning',
              message: `the health check of cluster ${asText(cluster.value['name'])} ${why}${isUpstream ? '' : ', unless an image of yours answers it'}: ${result}`,
              fix: 'check with `tcp_health_check: {}`, or take the health check away',
            }),
          ];
        }),
      ),
  );
}

/** Why API servers do not pass it, as a clause with a verb; undefined for one that they may. */
function refusal({ value }: Located): string | undefined {
  if (value['alt_port'] !== undefined) return undefined;
  const { http_health_check: http, grpc_health_check: grpc } = value;
  if (isObject(http))
    return `asks ${asText(http['path'] ?? '/')} by HTTP, and API servers speak gRPC alone`;
  return isObject(grpc)
    ? 'calls the gRPC health service, which the API servers of 2026 do not have'
    : undefined;
}

/** On a port of its own something else may answer. */
function isAskedElsewhere(cluster: Located, root: Parameters<typeof endpointsOf>[0]): boolean {
  return (
    endpointsOf(root, cluster).length === 0 ||
    /"port_value":[^}]*"health_check_config"|"health_check_config":\{[^}]*"port_value"/.test(
      JSON.stringify(cluster.value['load_assignment'] ?? ''),
    )
  );
}

function lacksPanic({ value }: Located): boolean {
  const config = getIn(value, ['common_lb_config']);
  const share = getIn(config, ['healthy_panic_threshold', 'value']);
  return (
    numberOf(share) === 0 ||
    isTrue(getIn(config, ['zone_aware_lb_config', 'fail_traffic_on_panic']))
  );
}
