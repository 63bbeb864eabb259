/**
 * Sources: Envoy's `extensions.transport_sockets.tls.v3` (CommonTlsContext, TlsCertificate.watched_directory) and "Secret discovery
 * service"; Kubernetes, "Secrets": a container that mounts one by `subPath` gets no updates.
 */
import { type Located, objectsAt } from '../envoy/bootstrap.ts';
import { tlsContexts } from '../envoy/listeners.ts';
import { containersOf, podTemplatePath, sourcesOf, volumesOf } from '../manifests/workload.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { discoveredFiles, filesOf } from './shared/envoy-secrets.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's certificate is never read again",
  why: 'Inline `tls_certificates` are read once, and a file that is mounted by `subPath` never changes: Envoy serves the certificate until it has expired.',
  fix: 'use `tls_certificate_sds_secret_configs` with `path_config_source` and a `watched_directory` on the mount, without `subPath`',
  find: (surface) =>
    surface.envoys.flatMap((target) => {
      const contexts = tlsContexts(jsonOf(target));
      if (contexts.length === 0) return [];
      return [
        ...contexts.flatMap((context) => onContext(target, context, surface)),
        ...subPathMounts(surface, target, certificatePaths(target, contexts, surface)),
      ];
    }),
};

function onContext(target: DocumentTarget, { path, value }: Located, surface: Surface) {
  const fixed = list(value['tls_certificate_sds_secret_configs']).flatMap((config, index) => {
    const message = onDiscovery(target, config, surface);
    const place = [...path, 'tls_certificate_sds_secret_configs', index];
    return message ? [inDocument(target, place, { message })] : [];
  });
  if (list(value['tls_certificates']).length === 0) return fixed;
  const message = 'the certificate stands in `tls_certificates`, which Envoy reads once';
  return [inDocument(target, [...path, 'tls_certificates'], { message }), ...fixed];
}

/** What keeps a certificate that Envoy is told of from being read again. */
function onDiscovery(
  target: DocumentTarget,
  config: JsonObject,
  surface: Surface,
): string | undefined {
  const name = asText(config['name']);
  if (!isObject(config['sds_config'])) {
    const own = objectsAt(jsonOf(target), ['static_resources', 'secrets']);
    return own.some(({ value }) => value['name'] === name)
      ? `${name} is one of \`static_resources.secrets\`, which Envoy reads once`
      : undefined;
  }
  const unwatched = discoveredFiles(surface, target, config).find(
    ({ certificate }) => !isWatched(certificate),
  );
  return unwatched && `${name} has no \`watched_directory\` in ${unwatched.key}`;
}

/** Every file that a certificate is read from, as far as it can be told. */
function certificatePaths(
  target: DocumentTarget,
  contexts: readonly Located[],
  surface: Surface,
): string[] {
  return contexts.flatMap(({ value }) => [
    ...list(value['tls_certificates']).flatMap(filesOf),
    ...list(value['tls_certificate_sds_secret_configs']).flatMap((config) =>
      discoveredFiles(surface, target, config).flatMap(({ certificate }) => filesOf(certificate)),
    ),
    ...objectsAt(jsonOf(target), ['static_resources', 'secrets']).flatMap((secret) =>
      filesOf(secret.value['tls_certificate']),
    ),
  ]);
}

/** Whether Envoy reads it again when the directory changes, or reads it from no file. */
function isWatched(certificate: JsonObject): boolean {
  const directory = getIn(certificate, ['watched_directory', 'path']);
  return directory !== undefined || filesOf(certificate).length === 0;
}

/**
 * Mounts with `subPath` of volumes that hold a Secret.
 * @param files - that certificates are read from; where none is known, every Secret counts
 */
function subPathMounts(
  surface: Surface,
  target: DocumentTarget,
  files: readonly string[],
): Fault[] {
  return surface.mounting([target]).flatMap((workload) => {
    const path = [...podTemplatePath(workload), 'spec', 'containers'];
    return containersOf(workload).flatMap((container, at) =>
      list(container['volumeMounts']).flatMap((mount, index) => {
        const volume = volumesOf(workload).find(({ name }) => name === mount['name']);
        const [secret] = volume ? sourcesOf(volume, 'secret') : [];
        const isRead = files.length === 0 || files.some((file) => isAt(file, mount));
        if (secret === undefined || !isRead || !(mount['subPath'] ?? mount['subPathExpr']))
          return [];
        return [
          {
            resource: workload,
            path: toPath([...path, at, 'volumeMounts', index]),
            message: `Secret ${secret} is mounted at ${asText(mount['mountPath'])} by subPath, and never changes there`,
          },
        ];
      }),
    );
  });
}

function isAt(file: string, { mountPath }: JsonObject): boolean {
  const folder = asText(mountPath).replace(/\/$/, '');
  return file === folder || file.startsWith(`${folder}/`);
}
