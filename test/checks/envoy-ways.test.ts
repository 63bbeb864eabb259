/** What Envoy's listener takes, what holds for one route alone, and headers: each beside one of the same kind that breaks nothing. */
import { test } from 'uvu';
import { apiRoute, editEnvoy, editManager, filter, hostOf } from './envoy-plantings.ts';
import { changeIn, type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const IN = ['production', 'sound.yaml'] as const;
const TYPE = 'type.googleapis.com/envoy';
const OFF = { '@type': `${TYPE}.config.route.v3.FilterConfig`, disabled: true };

const change = (
  code: PlantedChange['code'],
  name: string,
  plant: PlantedChange['plant'],
  severity?: 'warning',
) => changeIn(IN, code, severity)(name, plant);
const harmless = (name: string, plant: PlantedChange['plant']) => change(undefined, name, plant);

const editListener = (edit: (listener: Manifest) => void) =>
  editEnvoy((root) => edit(root.static_resources.listeners[0]));
const codec = (type: string) =>
  editManager((manager) => {
    manager.codec_type = type;
  });
const proxyHeader = (config: Manifest = {}) =>
  editListener((listener) => {
    const type = `${TYPE}.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol`;
    listener.listener_filters = [{ name: 'proxy', typed_config: { '@type': type, ...config } }];
  });
const fraction = (numerator: number, rest: Manifest = {}) =>
  editManager((manager) => {
    apiRoute(manager).match.runtime_fraction = { default_value: { numerator }, ...rest };
  });
const alone = (owner: (manager: Manifest) => Manifest, name = 'envoy.filters.http.grpc_web') =>
  editManager((manager) => {
    const found = owner(manager);
    found.typed_per_filter_config = { ...found.typed_per_filter_config, [name]: OFF };
  });
const remove = (direction: 'request' | 'response', ...names: string[]) =>
  editManager((manager) => {
    hostOf(manager)[`${direction}_headers_to_remove`] = names;
  });
const demand = (settings: Manifest) =>
  editManager((manager) => {
    Object.assign(manager, settings);
    hostOf(manager).require_tls = 'ALL';
  });
const overload = (type: string, config: Manifest) =>
  editEnvoy((root) => {
    const own = `${TYPE}.extensions.resource_monitors.${type}`;
    const typed_config = { '@type': own, ...config };
    root.overload_manager = { resource_monitors: [{ name: 'one', typed_config }] };
  });
const DOWNSTREAM = 'downstream_connections.v3.DownstreamConnectionsConfig';
const stopAt = (value: number) =>
  editEnvoy((root) => {
    const triggers = [{ name: 'heap', threshold: { value } }];
    root.overload_manager = {
      resource_monitors: [{ name: 'heap' }],
      actions: [{ name: 'envoy.overload_actions.stop_accepting_requests', triggers }],
    };
  });
const rbac = (principals: Manifest[]) =>
  editManager((manager) => {
    const made = filter('rbac', 'RBAC');
    const policies = { some: { permissions: [{ any: true }], principals } };
    Object.assign(made.typed_config, { rules: { action: 'DENY', policies } });
    manager.http_filters.splice(1, 0, made);
  });
const clusters = (values: Manifest) =>
  editEnvoy((root) => {
    for (const cluster of root.static_resources.clusters) Object.assign(cluster, values);
  });
const ingressTo = (manifests: Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );

const CHANGES: readonly PlantedChange[] = [
  change('envoy-listener-protocol', 'HTTP/2 alone, behind HTTP/1.1', codec('HTTP2')),
  harmless('HTTP/1.1 alone, behind HTTP/1.1', codec('HTTP1')),
  changeIn(['sound-contour.yaml'], 'envoy-listener-protocol')(
    'HTTP/1.1 alone, behind a port of HTTP/2',
    (manifests) => {
      codec('HTTP1')(manifests);
      find(manifests, 'Service', 'envoy').spec.ports[0].appProtocol = 'kubernetes.io/h2c';
    },
  ),
  change('envoy-listener-protocol', 'a header that nobody sends', proxyHeader()),
  harmless(
    'a header that may be there',
    proxyHeader({ allow_requests_without_proxy_protocol: true }),
  ),
  change('envoy-route-order', 'half of the calls', fraction(50)),
  change('envoy-route-order', 'none of the calls', fraction(0)),
  change(
    'envoy-route-order',
    'half, as long as nobody says otherwise',
    fraction(50, { runtime_key: 'a' }),
    'warning',
  ),
  harmless('all of the calls', fraction(100)),
  harmless('half of the calls here, and the rest behind it', (manifests) => {
    editManager((manager) => {
      const { routes } = hostOf(manager);
      const at = routes.indexOf(apiRoute(manager));
      routes.splice(at + 1, 0, structuredClone(routes[at]));
      routes[at].match.runtime_fraction = { default_value: { numerator: 50 } };
    })(manifests);
  }),
  change('page-protocol', 'no translation on the route', alone(apiRoute)),
  change('page-protocol', 'no translation on the virtual host', alone(hostOf)),
  harmless('no translation for native calls', (manifests) => {
    editManager((manager) => {
      const { routes } = hostOf(manager);
      const route = structuredClone(apiRoute(manager));
      route.match.headers = [{ name: 'content-type', string_match: { exact: 'application/grpc' } }];
      route.typed_per_filter_config = { 'envoy.filters.http.grpc_web': OFF };
      routes.unshift(route);
    })(manifests);
  }),
  harmless(
    'no translation of pages',
    alone((manager) => hostOf(manager).routes.at(-1)),
  ),
  change('headers-removed', 'callers have no name', remove('request', 'RPC-Caller')),
  change('headers-removed', 'calls have no end', remove('response', 'grpc-status')),
  change(
    'headers-removed',
    'calls fail without a reason',
    remove('response', 'grpc-message'),
    'warning',
  ),
  harmless('cookies are taken away', remove('request', 'cookie')),
  change('headers-removed', 'a filter takes the type away', (manifests) => {
    editManager((manager) => {
      const made = filter('header_mutation', 'HeaderMutation');
      Object.assign(made.typed_config, {
        mutations: { request_mutations: [{ remove: 'content-type' }] },
      });
      manager.http_filters.splice(1, 0, made);
    })(manifests);
  }),
  change('redirect-loop', 'TLS is asked for behind TLS', demand({ use_remote_address: true })),
  harmless('TLS is asked for, and the entry believed', demand({ use_remote_address: false })),
  harmless(
    'TLS is asked for, and one hop trusted',
    demand({ use_remote_address: true, xff_num_trusted_hops: 1 }),
  ),
  {
    ...change(
      'envoy-limit',
      'four connections',
      overload(DOWNSTREAM, { max_active_downstream_connections: 4 }),
    ),
    path: 'data[envoy.yaml].overload_manager.resource_monitors[0].typed_config.max_active_downstream_connections',
  },
  harmless(
    'ten thousand connections',
    overload(DOWNSTREAM, { max_active_downstream_connections: '10000' }),
  ),
  change('envoy-limit', 'three connections, by the runtime', (manifests) =>
    editEnvoy((root) => {
      const static_layer = { overload: { global_downstream_max_connections: 3 } };
      root.layered_runtime = { layers: [{ name: 'static', static_layer }] };
    })(manifests),
  ),
  change('envoy-limit', 'nothing is accepted', stopAt(0)),
  harmless('nothing is accepted near the end', stopAt(0.95)),
  {
    ...change(
      'envoy-route-order',
      'calls are led to the page by weight',
      editManager((manager) => {
        const { route } = apiRoute(manager);
        const { route: pages } = hostOf(manager).routes.at(-1);
        route.weighted_clusters = {
          clusters: [
            { name: route.cluster, weight: 3 },
            { name: pages.cluster, weight: 1 },
          ],
        };
        delete route.cluster;
      }),
    ),
    says: /^the route leads 25 % of the calls to /,
  },
  harmless(
    'calls are led to the API in two shares, of which one is none',
    editManager((manager) => {
      const { route } = apiRoute(manager);
      const name = route.cluster;
      route.weighted_clusters = { clusters: [0, 1].map((weight) => ({ name, weight })) };
      delete route.cluster;
    }),
  ),
  harmless(
    'the page is led by an expression',
    editManager((manager) => {
      hostOf(manager).routes.at(-1).match = { safe_regex: { regex: '/.*' } };
    }),
  ),
  harmless(
    'Envoy redirects what is not a call',
    editManager((manager) => {
      const page = hostOf(manager).routes.at(-1);
      delete page.route;
      page.redirect = { host_redirect: 'pages.example.com' };
    }),
  ),
  change(
    'rewrite-breaks-calls',
    'an expression takes the package away',
    editManager((manager) => {
      const pattern = { regex: '^/michelangelo.api.v2.(.*)' };
      apiRoute(manager).route.regex_rewrite = { pattern, substitution: '/\\1' };
    }),
  ),
  harmless(
    'an expression keeps the path',
    editManager((manager) => {
      apiRoute(manager).route.regex_rewrite = {
        pattern: { regex: '^/(.*)' },
        substitution: '/\\1',
      };
    }),
  ),
  change('envoy-limit', 'everybody is denied', rbac([{ any: true }])),
  harmless(
    'somebody is denied',
    rbac([{ source_ip: { address_prefix: '203.0.113.0', prefix_len: 24 } }]),
  ),
  change('envoy-refuses', 'two virtual hosts for everything', (manifests) => {
    editManager(({ route_config: table }) => {
      const other = structuredClone(table.virtual_hosts[0]);
      table.virtual_hosts = [
        { ...other, domains: ['*'] },
        { ...other, name: 'other', domains: ['*'] },
      ];
    })(manifests);
  }),
  change('envoy-refuses', 'a name where an address has to be', clusters({ type: 'STATIC' })),
  harmless('a name of DNS', clusters({ type: 'strict_dns' })),
  change('envoy-refuses', 'a second endpoint', (manifests) =>
    editEnvoy((root) => {
      for (const cluster of root.static_resources.clusters) {
        cluster.type = 'LOGICAL_DNS';
        const [{ lb_endpoints: all }] = cluster.load_assignment.endpoints;
        all.push(all[0]);
      }
    })(manifests),
  ),
  change(
    'envoy-refuses',
    'a duration without a unit',
    editManager((manager) => {
      manager.request_timeout = 30;
    }),
  ),
  change(
    'envoy-refuses',
    'a field that is a letter off',
    editManager((manager) => {
      manager.stream_idle_timout = '300s';
    }),
  ),
  harmless(
    'fields with capitals',
    editManager((manager) => {
      manager.streamIdleTimeout = '300s';
      delete manager.stream_idle_timeout;
    }),
  ),
  change(
    'envoy-refuses',
    'a type that is a letter off',
    editManager((manager) => {
      manager.http_filters.at(-1).typed_config['@type'] =
        'type.googleapis.com/envoy.extensions.filters.http.router.v3.Ruoter';
    }),
  ),
  change('envoy-refuses', 'two listeners on one port', (manifests) =>
    editEnvoy(({ static_resources: { listeners } }) => {
      const filters = [{ name: 'echo', typed_config: { '@type': `${TYPE}.echo.v3.Echo` } }];
      listeners.push({
        name: 'other',
        address: listeners[0].address,
        filter_chains: [{ filters }],
      });
    })(manifests),
  ),
  change('envoy-listener-protocol', 'HAProxy sends a header that nothing expects', (manifests) => {
    const api = ingressTo(manifests, 'apiserver');
    api.metadata.annotations['haproxy.org/send-proxy-protocol'] = 'proxy-v2';
  }),
];

await plantEach(CHANGES);
test.run();
