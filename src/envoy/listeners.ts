/**
 * What Envoy's listeners take: TLS, the PROXY protocol, which HTTP.
 *
 * Source: Envoy's `extensions.transport_sockets.tls.v3.DownstreamTlsContext`; the socket belongs to the filter chain.
 */
import { type Json, objectAt } from '../yaml/json.ts';
import {
  filterChains,
  type Located,
  messageIn,
  objectIn,
  objectsIn,
  typeName,
} from './bootstrap.ts';
import { isEnum, isTrue, viewOf } from './proto-json.ts';

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

/**
 * What a listener makes of the header of the PROXY protocol: it takes connections only behind one, or with and without.
 *
 * Source: Envoy's `extensions.filters.listener.proxy_protocol.v3.ProxyProtocol`, and `FilterChain.use_proxy_proto` before it.
 */
export function proxyHeaderAt(listener: Located): 'needed' | 'understood' | undefined {
  const configs = objectsIn(listener, ['listener_filters'])
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .filter(({ value }) => typeName(value) === 'ProxyProtocol');
  const isOfChain = objectsIn(listener, ['filter_chains']).some(({ value }) =>
    isTrue(value['use_proxy_proto']),
  );
  if (configs.length === 0 && !isOfChain) return undefined;
  const isOptional = configs.every(({ value }) =>
    isTrue(value['allow_requests_without_proxy_protocol']),
  );
  return isOptional && !isOfChain ? 'understood' : 'needed';
}

/** What a connection manager takes over plain text; undefined where it finds out by itself. */
export function codecOf({ value }: Located): 'HTTP/1.1' | 'HTTP/2' | undefined {
  const codec = value['codec_type'];
  if (isEnum(codec, 'HTTP1', 1)) return 'HTTP/1.1';
  return isEnum(codec, 'HTTP2', 2) ? 'HTTP/2' : undefined;
}
