/** How Envoy speaks to servers, and what keeps it or its neighbours from serving; each beside the change that breaks nothing. */
import { test } from 'uvu';
import { apiRoute, editEnvoy, editManager, filter, pageApart } from './envoy-plantings.ts';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const wrong = changeIn(STREAMS, 'envoy-upstream');
const fine = changeIn(STREAMS, undefined);

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
const HTTP = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const api = (root: Manifest) =>
  root.static_resources.clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
/** A server outside of the cluster. */
const server = (port_value: number, more: Manifest = {}) => ({
  name: 'identity',
  type: 'LOGICAL_DNS',
  connect_timeout: '1s',
  load_assignment: {
    cluster_name: 'identity',
    endpoints: [
      {
        lb_endpoints: [
          { endpoint: { address: { socket_address: { address: 'id.corp.example', port_value } } } },
        ],
      },
    ],
  },
  ...more,
});
const socket = (context: Manifest = {}) => ({
  transport_socket: {
    name: 'envoy.transport_sockets.tls',
    typed_config: { '@type': TLS, sni: 'id.corp.example', common_tls_context: context },
  },
});
const http2 = (options: Manifest = {}) => ({
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': HTTP,
      explicit_http_config: { http2_protocol_options: options },
    },
  },
});
const added = (cluster: Manifest) =>
  editEnvoy((root) => {
    root.static_resources.clusters.push(cluster);
  });
/** Logs that are sent to the server by gRPC. */
const logged = (cluster: Manifest) => (manifests: Manifest[]) => {
  added(cluster)(manifests);
  editManager((manager) => {
    const type =
      'type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig';
    const common_config = {
      log_name: 'calls',
      transport_api_version: 'V3',
      grpc_service: { envoy_grpc: { cluster_name: 'identity' } },
    };
    manager.access_log = [{ name: 'als', typed_config: { '@type': type, common_config } }];
  })(manifests);
};
const pings = (interval: string) =>
  editEnvoy((root) => {
    delete api(root).http2_protocol_options;
    Object.assign(api(root), http2({ connection_keepalive: { interval, timeout: '5s' } }));
  });
const address = (address: string) =>
  editEnvoy((root) => {
    const [locality] = api(root).load_assignment.endpoints;
    locality.lb_endpoints[0].endpoint.address.socket_address.address = address;
  });
const envoyPod =
  (edit: (pod: Manifest, container: Manifest) => void) => (manifests: Manifest[]) => {
    const pod = find(manifests, 'Deployment', 'envoy').spec.template.spec;
    edit(pod, pod.containers[0]);
  };
const argued = (...words: string[]) =>
  envoyPod((_, container) => {
    container.args = [...(container.args ?? ['-c', '/etc/envoy/envoy.yaml']), ...words];
  });
const prepared = (more: Manifest) =>
  envoyPod((pod) => {
    pod.initContainers = [
      { name: 'early', image: 'envoyproxy/envoy:v1.38.0', args: ['-c', '/x.yaml'], ...more },
    ];
  });
const bound = (more: Manifest) =>
  editEnvoy((root) => {
    Object.assign(root.static_resources.listeners[0].address.socket_address, {
      address: '::',
      ...more,
    });
  });
const asked = (query_parameters: Manifest[]) =>
  editManager((manager) => {
    apiRoute(manager).match.query_parameters = query_parameters;
  });
const guarded = (additional_origins: Manifest[]) => (manifests: Manifest[]) => {
  editManager((manager) => {
    const made = filter('csrf', 'CsrfPolicy');
    Object.assign(made.typed_config, {
      filter_enabled: { default_value: { numerator: 100 } },
      additional_origins,
    });
    manager.http_filters.splice(-1, 0, made);
  })(manifests);
};
const logFile = (path: string) =>
  editManager((manager) => {
    const type = 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog';
    manager.access_log = [{ name: 'file', typed_config: { '@type': type, path } }];
  });

await plantEach([
  wrong('plain text to port 443', added(server(443))),
  fine('TLS to port 443', added(server(443, socket()))),
  fine('plain text to another port', added(server(8080))),
  wrong(
    'HTTP/2 that TLS does not offer',
    added(server(443, { ...socket({ alpn_protocols: ['http/1.1'] }), ...http2() })),
  ),
  fine(
    'HTTP/2 that TLS offers',
    added(server(443, { ...socket({ alpn_protocols: ['h2'] }), ...http2() })),
  ),
  wrong('gRPC by HTTP/1.1', logged(server(9000))),
  fine('gRPC by HTTP/2', logged(server(9000, http2()))),
  changeIn(STREAMS, 'envoy-upstream', 'warning')('pings that end connections', pings('10s')),
  fine('pings now and then', pings('600s')),
  changeIn(['production'], 'envoy-upstream')('a variable in a name', address('${API_HOST}')),
  changeIn(STREAMS, 'no-replicas')(
    'Envoy validates its config alone',
    argued('--mode', 'validate'),
  ),
  fine('Envoy serves', argued('--mode', 'serve')),
  changeIn(STREAMS, 'no-replicas')('Envoy among the init containers', prepared({})),
  fine('a sidecar', prepared({ restartPolicy: 'Always' })),
  fine(
    'a script that waits',
    prepared({
      image: 'busybox:1.36',
      args: [],
      command: ['sh', '-c', 'until nc -z db 1; do sleep 1; done'],
    }),
  ),
  changeIn(STREAMS, 'envoy-listener-protocol', 'warning')('IPv6 alone', bound({})),
  fine('IPv6 and IPv4', bound({ ipv4_compat: true })),
  changeIn(STREAMS, 'envoy-route-order')(
    'a route for calls with a query',
    asked([{ name: 'v', present_match: true }]),
  ),
  fine('a route for calls without a query', asked([{ name: 'v', present_match: false }])),
  changeIn(['production'], 'program-files')(
    'a log where nothing can be written',
    logFile('/var/log/envoy.log'),
  ),
  fine('a log on the standard output', logFile('/dev/stdout')),
  changeIn(['production'], undefined)(
    'a neighbour with the same port of UDP',
    envoyPod((pod) => {
      const ports = [{ containerPort: 8081, protocol: 'UDP' }];
      pod.containers.push({ name: 'dns', image: 'coredns/coredns:1.12.0', ports });
    }),
  ),
  changeIn(['production'], 'listen-address')(
    'a neighbour with the port of Envoy',
    envoyPod((pod) => {
      pod.containers.push({ name: 'web', image: 'nginx:1.29', ports: [{ containerPort: 8081 }] });
    }),
  ),
]);

await plantEach(
  [
    changeIn(['sound.yaml'], 'envoy-limit')('csrf without the origin of the page', guarded([])),
    changeIn(['sound.yaml'], undefined)(
      'csrf with the origin of the page',
      guarded([{ exact: 'page.ml.acme.io' }]),
    ),
  ],
  pageApart,
);

test.run();
