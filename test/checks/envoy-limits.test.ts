/** Limits, conditions and names in Envoy's document, each beside one of the same kind that stops nobody. */
import { test } from 'uvu';
import {
  apiRoute,
  editEnvoy,
  editManager,
  filter,
  hostOf,
  imageOfPage,
  pageApart,
  policyOf,
} from './envoy-plantings.ts';
import { changeIn, type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const IN = ['production', 'sound.yaml'] as const;
const TYPE = 'type.googleapis.com/envoy';

const change = (
  code: PlantedChange['code'],
  name: string,
  plant: PlantedChange['plant'],
  severity?: 'warning',
) => changeIn(IN, code, severity)(name, plant);
const harmless = (name: string, plant: PlantedChange['plant']) => change(undefined, name, plant);

const apiCluster = (root: Manifest) =>
  root.static_resources.clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
const thresholds = (values: Manifest) =>
  editEnvoy((root) => {
    apiCluster(root).circuit_breakers = { thresholds: [values] };
  });
const insert = (name: string, type: string, config: Manifest) =>
  editManager((manager) => {
    const made = filter(name, type);
    Object.assign(made.typed_config, config);
    manager.http_filters.splice(1, 0, made);
  });
const onlyWith = (...headers: Manifest[]) =>
  editManager((manager) => {
    apiRoute(manager).match.headers = headers;
  });
const heap = (bytes: number, memory: string) => (manifests: Manifest[]) => {
  editEnvoy((root) => {
    const type = `${TYPE}.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig`;
    root.overload_manager = {
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.fixed_heap',
          typed_config: { '@type': type, max_heap_size_bytes: bytes },
        },
      ],
    };
  })(manifests);
  const [container] = find(manifests, 'Deployment', 'envoy').spec.template.spec.containers;
  container.resources = { limits: { memory } };
};
const probed = (address: string, path: string) => (manifests: Manifest[]) => {
  editEnvoy((root) => {
    root.admin = { address: { socket_address: { address, port_value: 9902 } } };
  })(manifests);
  const [container] = find(manifests, 'Deployment', 'envoy').spec.template.spec.containers;
  container.readinessProbe = { httpGet: { path, port: 9902 } };
};
const bucket = (tokens: number, percent: number) =>
  insert('local_ratelimit', 'LocalRateLimit', {
    stat_prefix: 'all',
    token_bucket: { max_tokens: tokens, tokens_per_fill: tokens, fill_interval: '1s' },
    filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    filter_enforced: { default_value: { numerator: percent, denominator: 'HUNDRED' } },
  });
const METHOD = (method: string) => ({ name: ':method', string_match: { exact: method } });

