/**
 * Envoy's CORS where it serves the API: the filter, every policy that is written for it, and what counts for each call.
 *
 * Sources: Envoy's `extensions.filters.http.cors.v3`, `config.route.v3.FilterConfig`, `HttpFilter.disabled` and the filter's code
 * (cors_filter.cc), tried with Envoy 1.40:
 *
 * - An entry of `typed_per_filter_config` is read under the filter's own name alone, whatever that is.
 * - The most specific entry of weighted cluster, route, virtual host and route table switches the filter off or, where it is `disabled`
 *   itself, on.
 * - Each field comes from the most specific policy that has it, `filter_enabled` from the most specific policy alone.
 * - The deprecated `cors` of route and virtual host counts where no entry has a policy. It does not switch a disabled filter on.
 */
import {
  asNumber,
  getIn,
  isObject,
  type JsonObject,
  objectAt,
  stringAt,
  toPointer,
} from '../yaml/json.ts';
import type { ApiManager } from './api.ts';
import { type Located, messageIn, objectIn, objectsIn, type Path, typeName } from './bootstrap.ts';
import { isTrue } from './proto-json.ts';

/** Its usual name, and the key of its policies. */
export const CORS_FILTER = 'envoy.filters.http.cors';
/** What the filter was called before Envoy's API v3; any name will do beside its type. */
const LEGACY_FILTER = 'envoy.cors';

/** CORS of one connection manager. */
export interface ManagerCors {
  manager: Located;
  /** The cors filter among its `http_filters`. */
  filter: Located | undefined;
  hosts: readonly HostCors[];
}

/** CORS of one virtual host. */
export interface HostCors {
  host: Located;
  /** Its routes to the API. */
  routes: readonly Located[];
  /** The key under which policies for the filter stand. */
  filterName: string;
  /**
   * Every policy at the virtual host, at the route table where the host says nothing and no other needs it, at each route to the API
   * and each of its weighted clusters that is the API.
   */
  policies: readonly CorsPolicy[];
  /** The route table's, apart from these where virtual hosts that do not lead to the API fall back to them as well. */
  shared: readonly CorsPolicy[];
  /** Whether the virtual host or its route table has an entry or a policy that is read. */
  hasOwn: boolean;
  /** Whether something that is read is written for every route to the API, be it that CORS is off. */
  isDecided: boolean;
  /** One for each route to the API, and for each API cluster of a route that has several. */
  calls: readonly CorsCall[];
}

/** A policy where it stands. */
export interface CorsPolicy extends Located {
  isDeprecated: boolean;
  /** Not under another name than the filter's, in a disabled entry, or in a deprecated field beside a policy of today's form. */
  isRead: boolean;
  /** Read, and not for 0 % of the requests. */
  isOn: boolean;
}

interface CorsCall {
  /** What switches CORS off for the call. */
  off: CorsSwitch | undefined;
  /** The policies that count, most specific first; empty where an entry or a policy switches CORS off. */
  chain: readonly Located[];
}

/** Something that turns CORS off. */
export interface CorsSwitch {
  path: Path;
  /** `disabled` of the filter, `disabled` of an entry, or `filter_enabled` of a policy. */
  by: 'filter' | 'entry' | 'policy';
}

/** What one owner says. */
interface Statement {
  /** The entry under the filter's name. */
  entry: { path: Path; isOff: boolean } | undefined;
  policies: readonly CorsPolicy[];
}

