/**
 * The HTTP filters of a connection manager, and what browsers may speak to it.
 *
 * Source: Envoy's HTTP filter reference. A filter is told by the type of its `typed_config`; its name is free, and tells only where there
 * is not a type. A disabled one works where an entry of `typed_per_filter_config` under its name says so.
 */
import { asText, isObject, stringAt } from '../yaml/json.ts';
import { type Located, objectsIn } from './bootstrap.ts';
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
function activeFilters(manager: Located): Located[] {
  return objectsIn(manager, ['http_filters']).filter(
    ({ value }) => !isTrue(value['disabled']) || isSwitchedOn(manager, asText(value['name'])),
  );
}

function isSwitchedOn(manager: Located, name: string): boolean {
  const hosts = objectsIn(manager, ['route_config', 'virtual_hosts']);
  const owners = [manager, ...hosts, ...hosts.flatMap((host) => objectsIn(host, ['routes']))];
  return owners.some(({ value }) => {
    const own = value['typed_per_filter_config'];
    return isObject(own) && isObject(own[name]);
  });
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

/** What a manager translates into gRPC; undefined where a filter may do so in a way that cannot be read. */
export function protocolsOf(manager: Located): ReadonlySet<BrowserProtocol> | undefined {
  const filters = activeFilters(manager);
  const isOpen = filters.some(
    (filter) => ANYTHING.test(kindOfFilter(filter)) || isObject(filter.value['config_discovery']),
  );
  const found = filters.flatMap((filter) => TRANSLATORS[kindOfFilter(filter)] ?? []);
  return isOpen ? undefined : new Set(found);
}
