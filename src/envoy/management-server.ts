/**
 * Listeners and routes that Envoy asks a management server for.
 *
 * Source: Envoy's v3 API reference, `config.core.v3.ConfigSource`: `ads`, and `api_config_source` for gRPC and REST, are such servers;
 * `path_config_source` and `path` are files.
 */
import { getIn, isObject, type Json } from '../yaml/json.ts';
import { connectionManagers } from './bootstrap.ts';
import { viewOf } from './proto-json.ts';

/** Whether a bootstrap has listeners, or a connection manager its routes, from a management server. */
export function isServedByOthers(json: Json | undefined): boolean {
  const listeners = getIn(viewOf(json), ['dynamic_resources', 'lds_config']);
  const routes = connectionManagers(json).map(({ value }) =>
    getIn(value, ['rds', 'config_source']),
  );
  return [listeners, ...routes].some(
    (source) =>
      isObject(source) &&
      (source['ads'] !== undefined || source['api_config_source'] !== undefined),
  );
}