/** Filter, policies and switches of a connection manager. */
export function corsOf({ manager, hosts }: ApiManager): ManagerCors {
  const filter = objectsIn(manager, ['http_filters']).find(
    (each) =>
      each.value['name'] === CORS_FILTER ||
      each.value['name'] === LEGACY_FILTER ||
      messageIn(each, ['typed_config']).some(({ value }) => typeName(value) === 'Cors'),
  );
  const filterName = stringAt(filter?.value, ['name']) || CORS_FILTER;
  const read = (owner: Located) => statementOf(owner, filterName);
  const table = objectIn(manager, ['route_config']).map(read);
  const places = new Set(hosts.map(({ host }) => toPointer(host.path)));
  const isTableShared = objectsIn(manager, ['route_config', 'virtual_hosts']).some(
    (host) => !places.has(toPointer(host.path)) && !isSaid(read(host)),
  );
  return {
    manager,
    filter,
    hosts: hosts.map(({ host, routes }) => {
      const own = read(host);
      const general = isSaid(own) ? [own] : [own, ...table];
      const owners = routes.flatMap((route) => [route, ...route.weighted]);
      return {
        host,
        routes,
        filterName,
        policies: [...(isTableShared ? [own] : general), ...owners.map(read)].flatMap(
          ({ policies }) => policies,
        ),
        shared: isTableShared ? general.slice(1).flatMap(({ policies }) => policies) : [],
        hasOwn: [own, ...table].some(isSaid),
        isDecided: general.some(isSaid) || routes.map(read).every(isSaid),
        calls: routes.flatMap((route) => {
          const said = [read(route), own, ...table];
          const weighted = route.weighted.map((cluster) => [read(cluster), ...said]);
          return (weighted.length > 0 ? weighted : [said]).map((each) => callOf(each, filter));
        }),
      };
    }),
  };
}

/**
 * The policies that a field comes from, each once, over all calls for which no entry and no policy switches CORS off; undefined among
 * them where a call has none. Without the field in any policy of a call it is the most specific one.
 */
export function policiesThatCount(
  calls: readonly CorsCall[],
  isSet: (policy: JsonObject) => boolean,
): (Located | undefined)[] {
  const chains = calls.filter(isSwitchedOn).map(({ chain }) => chain);
  return [...new Set(chains.map((chain) => chain.find(({ value }) => isSet(value)) ?? chain[0]))];
}

/** Whether neither an entry nor a policy switches CORS off; the filter itself may be disabled. */
export function isSwitchedOn({ off }: CorsCall): boolean {
  return off === undefined || off.by === 'filter';
}

/** @param said - the most specific first */
function callOf(said: readonly Statement[], filter: Located | undefined): CorsCall {
  const { entry } = said.find((statement) => statement.entry !== undefined) ?? {};
  if (entry?.isOff) return { off: { path: entry.path, by: 'entry' }, chain: [] };
  const read = said.flatMap(({ policies }) => policies.filter(({ isRead }) => isRead));
  const current = read.filter(({ isDeprecated }) => !isDeprecated);
  const chain = current.length > 0 ? current : read;
  const [first] = chain;
  if (first && !first.isOn)
    return { off: { path: [...first.path, 'filter_enabled'], by: 'policy' }, chain: [] };
  const isFilterOff = entry === undefined && isTrue(filter?.value['disabled']);
  return {
    off: filter && isFilterOff ? { path: [...filter.path, 'disabled'], by: 'filter' } : undefined,
    chain,
  };
}

function statementOf(owner: Located, filterName: string): Statement {
  const entries = Object.keys(objectAt(owner.value, ['typed_per_filter_config']))
    .flatMap((name) =>
      messageIn(owner, ['typed_per_filter_config', name]).map((entry) => ({ ...entry, name })),
    )
    .map((entry) => ({
      ...entry,
      isOwn: entry.name === filterName,
      isOff: typeName(entry.value) === 'FilterConfig' && isTrue(entry.value['disabled']),
    }));
  const current = entries.flatMap((entry) =>
    // FilterConfig wraps a policy to disable it or to make it optional.
    [entry, ...messageIn(entry, ['config'])]
      .filter(({ value }) => typeName(value) === 'CorsPolicy')
      .map((policy) => asPolicy(policy, false, entry.isOwn && !entry.isOff)),
  );
  const isCurrentRead = current.some(({ isRead }) => isRead);
  const deprecated = [['cors'], ['route', 'cors']]
    .flatMap((path) => objectIn(owner, path))
    .map((policy) => asPolicy(policy, true, !isCurrentRead));
  return { entry: entries.find(({ isOwn }) => isOwn), policies: [...current, ...deprecated] };
}

function asPolicy({ path, value }: Located, isDeprecated: boolean, isRead: boolean): CorsPolicy {
  const share = value['filter_enabled'];
  // `0` is the default of `numerator`.
  const isZero =
    isObject(share) && asNumber(getIn(share, ['default_value', 'numerator']) ?? 0) === 0;
  return { path, value, isDeprecated, isRead, isOn: isRead && !isZero };
}

function isSaid({ entry, policies }: Statement): boolean {
  return entry !== undefined || policies.some(({ isRead }) => isRead);
}
