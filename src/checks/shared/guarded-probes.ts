/**
 * Probes of a path of Envoy that its own filters guard: the kubelet has no token.
 *
 * Sources: Envoy's `jwt_authn.v3.JwtAuthentication` (the first rule that matches counts; 401 without a token), `ext_authz.v3.ExtAuthz`,
 * `basic_auth.v3.BasicAuth`; filters go before the routes, whose answer may be a `direct_response`.
 */
import {
  connectionManagers,
  type Located,
  listenerOf,
  messageIn,
  objectIn,
  objectsIn,
  portOf,
  typeName,
} from '../../envoy/bootstrap.ts';
import { kindOfFilter } from '../../envoy/http-filters.ts';
import { chainOf, tlsContextOf } from '../../envoy/listeners.ts';
import { isTrue } from '../../envoy/proto-json.ts';
import { routesTaking, takesCall } from '../../envoy/route-match.ts';
import { virtualHostFor } from '../../envoy/virtual-hosts.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { containersWith, type Probe, probesOf } from '../../surface/bind-addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type Json, leavesOf, list, objectAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Of every container that starts from a document of Envoy. */
export function guardedProbes(surface: Surface): Fault[] {
  return surface.envoys.flatMap((target) =>
    surface.mounting([target]).flatMap((workload) =>
      placedContainers(workload)
        .filter(({ json }) => containersWith(target, workload).includes(json))
        .flatMap((container) =>
          probesOf(container.json).flatMap(
            (probe) => judge(probe, container, workload, target) ?? [],
          ),
        ),
    ),
  );
}

function judge(
  probe: Probe,
  { json, path: place }: PlacedContainer,
  workload: Resource,
  target: DocumentTarget,
): Fault | undefined {
  const { name, means, port, path } = probe;
  const headers = list(getIn(json, [name, means, 'httpHeaders']));
  const isNamed = headers.some(({ name: own }) => !/^host$/i.test(asText(own)));
  if (means !== 'httpGet' || port === undefined || isNamed) return undefined;
  const root = jsonOf(target);
  const managers = connectionManagers(root).filter(
    (manager) =>
      portOf(listenerOf(root, manager)?.value ?? {}) === port &&
      (tlsContextOf(chainOf(root, manager)) !== undefined) === (probe.scheme === 'https'),
  );
  const [manager, ...others] = managers;
  if (!manager || others.length > 0) return undefined;
  const guard = guardOf(manager, probe);
  if (!guard) return undefined;
  return {
    resource: workload,
    path: toPath([...place, name, means, 'path']),
    severity: guard.isSure ? undefined : 'warning',
    message: `the ${name} asks ${path} on port ${port}, which ${guard.by} of Envoy guards: the kubelet has no token${guard.isSure ? ', and is answered 401' : ', and fails unless the server that is asked lets it in'}`,
    fix: guard.fix,
  };
}

interface Guard {
  by: string;
  isSure: boolean;
  fix: string;
}

/** Filters that let a request go on as it is. */
const PASSING =
  /^(?:cors|grpc_web|connect_grpc_bridge|grpc_json_transcoder|grpc_stats|compressor|router|local_ratelimit|header_mutation)$/;

/** The first filter that guards the path; undefined where none does, or one before it may answer by itself. */
function guardOf(manager: Located, { path, host, port }: Probe): Guard | undefined {
  const url = path.split('?')[0] ?? path;
  const hosts = objectsIn(manager, ['route_config', 'virtual_hosts']);
  const taken = virtualHostFor(hosts, host ?? `10.0.0.1:${port}`);
  const [route] = taken ? routesTaking(objectsIn(taken, ['routes']), url) : [];
  if (!taken || !route) return undefined;
  const owners = [route, taken, ...objectIn(manager, ['route_config'])];
  for (const filter of objectsIn(manager, ['http_filters'])) {
    if (isTrue(filter.value['disabled'])) continue;
    const name = asText(filter.value['name']);
    const isOwn = owners.some(
      (owner) =>
        owner.value['typed_per_filter_config'] !== undefined &&
        name in objectAt(owner.value, ['typed_per_filter_config']),
    );
    const [config] = messageIn(filter, ['typed_config']);
    const guard = config && !isOwn ? GUARDS.get(typeName(config.value))?.(config, url) : undefined;
    if (guard) return { ...guard, by: `the filter ${name}` };
    const isGuard = config !== undefined && GUARDS.has(typeName(config.value));
    if (!isGuard && !PASSING.test(kindOfFilter(filter))) return undefined;
  }
  return undefined;
}

const GUARDS: ReadonlyMap<string, (config: Located, url: string) => Omit<Guard, 'by'> | undefined> =
  new Map(
    Object.entries<(config: Located, url: string) => Omit<Guard, 'by'> | undefined>({
      JwtAuthentication: (config, url) => {
        const rule = objectsIn(config, ['rules']).find((one) => takesCall(one, url) !== false);
        if (!rule || takesCall(rule, url) !== true) return undefined;
        const named = rule.value['requirement_name'];
        const requires =
          named === undefined
            ? rule.value['requires']
            : getIn(config.value, ['requirement_map', asText(named)]);
        if (!isRequired(requires)) return undefined;
        return {
          isSure: true,
          fix: 'put a rule for the path without `requires` in front of the others',
        };
      },
      ExtAuthz: ({ value }) =>
        value['filter_enabled'] === undefined && value['filter_enabled_metadata'] === undefined
          ? {
              isSure: false,
              fix: 'switch the filter off for the route: `typed_per_filter_config` with `ExtAuthzPerRoute` and `disabled: true`',
            }
          : undefined,
      BasicAuth: () => ({
        isSure: true,
        fix: 'switch the filter off for the route in its `typed_per_filter_config`',
      }),
    }),
  );

/** Whether a request without a token is refused. */
function isRequired(requires: Json | undefined): boolean {
  if (!isObject(requires) || Object.keys(requires).length === 0) return false;
  const text = JSON.stringify(requires);
  const isOpen = /"allow_missing(?:_or_failed)?"|"allowMissing(?:OrFailed)?"/.test(text);
  return !isOpen && leavesOf(requires).length > 0;
}
