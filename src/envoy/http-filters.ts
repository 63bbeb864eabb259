/**
 * The HTTP filters of a connection manager, and what browsers may speak to it.
 *
 * Source: Envoy's HTTP filter reference. A filter is told by the type of its `typed_config`; its name is free, and tells only where there
 * is not a type. A disabled one works where an entry of `typed_per_filter_config` under its name says so.
 */
import { asText, isObject, stringAt } from '../yaml/json.ts';
import { type Located, messageIn, objectIn, objectsIn, typeName } from './bootstrap.ts';
import { isTrue } from './proto-json.ts';

/** `grpc_web`, from `…filters.http.grpc_web.v3.GrpcWeb`; the end of its name where no type is given. */
export function kindOfFilter({ value }: Located): string {
  const config = value['typed_config'];
  const type = stringAt(config, ['type_url']) || stringAt(config, ['@type']);
  const [, kind] = /\.filters\.http\.(\w+)\./.exec(type) ?? [];
  return (
    kind ??
    asText(value['name'] ?? '')
      .split('.')
      .at(-1) ??
    ''
  );
}

/** In their order; those that are switched off are left out. */
function activeFilters(manager: Located, owners: readonly Located[] | undefined): Located[] {
  return objectsIn(manager, ['http_filters']).filter((filter) =>
    owners ? isOnFor(filter, owners) : isOnSomewhere(manager, filter),
  );
}

function isOnSomewhere(manager: Located, filter: Located): boolean {
  const hosts = objectsIn(manager, ['route_config', 'virtual_hosts']);
  const owners = [
    ...objectIn(manager, ['route_config']),
    ...hosts,
    ...hosts.flatMap((host) => objectsIn(host, ['routes'])),
  ];
  return !isTrue(filter.value['disabled']) || owners.some((owner) => entryOf(filter, owner));
}

/** The most specific entry under its name counts. */
function isOnFor(filter: Located, owners: readonly Located[]): boolean {
  const entry = owners.flatMap((owner) => entryOf(filter, owner) ?? [])[0];
  return entry ? !switchesOff(entry) : !isTrue(filter.value['disabled']);
}

/** The entry of `typed_per_filter_config` for a filter. */
function entryOf({ value }: Located, owner: Located): Located | undefined {
  return messageIn(owner, ['typed_per_filter_config', stringAt(value, ['name'])])[0];
}

/** Source: Envoy's `config.route.v3.FilterConfig`; `GrpcJsonTranscoder` of a route, which is off without services. */
function switchesOff({ value }: Located): boolean {
  const type = typeName(value);
  if (type === 'FilterConfig') return isTrue(value['disabled']);
  return type === 'GrpcJsonTranscoder' && value['services'] === undefined;
}

/** Where the filters that translate are switched off for a call; undefined where nothing says so but the filters themselves. */
export function translatorsOff(manager: Located, owners: readonly Located[]): Located | undefined {
  return objectsIn(manager, ['http_filters'])
    .filter((filter) => TRANSLATORS[kindOfFilter(filter)])
    .flatMap((filter) => owners.flatMap((owner) => entryOf(filter, owner) ?? [])[0] ?? [])
    .find(switchesOff);
}

/** What browsers may speak. Native gRPC needs trailers, which no page can read. */
export type BrowserProtocol = 'gRPC-Web' | 'Connect' | 'JSON';

const TRANSLATORS: Readonly<Record<string, BrowserProtocol>> = {
  grpc_web: 'gRPC-Web',
  connect_grpc_bridge: 'Connect',
  grpc_json_transcoder: 'JSON',
};

/** Filters that may do anything, a translation among it; those that Envoy gets from a server or a file are not known either. */
const ANYTHING =
  /^(?:wasm|lua|ext_proc|golang|dynamic_modules|composite|grpc_http1_bridge)$|^grpc_http1_/;

/**
 * What a manager translates into gRPC; undefined where a filter may do so in a way that cannot be read.
 * @param owners - of one call, the most specific first: its route, its virtual host, the route table; without them any call counts
 */
export function protocolsOf(
  manager: Located,
  owners?: readonly Located[],
): ReadonlySet<BrowserProtocol> | undefined {
  const filters = activeFilters(manager, owners);
  const isOpen = filters.some(
    (filter) => ANYTHING.test(kindOfFilter(filter)) || isObject(filter.value['config_discovery']),
  );
  const found = filters.flatMap((filter) => TRANSLATORS[kindOfFilter(filter)] ?? []);
  return isOpen ? undefined : new Set(found);
}
