/** Ports and TLS of listeners. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listenerPorts } from '../../src/envoy/bootstrap.ts';
import { tlsContexts } from '../../src/envoy/listeners.ts';
import type { Json, JsonObject } from '../../src/yaml/json.ts';
import { toPath } from '../../src/yaml/path.ts';

const test = suite('listeners');
const rootOf = (...listeners: JsonObject[]) => ({ static_resources: { listeners } });
const at = (port: Json) => ({ address: { socket_address: { port_value: port } } });
const socket = (type: string): JsonObject => ({
  transport_socket: { typed_config: { '@type': `envoy.${type}`, common_tls_context: {} } },
});

test('reads ports that are numbers or strings of digits', () => {
  assert.equal(listenerPorts(rootOf(at(8081), at('8082'), at('http'), {})), [8081, 8082]);
});

test('finds TLS in every filter chain, the default one included', () => {
  const chains = [socket('RawBuffer'), socket('DownstreamTlsContext')];
  const root = rootOf({
    filter_chains: chains,
    default_filter_chain: socket('DownstreamTlsContext'),
  });
  const place = 'transport_socket.typed_config.common_tls_context';
  assert.equal(
    tlsContexts(root).map(({ path }) => toPath(path)),
    [
      `static_resources.listeners[0].filter_chains[1].${place}`,
      `static_resources.listeners[0].default_filter_chain.${place}`,
    ],
  );
});

test.run();
