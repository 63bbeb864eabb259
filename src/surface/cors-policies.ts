/**
 * The CORS policies of every virtual host of Envoy that serves the API.
 *
 * Sources: Envoy's `extensions.filters.http.cors.v3.CorsPolicy` and `config.route.v3.FilterConfig`; the cors filter takes each field from
 * the most specific policy that has it: route, virtual host, route table.
 */

import {
  apiClusters,
  clusterNames,
  connectionManagers,
  type Located,
  leadsTo,
  objectsAt,
  type Path,
  typeName,
  virtualHosts,
} from '../envoy/bootstrap.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

export const CORS_FILTER = 'envoy.filters.http.cors';

/** A connection manager that serves the API. */
export interface ApiManager {
  target: DocumentTarget;
  manager: Located;
  hosts: readonly ApiVirtualHost[];
}

export interface ApiVirtualHost {
  target: DocumentTarget;
  host: Located;
  /** Of the virtual host itself, else of its route table; `off` where it is switched off, undefined where nothing is said. */
  own: Located | 'off' | undefined;
  /** Whether CORS is switched off for a route to the API. */
  isOff: boolean;
  /** Every policy that is on, in whatever place. */
  policies: readonly Located[];
  /** What counts for each route to the API, most specific first; empty where CORS is off for it. */
  chains: readonly (readonly Located[])[];
}

/** Managers with a virtual host that leads to the API; with all of them where no cluster is known to be the API's. */
export function apiManagers(view: Surface): ApiManager[] {
  const hint = view.upstreamHint;
  return view.envoys.flatMap((target) => {
    const root = jsonOf(target);
    const clusters = clusterNames(apiClusters(root, hint));
    return connectionManagers(root).flatMap((manager): ApiManager[] => {
      const leading = virtualHosts(root, manager).filter(
        ({ value }) => clusters.size === 0 || leadsTo(value, clusters),
      );
      const hosts = leading.map((host) => corsOf(target, manager, host, clusters));
      return hosts.length > 0 ? [{ target, manager, hosts }] : [];
    });
  });
}

/** The value of a field of the policies that count for a route, with the policy that has it. */
export function effective(
  chain: readonly Located[],
  isSet: (policy: JsonObject) => boolean,
): Located | undefined {
  return chain.find(({ value }) => isSet(value));
}

function corsOf(
  target: DocumentTarget,
  manager: Located,
  host: Located,
  clusters: ReadonlySet<string>,
): ApiVirtualHost {
  const root = jsonOf(target);
  const tablePath = [...manager.path, 'route_config'];
  const table = { path: tablePath, value: manager.value['route_config'] as JsonObject };
  const own = policyOf(host) ?? policyOf(table);
  const routes = objectsAt(root, [...host.path, 'routes']);
  const parts = routes.map((route) => {
    const weighted = objectsAt(root, [...route.path, 'route', 'weighted_clusters', 'clusters']);
    return { route, own: policyOf(route), weighted: weighted.map(policyOf) };
  });
  const isPolicy = (policy: Located | 'off' | undefined) =>
    policy !== undefined && policy !== 'off';
  const leading = parts.filter(
    ({ route }) => clusters.size === 0 || leadsTo(route.value, clusters),
  );
  const isOn = (part: (typeof parts)[number]) => (part.own ?? own) !== 'off';
  const chains = leading
    .filter(isOn)
    .map((part) => [...part.weighted, part.own, own].filter(isPolicy));
  const policies = [own, ...parts.flatMap((part) => [part.own, ...part.weighted])];
  const isOff = !leading.every(isOn);
  return { target, host, own, isOff, policies: policies.filter(isPolicy), chains };
}

/** What a route table, a virtual host, a route or a weighted cluster says of CORS, in today's form or the deprecated ones. */
function policyOf(owner: Located): Located | 'off' | undefined {
  const typed = owner.value?.['typed_per_filter_config'];
  for (const [name, value] of Object.entries(isObject(typed) ? typed : {})) {
    const path = [...owner.path, 'typed_per_filter_config', name];
    if (typeName(value) === 'CorsPolicy') return unlessOff({ path, value: value as JsonObject });
    const wrapped = getIn(value, ['config']);
    if (name !== CORS_FILTER && typeName(wrapped) !== 'CorsPolicy') continue;
    if (getIn(value, ['disabled']) === true) return 'off';
    if (isObject(wrapped)) return unlessOff({ path: [...path, 'config'], value: wrapped });
  }
  const deprecated: Path[] = [['cors'], ['route', 'cors']];
  for (const path of deprecated) {
    const value = getIn(owner.value, path);
    if (isObject(value)) return unlessOff({ path: [...owner.path, ...path], value });
  }
  return undefined;
}

/** Zero per cent of the requests, and no shadow rules. */
function unlessOff(policy: Located): Located | 'off' {
  const numerator = getIn(policy.value, ['filter_enabled', 'default_value', 'numerator']);
  return isObject(policy.value['filter_enabled']) && isZero(numerator) ? 'off' : policy;
}

function isZero(value: Json | undefined): boolean {
  return value === undefined || value === 0;
}
