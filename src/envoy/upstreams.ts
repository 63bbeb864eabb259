/** How Envoy speaks to the servers behind a cluster. */
import { asText, getIn, isObject, type Json, type JsonObject, objectAt } from '../yaml/json.ts';
import { type Located, objectIn, objectsAt, typeName } from './bootstrap.ts';

/**
 * Whether a cluster speaks TLS.
 *
 * Source: Envoy's `config.core.v3.TransportSocket`; `raw_buffer` is no TLS, and the name is free where there is a type.
 */
export function speaksTls(cluster: JsonObject): boolean {
  const socket = getIn(cluster, ['transport_socket']);
  if (!isObject(socket)) return isObject(cluster['tls_context']);
  const type = typeName(socket['typed_config']);
  return type ? type !== 'RawBuffer' : !/raw_buffer/.test(asText(socket['name']));
}

/** Where clusters speak TLS: the `common_tls_context` of each. */
export function upstreamTlsContexts(root: Json | undefined): Located[] {
  return objectsAt(root, ['static_resources', 'clusters'])
    .flatMap((cluster) => objectIn(cluster, ['transport_socket', 'typed_config']))
    .filter(({ value }) => typeName(value) === 'UpstreamTlsContext')
    .flatMap((config) => objectIn(config, ['common_tls_context']));
}

/**
 * Whether a cluster speaks HTTP/2, by today's extension or the deprecated field.
 *
 * Source: Envoy's `extensions.upstreams.http.v3.HttpProtocolOptions`; `auto_config` negotiates HTTP/2 with or without options of its own,
 * in TLS alone.
 */
export function speaksHttp2(cluster: JsonObject): boolean {
  if (isObject(cluster['http2_protocol_options'])) return true;
  return protocolOptions(cluster).some(
    (value) =>
      (isObject(value['auto_config']) && speaksTls(cluster)) ||
      hasHttp2(value, 'explicit_http_config'),
  );
}

/**
 * Whether a cluster speaks to servers as clients speak to Envoy: HTTP/2 to those that come by HTTP/2, HTTP/1.1 to others (tried with
 * Envoy 1.40).
 */
export function followsClients(cluster: JsonObject): boolean {
  return protocolOptions(cluster).some((value) =>
    hasHttp2(value, 'use_downstream_protocol_config'),
  );
}

function hasHttp2(options: JsonObject, key: string): boolean {
  return ['http2_protocol_options', 'http3_protocol_options'].some((field) =>
    isObject(getIn(options, [key, field])),
  );
}

/** Whether the protocol of a cluster is to be negotiated in TLS that it does not speak: Envoy 1.40 does not start with it. */
export function negotiatesWithoutTls(cluster: JsonObject): boolean {
  return (
    !speaksTls(cluster) && protocolOptions(cluster).some((value) => isObject(value['auto_config']))
  );
}

function protocolOptions(cluster: JsonObject): JsonObject[] {
  return Object.entries(objectAt(cluster, ['typed_extension_protocol_options'])).flatMap(
    ([name, value]) =>
      isObject(value) &&
      (name.endsWith('HttpProtocolOptions') || typeName(value) === 'HttpProtocolOptions')
        ? [value]
        : [],
  );
}
