/**
 * Parts of a bootstrap beside listeners and clusters for which Envoy does not start: overload manager, filters with rules of their own, and
 * what needs to know which node it is. Each was tried with Envoy 1.40.
 *
 * Sources: Envoy, "Overload manager"; `config.overload.v3.ThresholdTrigger`; `filters.http.local_ratelimit.v3.LocalRateLimit`;
 * `filters.http.jwt_authn.v3.JwtAuthentication`; `Server::Configuration::Utility` ("node 'id' and 'cluster' are required").
 */
import {
  connectionManagers,
  type Located,
  messageIn,
  objectIn,
  objectsAt,
  objectsIn,
  typeName,
} from '../../envoy/bootstrap.ts';
import { secondsIn } from '../../envoy/durations.ts';
import { withUnderscores } from '../../envoy/proto-json.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { optionOf, runsEnvoy } from '../../surface/envoy-program.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asNumber, asText, getIn, isObject, type Json, leavesOf } from '../../yaml/json.ts';
import type { Refusal } from './envoy-refusals.ts';

/** Paths count from the root of the document. */
export function startRefusals(target: DocumentTarget, surface: Surface): Refusal[] {
  const root = jsonOf(target);
  const filters = connectionManagers(root)
    .flatMap((manager) => objectsIn(manager, ['http_filters']))
    .flatMap((filter) => messageIn(filter, ['typed_config']));
  return [
    ...ofOverload(root),
    ...filters.flatMap((config) => FILTERS.get(typeName(config.value))?.(config) ?? []),
    ...withoutNode(target, surface),
  ];
}

const ACTIONS = [
  'stop_accepting_requests',
  'disable_http_keepalive',
  'stop_accepting_connections',
  'reject_incoming_connections',
  'shrink_heap',
  'reduce_timeouts',
  'reset_high_memory_stream',
].map((name) => `envoy.overload_actions.${name}`);

function ofOverload(root: Json | undefined): Refusal[] {
  const monitors = objectsAt(root, ['overload_manager', 'resource_monitors']);
  const names = monitors.map(({ value }) => asText(value['name']));
  return objectsAt(root, ['overload_manager', 'actions']).flatMap((action): Refusal[] => {
    const name = asText(action.value['name']);
    const meant = ACTIONS.find((one) => one !== name && isMisspelled(name, one));
    const slip =
      meant === undefined || ACTIONS.includes(name)
        ? []
        : [
            {
              path: [...action.path, 'name'],
              message: `there is no overload action ${name}`,
              fix: `write \`${meant}\``,
            },
          ];
    return [...slip, ...objectsIn(action, ['triggers']).flatMap((one) => ofTrigger(one, names))];
  });
}

function ofTrigger({ path, value }: Located, monitors: readonly string[]): Refusal[] {
  const name = asText(value['name']);
  const levels = [
    ['threshold', 'value'],
    ['scaled', 'scaling_threshold'],
    ['scaled', 'saturation_threshold'],
  ];
  return [
    ...(monitors.includes(name)
      ? []
      : [
          {
            path: [...path, 'name'],
            message: `a trigger of the overload manager asks ${name}, and there is no such monitor`,
            fix: monitors.length > 0 ? `name one of: ${monitors.join(', ')}` : 'add the monitor',
          },
        ]),
    ...levels.flatMap((place): Refusal[] => {
      const level = asNumber(getIn(value, place) ?? 0);
      if (!(level > 1 || level < 0)) return [];
      return [
        {
          path: [...path, ...place],
          message: `${place.at(-1) === 'value' ? 'a threshold' : place.at(-1)} of the overload manager is ${level}, and pressure goes from 0 to 1`,
          fix: `write \`${level > 1 && level <= 100 ? level / 100 : 0.95}\``,
        },
      ];
    }),
  ];
}

const FILTERS: ReadonlyMap<string, (config: Located) => Refusal[]> = new Map(
  Object.entries<(config: Located) => Refusal[]>({
    LocalRateLimit: (config) => {
      const [bucket] = objectIn(config, ['token_bucket']);
      const seconds = secondsIn(bucket?.value['fill_interval']);
      if (!bucket || seconds === undefined || seconds >= 0.05) return [];
      return [
        {
          path: [...bucket.path, 'fill_interval'],
          message: `the token bucket is filled every ${seconds} s, and that takes 0.05 s at least`,
          fix: 'write `fill_interval: 1s` with as many `tokens_per_fill` as calls in a second',
        },
      ];
    },
    JwtAuthentication: (config) => {
      const names = Object.keys(objectIn(config, ['providers'])[0]?.value ?? {});
      return objectsIn(config, ['rules']).flatMap((rule) =>
        leavesOf(rule.value)
          .filter(({ path }) => path.at(-1) === 'provider_name')
          .filter(({ value }) => !names.includes(value))
          .map(({ path, value }) => ({
            path: [...rule.path, ...path],
            message: `a rule of jwt_authn asks for provider ${value}, and there is no such provider`,
            fix: names.length > 0 ? `name one of: ${names.join(', ')}` : 'add the provider',
          })),
      );
    },
  }),
);

/** What subscribes to something, and sinks that say who they are: Envoy has to be told its node. */
function withoutNode(target: DocumentTarget, surface: Surface): Refusal[] {
  const root = jsonOf(target);
  const missing = ['id', 'cluster'].filter((key) => !asText(getIn(root, ['node', key]) ?? ''));
  const asking = subscriberIn(root);
  if (missing.length === 0 || !asking) return [];
  const containers = surface
    .mounting([target])
    .flatMap((workload) => containersWith(target, workload).filter(runsEnvoy));
  const isTold = (key: string) => {
    const option = key === 'id' ? '--service-node' : '--service-cluster';
    return containers.every((one) => optionOf(one, [option]) !== undefined);
  };
  if (containers.length === 0 || missing.every(isTold)) return [];
  return [
    {
      path: ['node'],
      message: `${asking} needs to know which Envoy asks, and there is no node with ${missing.join(' and ')}`,
      fix: 'add `node: { id: envoy, cluster: michelangelo }`, or the options `--service-node` and `--service-cluster`',
    },
  ];
}

const SUBSCRIBING: Readonly<Record<string, string>> = {
  sds_config: 'a certificate that comes by SDS',
  cds_config: 'a list of clusters from elsewhere',
  lds_config: 'a list of listeners from elsewhere',
  config_source: 'a table of routes from elsewhere',
  tcp_cluster_name: 'a sink of metrics',
};

/** The first of them; undefined where there is none. */
function subscriberIn(json: Json | undefined): string | undefined {
  if (Array.isArray(json)) return firstOf(json, subscriberIn);
  if (!isObject(json)) return undefined;
  return firstOf(Object.entries(json), ([key, value]) => {
    const field = withUnderscores(key);
    return Object.hasOwn(SUBSCRIBING, field) ? SUBSCRIBING[field] : subscriberIn(value);
  });
}

function firstOf<T>(
  items: readonly T[],
  look: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
