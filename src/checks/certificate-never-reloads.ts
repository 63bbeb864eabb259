/**
 * Sources: Envoy's `extensions.transport_sockets.tls.v3` (CommonTlsContext, TlsCertificate.watched_directory) and "Secret discovery
 * service"; Kubernetes, "Secrets": a container that mounts one by `subPath` gets no updates.
 */

import { type Located, objectsAt } from '../envoy/bootstrap.ts';
import { tlsContexts } from '../envoy/listeners.ts';
import { inDocument } from '../surface/faults/fault.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type Json, type JsonObject, list } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { discoveredFiles } from './shared/envoy-secret-files.ts';
import { subPathMounts } from './shared/envoy-secret-mounts.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's certificate is never read again",
  why: 'Inline `tls_certificates` are read once, and a file that is mounted by `subPath` never changes: Envoy serves the certificate until it has expired.',
  mend: 'use `tls_certificate_sds_secret_configs` with `path_config_source` and a `watched_directory` on the mount, without `subPath`',
  find: (view) =>
    view.envoys.flatMap((target) => {
      const contexts = tlsContexts(jsonOf(target));
      if (contexts.length === 0) return [];
      return [
        ...contexts.flatMap((context) => onContext(target, context, view)),
        ...subPathMounts(view, target, certificatePaths(target, contexts, view)),
      ];
    }),
};

function onContext(target: DocumentTarget, { path, value }: Located, view: Surface) {
  const fixed = list(value['tls_certificate_sds_secret_configs']).flatMap((config, index) => {
    const message = onDiscovery(target, config, view);
    const place = [...path, 'tls_certificate_sds_secret_configs', index];
    return message ? [{ place, message }] : [];
  });
  const inline = {
    place: [...path, 'tls_certificates'],
    message: 'the certificate stands in `tls_certificates`, which Envoy reads once',
  };
  const hasInline = list(value['tls_certificates']).length > 0;
  return [...(hasInline ? [inline] : []), ...fixed].map(({ place, ...details }) =>
    inDocument(target, place, details),
  );
}

/** What keeps a certificate that Envoy is told of from being read again. */
function onDiscovery(
  target: DocumentTarget,
  config: JsonObject,
  view: Surface,
): string | undefined {
  const name = String(config['name']);
  if (!isObject(config['sds_config'])) {
    const own = objectsAt(jsonOf(target), ['static_resources', 'secrets']);
    return own.some(({ value }) => value['name'] === name)
      ? `${name} is one of \`static_resources.secrets\`, which Envoy reads once`
      : undefined;
  }
  const unwatched = discoveredFiles(view, target, config).find(({ isWatched }) => !isWatched);
  return unwatched && `${name} has no \`watched_directory\` in ${unwatched.key}`;
}

/** Every file that a certificate is read from, as far as it can be told. */
function certificatePaths(
  target: DocumentTarget,
  contexts: readonly Located[],
  view: Surface,
): string[] {
  return contexts.flatMap(({ value }) => [
    ...list(value['tls_certificates']).flatMap(filesOf),
    ...list(value['tls_certificate_sds_secret_configs']).flatMap((config) =>
      discoveredFiles(view, target, config).flatMap(({ certificate }) => filesOf(certificate)),
    ),
    ...objectsAt(jsonOf(target), ['static_resources', 'secrets']).flatMap((secret) =>
      filesOf(secret.value['tls_certificate']),
    ),
  ]);
}

function filesOf(certificate: Json | undefined): string[] {
  return ['certificate_chain', 'private_key']
    .map((key) => getIn(certificate, [key, 'filename']))
    .filter((file): file is string => typeof file === 'string');
}
