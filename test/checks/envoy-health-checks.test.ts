/** Health checks of Envoy that the API server does not pass, and times that cut no stream. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { editDocument, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const failing = changeIn(STREAMS, 'probe-unanswered');
const doubted = changeIn(STREAMS, 'probe-unanswered', 'warning');
const fine = changeIn(STREAMS, undefined);

const TIMES = { timeout: '1s', interval: '5s', unhealthy_threshold: 2, healthy_threshold: 1 };

const envoy = (edit: (cluster: Manifest, manager: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const { clusters, listeners } = root.static_resources;
    const api = clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
    edit(api, listeners[0].filter_chains[0].filters[0].typed_config);
  });

const checked = (kind: Manifest, more: Manifest = {}) =>
  envoy((api) => Object.assign(api, { health_checks: [{ ...TIMES, ...kind }], ...more }));

await plantEach([
  doubted('over HTTP', checked({ http_health_check: { path: '/healthz' } })),
  doubted('by the gRPC health service', checked({ grpc_health_check: {} })),
  failing(
    'over HTTP, and no server at all is used then',
    checked(
      { http_health_check: { path: '/' } },
      { common_lb_config: { healthy_panic_threshold: { value: 0 } } },
    ),
  ),
  fine('by a connection alone', checked({ tcp_health_check: {} })),
  fine(
    'on a port of its own',
    envoy((api) => {
      api.health_checks = [{ ...TIMES, http_health_check: { path: '/healthz' } }];
      for (const { lb_endpoints: endpoints } of api.load_assignment.endpoints)
        for (const { endpoint } of endpoints) endpoint.health_check_config = { port_value: 8080 };
    }),
  ),
  fine(
    'connections that are renewed: streams on them go on',
    envoy((api, manager) => {
      manager.common_http_protocol_options = {
        max_connection_duration: '60s',
        idle_timeout: '30s',
      };
      api.common_http_protocol_options = { idle_timeout: '30s' };
    }),
  ),
  changeIn(STREAMS, 'envoy-route-timeout')(
    'the longest stream stands in the old field of the cluster',
    envoy((api) => {
      api.common_http_protocol_options = { max_stream_duration: '30s' };
    }),
  ),
]);

test.run();
