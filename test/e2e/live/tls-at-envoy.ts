/**
 * TLS at Envoy, by hand: the shape of `spec.tls.terminateAt: envoy`, with the paths that it has in the pod. Once an
 * overlay renders it, `terminateTls` goes and the rendered texts take its place; `movePaths` stays.
 */
import { type EnvoyConfig, filterChain } from '../support/envoy-config.ts';

/** Where the pod has Envoy's own ConfigMap, and the certificate's Secret. */
export const CONFIG_MOUNT = '/etc/envoy';
export const SECRET_MOUNT = '/etc/michelangelo/tls';

const SECRET_NAME = 'app';
const SECRET_FILE = `${CONFIG_MOUNT}/tls.yaml`;
const TYPES = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';

/** Lets the listener end TLS. */
export function terminateTls(config: EnvoyConfig): void {
  // Without a name Envoy takes no secret from outside its config.
  config.node = { id: 'michelangelo-envoy', cluster: 'michelangelo-envoy' };
  filterChain(config).transport_socket = {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TYPES}.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificate_sds_secret_configs: [
          {
            name: SECRET_NAME,
            sds_config: { path_config_source: { path: SECRET_FILE }, resource_api_version: 'V3' },
          },
        ],
      },
    },
  };
}

/** The files of Envoy's ConfigMap that the listener needs beside its config. */
export const configFiles = {
  'tls.yaml': JSON.stringify({
    resources: [
      {
        '@type': `${TYPES}.Secret`,
        name: SECRET_NAME,
        tls_certificate: {
          certificate_chain: { filename: `${SECRET_MOUNT}/tls.crt` },
          private_key: { filename: `${SECRET_MOUNT}/tls.key` },
          // Files read once, otherwise: kubelet replaces a link beside them, not the files.
          watched_directory: { path: SECRET_MOUNT },
        },
      },
    ],
  }),
};

/** A text with the pod's mounts, each replaced by a folder of this machine. */
export function movePaths(text: string, mounts: Readonly<Record<string, string>>): string {
  let moved = text;
  // Not in the middle of a longer name.
  for (const [mount, folder] of Object.entries(mounts))
    moved = moved.replaceAll(new RegExp(`${mount}(?=["'/\\s]|$)`, 'gm'), folder);
  return moved;
}
