/** What Envoy's own ports answer to requests that are no calls. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OwnRequest, refusalOf } from '../../src/surface/envoy-answers.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';

const test = suite('answers of Envoy');

interface Parts {
  domains?: string;
  routes?: string;
  manager?: string;
  filters?: string;
  listener?: string;
  chain?: string;
}

const HEALTH = '{ match: { path: /healthz }, direct_response: { status: 200 } }';

/** A listener on port 8081 whose virtual host takes what it is given. */
function bootstrap(parts: Parts) {
  const { domains = '"*"', routes = HEALTH, manager = '', filters = '' } = parts;
  return parseYaml(`
static_resources:
  listeners:
    - address: { socket_address: { address: 0.0.0.0, port_value: 8081 } }
      ${parts.listener ?? ''}
      filter_chains:
        - ${parts.chain ?? 'name: main'}
          filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                ${manager}
                route_config: { virtual_hosts: [{ domains: [${domains}], routes: [${routes}] }] }
                http_filters: [${filters}{ name: envoy.filters.http.router }]
`).json;
}

const TLS =
  'transport_socket: { name: tls, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext } }';
const PROXIED =
  'listener_filters: [{ name: envoy.filters.listener.proxy_protocol, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol } }]';
const refused = "Envoy's listener there";

for (const [name, expected, parts, request = {}] of [
  ['a route that answers', undefined, {}],
  ['TLS to plain text', `${refused} has no TLS`, {}, { scheme: 'https' }],
  ['plain text to TLS', `${refused} takes TLS alone`, { chain: TLS }],
  ['TLS to TLS', undefined, { chain: TLS }, { scheme: 'https' }],
  ['HTTP/1.1 to HTTP/2', `${refused} takes HTTP/2 alone`, { manager: 'codec_type: HTTP2' }],
  [
    'the same, told of elsewhere',
    undefined,
    { manager: 'codec_type: HTTP2' },
    { isListenerAtFault: true },
  ],
  [
    'no PROXY header',
    `${refused} waits for a header of the PROXY protocol first`,
    { listener: PROXIED },
  ],
  [
    'a filter that may answer',
    undefined,
    { filters: '{ name: envoy.filters.http.lua }, ' },
    { path: '/x' },
  ],
  [
    'a filter that does not',
    'no route of Envoy takes /x: it answers 404',
    { filters: '{ name: envoy.filters.http.cors }, ' },
    { path: '/x' },
  ],
  [
    'the address of the pod',
    'no virtual host of Envoy takes the address of the pod: it answers 404',
    { domains: 'app.example.com' },
  ],
  [
    'another host',
    'no virtual host of Envoy takes b.example.com: it answers 404',
    { domains: 'app.example.com' },
    { host: 'b.example.com', publicHosts: ['app.example.com', 'c.example.com'] },
  ],
  [
    'another host, where no public one is taken either',
    undefined,
    { domains: 'app.example.com' },
    { publicHosts: ['c.example.com'] },
  ],
  ['its host', undefined, { domains: 'app.example.com' }, { host: 'app.example.com' }],
  ['a query', undefined, {}, { path: '/healthz?full=1' }],
  ['399', undefined, { routes: HEALTH.replace('200', '399') }],
  ['400', "Envoy's route for /healthz answers 400", { routes: HEALTH.replace('200', '400') }],
  ['a cluster', undefined, { routes: '{ match: { prefix: / }, route: { cluster: ui } }' }],
] as [string, string | undefined, Parts, Partial<OwnRequest>?][])
  test(name, () => {
    const asked: OwnRequest = { port: 8081, path: '/healthz', scheme: 'http', ...request };
    assert.is(refusalOf(bootstrap(parts), asked), expected);
  });

test('a port on which Envoy does not listen answers nothing that can be told', () => {
  assert.is(refusalOf(bootstrap({}), { port: 9901, path: '/ready', scheme: 'http' }), undefined);
});

test.run();
