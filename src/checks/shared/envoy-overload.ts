/**
 * What Envoy as a whole sheds: its overload manager, and limits of connections.
 *
 * Sources: Envoy, "Overload manager" (an action without a scale begins when the pressure of its monitor is not below the threshold),
 * `resource_monitors.fixed_heap.v3.FixedHeapConfig`, `resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`, "Limiting
 * active connections" (`overload.global_downstream_max_connections`, `envoy.resource_limits.listener.NAME.connection_limit`), and
 * `filters.network.connection_limit.v3.ConnectionLimit`.
 */
import {
  type Located,
  listenerOf,
  messageIn,
  objectIn,
  objectsAt,
  objectsIn,
  typeName,
} from '../../envoy/bootstrap.ts';
import { numberOf } from '../../envoy/proto-json.ts';
import { apiManagers } from '../../surface/envoy-api.ts';
import { type Bootstrap, envoyBootstraps } from '../../surface/envoy-bootstraps.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asNumber, asText, getIn, isObject, type Json } from '../../yaml/json.ts';
import { LEAST_MEMORY, quantityOf } from './quantity.ts';

const MIB = 2 ** 20;

/** What Envoy has in use without a single request is a good part of this. */
const LEAST = 32 * MIB;

/** Each request of a controller that speaks HTTP/1.1, and each browser, has a connection of its own. */
const CONNECTIONS = { broken: 4, low: 31 };

/** Faults in the bootstraps that play the role of Envoy; those of a mesh are left alone. */
export function overloadFaults(surface: Surface): Fault[] {
  const isOurs = ({ target: { resource, key } }: Bootstrap) =>
    surface.envoys.some((own) => own.resource === resource && own.key === key);
  return envoyBootstraps(surface)
    .filter(isOurs)
    .flatMap((bootstrap) => [
      ...ofMonitors(bootstrap),
      ...ofActions(bootstrap),
      ...ofConnections(bootstrap, surface),
    ]);
}

function managerOf({ target }: Bootstrap): Located[] {
  const root = { path: [], value: { root: jsonOf(target) ?? null } };
  return objectIn(root, ['root', 'overload_manager']).map(({ path, value }) => ({
    path: path.slice(1),
    value,
  }));
}

function ofMonitors(bootstrap: Bootstrap): Fault[] {
  const { target, reader } = bootstrap;
  const limit = quantityOf(getIn(reader?.container, ['resources', 'limits', 'memory']));
  return managerOf(bootstrap)
    .flatMap((manager) => objectsIn(manager, ['resource_monitors']))
    .flatMap((monitor) => messageIn(monitor, ['typed_config']))
    .flatMap(({ path, value }): Fault[] => {
      const most = numberOf(value['max_active_downstream_connections']);
      if (typeName(value) === 'DownstreamConnectionsConfig')
        return onCount(bootstrap, [...path, 'max_active_downstream_connections'], most);
      const heap = numberOf(value['max_heap_size_bytes']);
      if (typeName(value) !== 'FixedHeapConfig' || heap === undefined) return [];
      const place = [...path, 'max_heap_size_bytes'];
      if (heap < LEAST)
        return [
          inDocument(target, place, {
            message: `the overload manager lets Envoy have ${shown(heap)}, which it uses without a request: it acts as if overloaded from the start`,
            fix: 'set it to about nine tenths of the memory limit of the container',
          }),
        ];
      if (limit === undefined || limit < LEAST_MEMORY || heap <= limit) return [];
      return [
        inDocument(target, place, {
          severity: 'warning',
          message: `the overload manager acts near ${shown(heap)}, and the container is killed at ${shown(limit)}: it never sheds load before that`,
          fix: `set it to about nine tenths of the limit: ${Math.floor(limit * 0.9)}`,
        }),
      ];
    });
}

const STOPS =
  /\.(?:stop_accepting_requests|stop_accepting_connections|reject_incoming_connections)$/;

function ofActions(bootstrap: Bootstrap): Fault[] {
  return managerOf(bootstrap)
    .flatMap((manager) => objectsIn(manager, ['actions']))
    .filter(({ value }) => STOPS.test(asText(value['name'])))
    .flatMap((action) => objectsIn(action, ['triggers']).map((trigger) => ({ action, trigger })))
    .filter(({ trigger: { value } }) => {
      const threshold = value['threshold'];
      // What is not written is 0.
      return isObject(threshold) && asNumber(threshold['value'] ?? 0) === 0;
    })
    .map(({ action, trigger }) =>
      inDocument(bootstrap.target, [...trigger.path, 'threshold'], {
        message: `${asText(action.value['name'])} begins at a pressure of 0, which there always is: every request is refused`,
        fix: 'set the threshold near 1: `{ value: 0.95 }`',
      }),
    );
}

/** Of the listeners that serve the API: others have few callers. */
function ofConnections(bootstrap: Bootstrap, surface: Surface): Fault[] {
  const root = jsonOf(bootstrap.target);
  const listeners = apiManagers(surface)
    .filter(({ target }) => jsonOf(target) === root)
    .flatMap(({ manager }) => listenerOf(root, manager) ?? []);
  const filters = listeners
    .flatMap((listener) => objectsIn(listener, ['filter_chains']))
    .flatMap((chain) => objectsIn(chain, ['filters']))
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .filter(({ value }) => typeName(value) === 'ConnectionLimit')
    .map(({ path, value }) => ({
      path: [...path, 'max_connections'],
      value: value['max_connections'],
    }));
  const keys = [
    'overload.global_downstream_max_connections',
    ...listeners.map(
      ({ value }) => `envoy.resource_limits.listener.${asText(value['name'])}.connection_limit`,
    ),
  ];
  const runtime = objectsAt(root, ['layered_runtime', 'layers'])
    .flatMap((layer) => objectIn(layer, ['static_layer']))
    .flatMap(({ path, value }) => leavesOf(value, path, ''))
    .filter(({ name }) => keys.includes(name));
  return [...filters, ...runtime].flatMap(({ path, value }) =>
    onCount(bootstrap, path, numberOf(value)),
  );
}

/** Keys of the runtime may be written as one, or level by level. */
function leavesOf(
  value: Json | undefined,
  path: Located['path'],
  name: string,
): { path: Located['path']; name: string; value: Json | undefined }[] {
  if (!isObject(value)) return [{ path, name, value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, key], name === '' ? key : `${name}.${key}`),
  );
}

function onCount({ target }: Bootstrap, path: Located['path'], most: number | undefined): Fault[] {
  if (most === undefined || most > CONNECTIONS.low) return [];
  return [
    inDocument(target, path, {
      severity: most > CONNECTIONS.broken ? 'warning' : undefined,
      message: `Envoy takes ${most === 1 ? 'one connection' : `${most} connections`} at a time, from all clients and probes together, and closes the next`,
      fix: 'raise it far above what is served at one time, to 10000 for instance',
    }),
  ];
}

function shown(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
