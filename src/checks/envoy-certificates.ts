/**
 * TLS that ends at Envoy: HTTP/2 on offer, and certificates that are read again when they are renewed.
 *
 * Sources: Envoy's `extensions.transport_sockets.tls.v3` (CommonTlsContext, TlsCertificate.watched_directory) and "Secret discovery
 * service"; Kubernetes, "Secrets": a container that mounts one by `subPath` gets no updates.
 */

import { type Located, objectsAt, typeName } from '../envoy/bootstrap.ts';
import { list } from '../manifests/workloads.ts';
import { apiManagers } from '../surface/cors-policies.ts';
import type { DocumentTarget } from '../surface/inventory.ts';
import { jsonOf, type ManifestView } from '../surface/view.ts';
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { discoveredFiles } from './envoy-secret-files.ts';
import { subPathMounts } from './envoy-secret-mounts.ts';
import { documentFinding, type Finding, type Search } from './shared/catalogue.ts';

const withoutHttp2: Search = (view) =>
  apiManagers(view).flatMap(({ target, manager }): Finding[] => {
    // …, filters, index, typed_config
    const socket = [...manager.path.slice(0, -3), 'transport_socket', 'typed_config'];
    const config = getIn(jsonOf(target), socket);
    if (typeName(config) !== 'DownstreamTlsContext') return [];
    const offered = getIn(config, ['common_tls_context', 'alpn_protocols']);
    if (Array.isArray(offered) && offered.includes('h2')) return [];
    return [
      documentFinding('envoy-tls-without-h2', target, {
        path: toPath([...socket, 'common_tls_context', 'alpn_protocols']),
        message: Array.isArray(offered)
          ? `TLS offers ${offered.join(', ') || 'no protocol'}, and not h2`
          : 'TLS offers no protocol at all, and so not h2',
      }),
    ];
  });

const neverReloads: Search = (view) =>
  view.envoys.flatMap((target) => {
    const contexts = tlsContexts(jsonOf(target));
    if (contexts.length === 0) return [];
    return [
      ...contexts.flatMap((context) => onContext(target, context, view)),
      ...subPathMounts(view, target, certificatePaths(target, contexts, view)),
    ];
  });

/** The TLS contexts of all listeners: the path is that of `common_tls_context`. */
function tlsContexts(root: Json | undefined): Located[] {
  const listeners = objectsAt(root, ['static_resources', 'listeners']);
  const chains = listeners.flatMap(({ path }) => [
    ...objectsAt(root, [...path, 'filter_chains']).map((chain) => chain.path),
    [...path, 'default_filter_chain'],
  ]);
  return chains.flatMap((chain) => {
    const path = [...chain, 'transport_socket', 'typed_config', 'common_tls_context'];
    const value = getIn(root, path);
    return isObject(value) ? [{ path, value }] : [];
  });
}

function onContext(target: DocumentTarget, { path, value }: Located, view: ManifestView) {
  const inline = list(value['tls_certificates']).length > 0;
  const fixed = list(value['tls_certificate_sds_secret_configs']).flatMap((config, index) => {
    const message = onDiscovery(target, config, view);
    const place = toPath([...path, 'tls_certificate_sds_secret_configs', index]);
    return message ? [{ path: place, message }] : [];
  });
  const found = [
    ...(inline
      ? [
          {
            path: toPath([...path, 'tls_certificates']),
            message: 'the certificate stands in `tls_certificates`, which Envoy reads once',
          },
        ]
      : []),
    ...fixed,
  ];
  return found.map((details) => documentFinding('certificate-never-reloads', target, details));
}

/** What keeps a certificate that Envoy is told of from being read again. */
function onDiscovery(
  target: DocumentTarget,
  config: JsonObject,
  view: ManifestView,
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
  view: ManifestView,
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

export const ENVOY_CERTIFICATE_CHECKS: readonly Search[] = [withoutHttp2, neverReloads];
