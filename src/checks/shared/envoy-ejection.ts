/**
 * Limits of Envoy that take every server out of use at one error, or that limit nothing.
 *
 * Sources: Envoy's `config.cluster.v3.OutlierDetection` (failures of gRPC count as 5xx; `consecutive_gateway_failure` is enforced only where
 * `enforcing_consecutive_gateway_failure` says so), "Panic threshold"; `local_ratelimit.v3.LocalRateLimit` (`filter_enabled` and
 * `filter_enforced` are 0 % unless they say otherwise).
 */
import { type Located, messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { isTrue, numberOf } from '../../envoy/proto-json.ts';
import { type ApiManager, envoyApi } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type Json, type JsonObject, objectAt } from '../../yaml/json.ts';

/** What counts errors, with whether it is enforced where nothing says how often. */
const COUNTERS = [
  { field: 'consecutive_5xx', isEnforced: true },
  { field: 'consecutive_gateway_failure', isEnforced: false },
  { field: 'consecutive_local_origin_failure', isEnforced: true },
];

/** Of the clusters that lead to the API. */
export function ejections(surface: Surface): Fault[] {
  return surface.envoys.flatMap((target) =>
    envoyApi(target, surface).clusters.flatMap((cluster) =>
      objectIn(cluster, ['outlier_detection']).flatMap(({ path, value }): Fault[] => {
        const found = COUNTERS.find((counter) => ejectsAtOnce(value, counter));
        if (!found || (numberOf(value['max_ejection_percent']) ?? 0) < 100) return [];
        const panic = numberOf(
          getIn(cluster.value, ['common_lb_config', 'healthy_panic_threshold', 'value']),
        );
        const end =
          panic === 0
            ? 'after one failed call each, no server is left, and every call is answered with 503'
            : 'after one failed call each, every server is out, and calls go on only because of the panic threshold, to servers that are really gone as well';
        return [
          inDocument(target, [...path, found.field], {
            severity: 'warning',
            message: `${found.field} of cluster ${asText(cluster.value['name'])} is 1 with max_ejection_percent 100: ${end}`,
            fix: `write \`${found.field}: 5\` and \`max_ejection_percent: 50\``,
          }),
        ];
      }),
    ),
  );
}

function ejectsAtOnce(
  value: JsonObject,
  { field, isEnforced }: (typeof COUNTERS)[number],
): boolean {
  const share = numberOf(value[`enforcing_${field}`]);
  const isOfLocal = field === 'consecutive_local_origin_failure';
  if (isOfLocal && !isTrue(value['split_external_local_origin_errors'])) return false;
  return numberOf(value[field]) === 1 && (share === undefined ? isEnforced : share > 0);
}

/** Of a manager through which the API is reached: local rate limits, those of its hosts and routes among them. */
export function idleRateLimits({ target, manager }: ApiManager): Fault[] {
  const root = jsonOf(target);
  const tables = objectIn(manager, ['route_config']);
  const hosts = tables.flatMap((table) => objectsIn(table, ['virtual_hosts']));
  const owners = [...tables, ...hosts, ...hosts.flatMap((host) => objectsIn(host, ['routes']))];
  const configs = [
    ...objectsIn(manager, ['http_filters'])
      .filter(({ value }) => !isTrue(value['disabled']))
      .flatMap((filter) => messageIn(filter, ['typed_config'])),
    ...owners.flatMap((owner) =>
      Object.keys(objectAt(owner.value, ['typed_per_filter_config'])).flatMap((name) =>
        messageIn(owner, ['typed_per_filter_config', name]),
      ),
    ),
  ];
  return configs
    .filter(({ value }) => typeName(value) === 'LocalRateLimit' && 'token_bucket' in value)
    .flatMap((config) => {
      const field = ['filter_enabled', 'filter_enforced'].find((one) => isOff(config, one, root));
      if (field === undefined) return [];
      return [
        inDocument(target, [...config.path, field], {
          severity: 'warning',
          message: `the local rate limit has no ${field}, and 0 % is the default: it ${field === 'filter_enabled' ? 'counts' : 'refuses'} nothing`,
          fix: `write \`${field}: {default_value: {numerator: 100, denominator: HUNDRED}}\`, or take the filter away`,
        }),
      ];
    });
}

/** 0 % that somebody wrote is meant. A key without a share of its own may be set while Envoy runs. */
function isOff({ value }: Located, field: string, root: Json | undefined): boolean {
  if (numberOf(getIn(value, [field, 'default_value', 'numerator'])) !== undefined) return false;
  const key = getIn(value, [field, 'runtime_key']);
  const layers = objectsIn({ path: [], value: objectAt(root, []) }, ['layered_runtime', 'layers']);
  return (
    key === undefined ||
    !layers.some(
      (layer) => layer.value['static_layer'] === undefined || mentions(layer.value, asText(key)),
    )
  );
}

function mentions(layer: JsonObject, key: string): boolean {
  return JSON.stringify(layer).includes(key.split('.').at(-1) ?? key);
}
