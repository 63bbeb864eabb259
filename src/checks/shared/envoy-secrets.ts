/** Certificates that Envoy reads from files, and the files in which it is told of them. */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type Json, type JsonObject, list, strings } from '../../yaml/json.ts';

/** The files of a certificate and its key. */
export function filesOf(certificate: Json | undefined): string[] {
  return ['certificate_chain', 'private_key']
    .map((key) => getIn(certificate, [key, 'filename']))
    .filter((file) => typeof file === 'string');
}

/** The files of authorities that a TLS context trusts. */
export function trustedFiles(context: JsonObject): string[] {
  const places = [
    ['validation_context'],
    ['combined_validation_context', 'default_validation_context'],
  ];
  return strings(
    places.map((place) => getIn(context, [...place, 'trusted_ca', 'filename']) ?? null),
  );
}

/** The file of a ConfigMap that an SDS config reads, with the secrets in it; undefined where it is a server, or not in the stream. */
export function secretsFile(
  { manifests }: Surface,
  { resource }: DocumentTarget,
  config: JsonObject,
): { key: string; secrets: JsonObject[] } | undefined {
  const path =
    getIn(config, ['sds_config', 'path_config_source', 'path']) ??
    getIn(config, ['sds_config', 'path']);
  if (typeof path !== 'string') return undefined;
  const key = path.split('/').at(-1) ?? '';
  const others = manifests
    .ofKind('ConfigMap')
    .filter(({ namespace }) => sameNamespace(namespace, resource.namespace));
  // Of several with a file of that name, the one that has Envoy's own config.
  const found = [resource, ...others].find((configMap) => configMap.document(key));
  const json = found?.document(key)?.json;
  return json === undefined ? undefined : { key, secrets: list(getIn(json, ['resources'])) };
}

/** The certificates that an SDS config leads to, each with the key of its file in a ConfigMap. */
export function discoveredFiles(
  surface: Surface,
  target: DocumentTarget,
  config: JsonObject,
): { key: string; certificate: JsonObject }[] {
  const { key, secrets } = secretsFile(surface, target, config) ?? { key: '', secrets: [] };
  return secrets
    .filter(({ name }) => config['name'] === undefined || name === config['name'])
    .flatMap(({ tls_certificate: certificate }) =>
      isObject(certificate) ? [{ key, certificate }] : [],
    );
}