const CHANGES: readonly PlantedChange[] = [
  change('envoy-limit', 'one call at a time', thresholds({ max_requests: 1 })),
  change('envoy-limit', 'no call may wait', thresholds({ max_pending_requests: 0 })),
  change('envoy-limit', 'ten calls at a time', thresholds({ max_requests: 10 }), 'warning'),
  change('envoy-limit', 'one connection', thresholds({ max_connections: 1 }), 'warning'),
  harmless('many calls at a time', thresholds({ max_requests: 4096, max_connections: 100 })),
  harmless('one retry at a time', thresholds({ max_retries: 1 })),
  harmless('few calls of high priority', thresholds({ priority: 'HIGH', max_requests: 1 })),
  change(
    'envoy-limit',
    'one stream on a connection',
    editManager((manager) => {
      manager.http2_protocol_options = { max_concurrent_streams: 1 };
    }),
  ),
  harmless(
    'a hundred streams on a connection',
    editManager((manager) => {
      manager.http2_protocol_options = { max_concurrent_streams: 100 };
    }),
  ),
  change(
    'envoy-limit',
    'a buffer of a few bytes',
    editEnvoy((root) => {
      root.static_resources.listeners[0].per_connection_buffer_limit_bytes = 64;
    }),
    'warning',
  ),
  harmless(
    'a buffer of 16 KiB',
    editEnvoy((root) => {
      root.static_resources.listeners[0].per_connection_buffer_limit_bytes = 16_384;
    }),
  ),
  change('envoy-limit', 'calls of 1 KiB', insert('buffer', 'Buffer', { max_request_bytes: 1024 })),
  change('envoy-limit', 'one call a second', bucket(1, 100)),
  harmless('a thousand calls a second', bucket(1000, 100)),
  harmless('one call a second, which is only counted', bucket(1, 0)),
  change(
    'envoy-limit',
    'calls are broken on purpose',
    insert('fault', 'HTTPFault', {
      abort: { http_status: 503, percentage: { numerator: 100, denominator: 'HUNDRED' } },
    }),
  ),
  harmless(
    'calls with a header are broken on purpose',
    insert('fault', 'HTTPFault', {
      abort: { header_abort: {}, percentage: { numerator: 100, denominator: 'HUNDRED' } },
    }),
  ),
  change(
    'envoy-limit',
    'no policy allows anything',
    insert('rbac', 'RBAC', { rules: { policies: {} } }),
  ),
  harmless(
    'a policy allows everything',
    insert('rbac', 'RBAC', {
      rules: { policies: { all: { permissions: [{ any: true }], principals: [{ any: true }] } } },
    }),
  ),
  change(
    'envoy-route-order',
    'calls are answered by Envoy',
    editManager((manager) => {
      const route = apiRoute(manager);
      delete route.route;
      route.direct_response = { status: 503 };
    }),
  ),
  change(
    'rewrite-breaks-calls',
    'calls lose the beginning of their path',
    editManager((manager) => {
      apiRoute(manager).route.prefix_rewrite = '/';
    }),
  ),
  harmless(
    'calls keep their path',
    editManager((manager) => {
      apiRoute(manager).route.prefix_rewrite = '/michelangelo.api.';
    }),
  ),
  change('envoy-limit', 'a heap above the memory limit', heap(4 * 2 ** 30, '512Mi'), 'warning'),
  change('envoy-limit', 'a heap of nothing', heap(2 ** 20, '512Mi')),
  harmless('a heap below the memory limit', heap(400 * 2 ** 20, '512Mi')),
  change(
    'probe-unanswered',
    'the admin interface is asked at loopback',
    probed('127.0.0.1', '/ready'),
  ),
  {
    name: 'the admin interface is asked for a path that it does not have',
    code: 'probe-unanswered',
    in: IN,
    plant: (manifests) => {
      probed('127.0.0.1', '/healthz')(manifests);
    },
  },
  change('envoy-route-order', 'calls are taken by GET', onlyWith(METHOD('GET'))),
  change(
    'envoy-route-order',
    'calls of native gRPC alone are taken',
    onlyWith({ name: 'content-type', exact_match: 'application/grpc' }),
  ),
  change(
    'envoy-route-order',
    'calls with a header of somebody are taken',
    onlyWith({ name: 'x-canary', present_match: true }),
    'warning',
  ),
  change(
    'envoy-route-order',
    'calls of Connect alone are taken, and the page may speak it',
    (manifests) => {
      imageOfPage('registry.example.com/studio:7.1')(manifests);
      onlyWith({ name: 'content-type', exact_match: 'application/proto' })(manifests);
    },
    'warning',
  ),
  harmless('calls are taken by POST', onlyWith(METHOD('POST'))),
  harmless('all but GET', onlyWith({ ...METHOD('GET'), invert_match: true })),
  harmless(
    'anything of gRPC is taken',
    onlyWith({ name: 'Content-Type', string_match: { prefix: 'application/grpc' } }),
  ),
  harmless(
    'a route for a header stands in front',
    editManager((manager) => {
      const route = structuredClone(apiRoute(manager));
      route.match.headers = [{ name: 'x-canary', present_match: true }];
      hostOf(manager).routes.unshift(route);
    }),
  ),
  change(
    'cors-methods',
    'POST is not allowed',
    editManager((manager) => {
      policyOf(manager).allow_methods = 'GET, OPTIONS';
    }),
    'warning',
  ),
  harmless(
    'every method is allowed',
    editManager((manager) => {
      policyOf(manager).allow_methods = '*';
    }),
  ),
  {
    name: 'the page is elsewhere, and no route takes what its browser asks first',
    code: 'cors-methods',
    in: ['sound.yaml'],
    plant: (manifests) => {
      pageApart(manifests);
      editManager((manager) => {
        const { routes } = hostOf(manager);
        routes.splice(0, routes.length, apiRoute(manager));
        routes[0].match.headers = [METHOD('POST')];
      })(manifests);
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        root.static_resources.clusters.splice(1, 1);
      });
    },
  },
  {
    name: 'the page is elsewhere, and the policy of the virtual host answers at another route',
    in: ['sound.yaml'],
    plant: (manifests) => {
      pageApart(manifests);
      onlyWith(METHOD('POST'))(manifests);
    },
  },
  change(
    'reference-missing',
    'a mirror leads nowhere',
    editManager((manager) => {
      apiRoute(manager).route.request_mirror_policies = [{ cluster: 'shadow' }];
    }),
  ),
  {
    ...change(
      'reference-missing',
      'a filter asks nobody',
      insert('ratelimit', 'RateLimit', {
        domain: 'calls',
        rate_limit_service: {
          transport_api_version: 'V3',
          grpc_service: { envoy_grpc: { cluster_name: 'authz' } },
        },
      }),
    ),
    says: /^envoy_grpc refers to cluster authz,/,
  },
  change(
    'envoy-route-timeout',
    'the cluster ends calls',
    editEnvoy((root) => {
      const options = apiCluster(root).typed_extension_protocol_options;
      for (const one of Object.values(options) as Manifest[])
        one.common_http_protocol_options = { max_stream_duration: '30s' };
    }),
  ),
];

await plantEach(CHANGES);

test.run();
