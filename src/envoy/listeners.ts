/**
 * TLS that ends at Envoy's listeners.
 *
 * Source: Envoy's `extensions.transport_sockets.tls.v3.DownstreamTlsContext`; the socket belongs to the filter chain.
 */
import { type Json, objectAt } from '../yaml/json.ts';
import { filterChains, type Located, objectIn, objectsIn, typeName } from './bootstrap.ts';
import { viewOf } from './proto-json.ts';

/** The filter chain that a connection manager is in. */
export function chainOf(root: Json | undefined, manager: Located): Located {
  const path = manager.path.slice(0, manager.path.lastIndexOf('filters'));
  return { path, value: viewOf(objectAt(root, path)) };
}

/** Where a filter chain ends TLS: its `common_tls_context`. */
export function tlsContextOf(chain: Located): Located | undefined {
  const [config] = objectIn(chain, ['transport_socket', 'typed_config']);
  if (!config || typeName(config.value) !== 'DownstreamTlsContext') return undefined;
  const [context] = objectIn(config, ['common_tls_context']);
  return context ?? { path: [...config.path, 'common_tls_context'], value: {} };
}

/** Whether a filter chain refuses clients without a certificate. */
export function requiresClientCertificate(chain: Located): boolean {
  const [config] = objectIn(chain, ['transport_socket', 'typed_config']);
  return config?.value['require_client_certificate'] === true;
}

/** The TLS contexts of all filter chains. */
export function tlsContexts(root: Json | undefined): Located[] {
  return filterChains(root).flatMap((chain) => tlsContextOf(chain) ?? []);
}

/** What listeners of one port take; undefined where they take both, or by another socket, which is not read: QUIC, two protocols at once. */
export function spokenAt(listeners: readonly Located[]): 'tls' | 'plain' | undefined {
  const chains = listeners.flatMap((listener) => [
    ...objectsIn(listener, ['filter_chains']),
    ...objectIn(listener, ['default_filter_chain']),
  ]);
  const isTls = chains.map((chain) => tlsContextOf(chain) !== undefined);
  if (chains.length === 0) return undefined;
  if (chains.some(({ value }, index) => value['transport_socket'] && !isTls[index]))
    return undefined;
  if (isTls.every((one) => one)) return 'tls';
  return isTls.some((one) => one) ? undefined : 'plain';
}
