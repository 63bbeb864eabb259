/** Failures in Envoy's own document, one each. */
import type { Planting } from './plantings.ts';
import { editDocument, find, type Manifest } from './support.ts';

const ALL = ['staging', 'production', 'onprem', 'dev', 'sound.yaml', 'sound-contour.yaml'] as const;
const CHARTS = ['sound.yaml', 'sound-contour.yaml'] as const;

export const editEnvoy = (edit: (root: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', edit);
export const editManager = (edit: (manager: Manifest) => void) =>
  editEnvoy((root) =>
    edit(root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config),
  );
export const hostOf = (manager: Manifest) => manager.route_config.virtual_hosts[0];
/** The action of the route to the API. */
export const apiRoute = (manager: Manifest) =>
  hostOf(manager).routes.find(({ match }: Manifest) => match.prefix === '/michelangelo.api.');
const POLICY = 'envoy.filters.http.cors';
export const policyOf = (manager: Manifest) =>
  hostOf(manager).cors ?? hostOf(manager).typed_per_filter_config[POLICY];

/** The page at a host of its own, which calls another origin and is let in there. */
export const pageApart = (manifests: Manifest[]) => {
  const web = manifests.find(
    ({ kind, metadata }) => kind === 'Ingress' && metadata.name === 'prod-ma-web',
  );
  const page = structuredClone(web);
  page.metadata.name = 'prod-ma-page';
  page.spec.tls[0] = { hosts: ['page.ml.acme.io'], secretName: 'prod-ma-page-tls' };
  page.spec.rules[0].host = 'page.ml.acme.io';
  page.spec.rules[0].http.paths[0].backend.service = { name: 'prod-ma-ui', port: { number: 80 } };
  manifests.push(page);
  editManager((manager) => {
    policyOf(manager).allow_origin_string_match = [{ exact: 'https://page.ml.acme.io' }];
  })(manifests);
};

export const filter = (name: string, type: string) => ({
  name: `envoy.filters.http.${name}`,
  typed_config: { '@type': `type.googleapis.com/envoy.extensions.filters.http.${name}.v3.${type}` },
});
export const TRANSCODER = filter('grpc_json_transcoder', 'GrpcJsonTranscoder');

/** Puts filters in place of grpc_web. */
export const translateBy = (...filters: Manifest[]) =>
  editManager((manager) => {
    const at = manager.http_filters.findIndex(({ name }: Manifest) => /grpc_web/.test(name));
    manager.http_filters.splice(at, 1, ...filters);
  });
export const imageOfPage = (image: string) => (manifests: Manifest[]) => {
  find(manifests, 'Deployment', 'ui').spec.template.spec.containers[0].image = image;
};

export const ENVOY_PLANTINGS: readonly Planting[] = [
  {
    name: 'two calls at a time are too many',
    code: 'envoy-limit',
    in: ALL,
    plant: (manifests) =>
      editEnvoy((root) => {
        for (const cluster of root.static_resources.clusters)
          if (JSON.stringify(cluster).includes('15566'))
            cluster.circuit_breakers = { thresholds: [{ max_requests: 1 }] };
      })(manifests),
  },
  {
    name: 'CORS allows no POST',
    code: 'cors-methods',
    severity: 'warning',
    in: ALL,
    plant: (manifests) =>
      editManager((manager) => {
        policyOf(manager).allow_methods = 'GET,OPTIONS';
      })(manifests),
  },
  {
    name: 'nothing translates what browsers speak',
    code: 'page-protocol',
    in: ALL,
    plant: translateBy(),
  },
  {
    name: 'the translating filter is switched off',
    code: 'page-protocol',
    in: ALL,
    plant: translateBy({ ...filter('grpc_web', 'GrpcWeb'), disabled: true }),
  },
  {
    name: 'Envoy understands JSON, and the page speaks gRPC-Web',
    code: 'page-protocol',
    in: ALL,
    plant: translateBy(TRANSCODER),
  },
  {
    name: 'the page is of a release that speaks JSON',
    code: 'page-protocol',
    in: ALL,
    plant: imageOfPage('ghcr.io/michelangelo-ai/ui:0.5.0'),
  },
  {
    name: 'Envoy understands JSON, and the page speaks gRPC-Web or Connect',
    code: 'page-protocol',
    in: ALL,
    plant: (manifests) => {
      translateBy(TRANSCODER)(manifests);
      imageOfPage('ghcr.io/michelangelo-ai/ui:0.3.2')(manifests);
    },
  },
  {
    name: "the page has the tag of a release that speaks JSON, in somebody's own registry",
    code: 'page-protocol',
    severity: 'warning',
    in: CHARTS,
    plant: imageOfPage('registry.example.net/michelangelo/ui:v0.4.1'),
  },
  {
    name: 'the route to the API has no timeout',
    code: 'envoy-route-timeout',
    in: ALL,
    plant: editManager((manager) => {
      delete apiRoute(manager).route.timeout;
      delete apiRoute(manager).route.max_stream_duration;
    }),
  },
  {
    name: 'the route to the API has a short timeout',
    code: 'envoy-route-timeout',
    in: ALL,
    plant: editManager((manager) => {
      apiRoute(manager).route.timeout = '30s';
      delete apiRoute(manager).route.max_stream_duration;
    }),
  },
  {
    name: 'the route to the API has a chosen timeout',
    code: 'envoy-route-timeout',
    severity: 'warning',
    in: ALL,
    plant: editManager((manager) => {
      apiRoute(manager).route.timeout = '900s';
      delete apiRoute(manager).route.max_stream_duration;
    }),
  },
  {
    name: "a client's own timeout has a limit",
    code: 'envoy-route-timeout',
    in: ALL,
    plant: editManager((manager) => {
      apiRoute(manager).route.max_stream_duration = { grpc_timeout_header_max: '10s' };
    }),
  },
  {
    name: 'streams have a longest duration',
    code: 'envoy-route-timeout',
    in: ALL,
    plant: editManager((manager) => {
      manager.common_http_protocol_options = { max_stream_duration: '60s' };
    }),
  },
  {
    name: 'silent streams are cut after ten seconds',
    code: 'envoy-route-timeout',
    in: ALL,
    plant: editManager((manager) => {
      manager.stream_idle_timeout = '10s';
      delete apiRoute(manager).route.idle_timeout;
    }),
  },
  {
    name: 'the router is not the last filter',
    code: 'envoy-router',
    in: ALL,
    plant: editManager((manager) => {
      manager.http_filters.push(filter('compressor', 'Compressor'));
    }),
  },
  {
    name: 'there is no router',
    code: 'envoy-router',
    in: ALL,
    plant: editManager((manager) => {
      manager.http_filters.pop();
    }),
  },
  {
    name: 'a cluster negotiates its protocol without TLS',
    code: 'grpc-over-http1',
    in: ALL,
    plant: editEnvoy(({ static_resources: { clusters } }) => {
      delete clusters[0].http2_protocol_options;
      clusters[0].typed_extension_protocol_options = {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': { auto_config: {} },
      };
    }),
  },
  {
    name: 'the page may not send its content type',
    code: 'cors-request-headers',
    // Page and calls share their origin here.
    severity: 'warning',
    in: ALL,
    plant: editManager((manager) => {
      const policy = policyOf(manager);
      policy.allow_headers = policy.allow_headers.replace(/\bcontent-type,\s*/, '');
    }),
  },
  {
    name: 'no header is allowed',
    code: 'cors-request-headers',
    severity: 'warning',
    in: ALL,
    plant: editManager((manager) => {
      delete policyOf(manager).allow_headers;
    }),
  },
  {
    name: 'Envoy listens on its own pod alone',
    code: 'envoy-listener-loopback',
    in: ALL,
    plant: editEnvoy(({ static_resources: { listeners } }) => {
      listeners[0].address.socket_address.address = '127.0.0.1';
    }),
  },
  {
    name: 'the admin interface listens on every address',
    code: 'envoy-admin-open',
    severity: 'warning',
    in: ALL,
    plant: editEnvoy((root) => {
      root.admin = { address: { socket_address: { address: '0.0.0.0', port_value: 9911 } } };
    }),
  },
  {
    name: 'a Service publishes the admin interface',
    code: 'envoy-admin-open',
    path: 'spec.ports[1]',
    in: ALL,
    plant: (manifests) => {
      editEnvoy((root) => {
        root.admin = { address: { socket_address: { address: '0.0.0.0', port_value: 9911 } } };
      })(manifests);
      const { spec } = find(manifests, 'Service', 'envoy');
      spec.type = 'LoadBalancer';
      spec.ports.push({ name: 'admin', port: 9911, targetPort: 9911 });
    },
  },
  {
    name: 'deprecated fields',
    code: 'envoy-deprecated',
    severity: 'warning',
    in: ['production', 'onprem'],
    plant: editManager((manager) => {
      apiRoute(manager).route.max_grpc_timeout = '0s';
    }),
  },
  {
    name: 'the listener takes HTTP/2 alone',
    code: 'envoy-listener-protocol',
    in: ['production', 'sound.yaml'],
    plant: editManager((manager) => {
      manager.codec_type = 'HTTP2';
    }),
  },
  {
    name: 'calls lose the name of the service',
    code: 'headers-removed',
    in: ['production', 'sound.yaml'],
    plant: editManager((manager) => {
      hostOf(manager).request_headers_to_remove = ['rpc-service'];
    }),
  },
  {
    name: 'a duration without a unit',
    code: 'envoy-refuses',
    in: ['production', 'sound.yaml'],
    plant: editManager((manager) => {
      manager.request_timeout = '30';
    }),
  },
];
