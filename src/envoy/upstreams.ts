/** How Envoy speaks to the servers behind a cluster. */
import { getIn, isObject, type JsonObject, objectAt } from '../yaml/json.ts';
import { typeName } from './bootstrap.ts';

/**
 * Whether a cluster speaks TLS.
 *
 * Source: Envoy's `config.core.v3.TransportSocket`; `raw_buffer` is no TLS, and the name is free where there is a type.
 */
export function speaksTls(cluster: JsonObject): boolean {
  const socket = getIn(cluster, ['transport_socket']);
  if (!isObject(socket)) return isObject(cluster['tls_context']);
  const type = typeName(socket['typed_config']);
  return type ? type !== 'RawBuffer' : !/raw_buffer/.test(String(socket['name']));
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
      ['explicit_http_config', 'use_downstream_protocol_config'].some((key) =>
        ['http2_protocol_options', 'http3_protocol_options'].some((options) =>
          isObject(getIn(value, [key, options])),
        ),
      ),
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
