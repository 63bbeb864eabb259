/** Files by which Envoy is told of its certificates: keys of ConfigMaps that its pods mount. */

import { sameNamespace } from '../../manifests/manifests.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type Json, type JsonObject, list } from '../../yaml/json.ts';

/** A certificate in a file of Envoy's secret discovery. */
interface DiscoveredFile {
  /** Key of the ConfigMap. */
  key: string;
  certificate: JsonObject;
  /** Whether Envoy reads it again when the directory changes, or reads it from no file. */
  isWatched: boolean;
}

/** The certificates that an SDS config leads to; none where it leads to a server, or to a file that is not in the stream. */
export function discoveredFiles(
  { manifests }: Surface,
  target: DocumentTarget,
  config: JsonObject,
): DiscoveredFile[] {
  const path =
    getIn(config, ['sds_config', 'path_config_source', 'path']) ??
    getIn(config, ['sds_config', 'path']);
  if (typeof path !== 'string') return [];
  const key = path.split('/').at(-1) ?? '';
  const configMaps = manifests
    .ofKind('ConfigMap')
    .filter(
      (resource) =>
        sameNamespace(resource.namespace, target.resource.namespace) &&
        getIn(resource.json, ['data', key]) !== undefined,
    );
  // Of several with a file of that name, the one that has Envoy's own config.
  const found = configMaps.find((resource) => resource === target.resource) ?? configMaps[0];
  const json = found?.document(key)?.json;
  const named = list(getIn(json, ['resources'])).filter(
    (resource) => config['name'] === undefined || resource['name'] === config['name'],
  );
  return named.flatMap(({ tls_certificate: certificate }) =>
    isObject(certificate) ? [{ key, certificate, isWatched: isWatched(certificate) }] : [],
  );
}

function isWatched(certificate: JsonObject): boolean {
  const isFile = (source: Json | undefined) => getIn(source, ['filename']) !== undefined;
  const hasFile = isFile(certificate['certificate_chain']) || isFile(certificate['private_key']);
  return !hasFile || getIn(certificate, ['watched_directory', 'path']) !== undefined;
}
