/** What Envoy's config has to agree with beside it: hosts, routes, TLS, files, CORS; each failure beside its harmless twin. */
import { test } from 'uvu';
import { apiRoute, editEnvoy, editManager, hostOf, pageApart } from './envoy-plantings.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const ALL = ['staging', 'production', 'onprem', 'dev', 'sound.yaml', 'sound-contour.yaml'] as const;
const NGINX = 'nginx.ingress.kubernetes.io';

const editChain = (edit: (chain: Manifest, listener: Manifest) => void) =>
  editEnvoy((root) => {
    const { listeners } = root.static_resources;
    // Without it Envoy gets no certificate by SDS.
    root.node ??= { id: 'envoy', cluster: 'michelangelo' };
    edit(listeners[0].filter_chains[0], listeners[0]);
  });
const both =
  (...plants: ((manifests: Manifest[]) => void)[]) =>
  (manifests: Manifest[]) => {
    for (const plant of plants) plant(manifests);
  };
const ingressTo = (manifests: Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );
const pod = (manifests: Manifest[]) => find(manifests, 'Deployment', 'envoy').spec.template.spec;

const domains = (...names: string[]) =>
  editManager((manager) => {
    hostOf(manager).domains = names;
  });
const serverNames = (...names: string[]) =>
  editChain((chain, listener) => {
    chain.filter_chain_match = { server_names: names };
    delete listener.default_filter_chain;
  });

const HOSTS: readonly PlantedChange[] = [
  {
    name: 'the domains are those of another environment',
    code: 'envoy-host-not-taken',
    in: ALL,
    plant: domains('app.old.example.org'),
  },
  {
    name: 'a wildcard above another domain',
    code: 'envoy-host-not-taken',
    in: ALL,
    plant: domains('*.old.example.org', 'app.*.org'),
  },
  { name: 'any host', in: ALL, plant: domains('nowhere.example.org', '*') },
  {
    name: 'the host itself, in other letters',
    in: ['sound.yaml'],
    plant: domains('Studio.ML.acme.io'),
  },
  { name: 'a wildcard above the host', in: ['sound.yaml'], plant: domains('*.ml.acme.io') },
  { name: 'a beginning of the host', in: ['sound.yaml'], plant: domains('studio.*') },
  {
    name: 'the host with a port that clients do not name',
    code: 'envoy-host-not-taken',
    in: ['sound.yaml'],
    plant: domains('studio.ml.acme.io:8443'),
  },
  {
    name: 'the entry keeps the host, and says so',
    code: 'envoy-host-not-taken',
    in: ['sound.yaml'],
    plant: both(domains('envoy.internal'), (manifests) => {
      ingressTo(manifests, 'envoy').metadata.annotations['konghq.com/preserve-host'] = 'true';
    }),
  },
  {
    name: 'the entry gives requests another host',
    in: ['sound.yaml'],
    plant: both(domains('envoy.internal'), (manifests) => {
      ingressTo(manifests, 'envoy').metadata.annotations[`${NGINX}/upstream-vhost`] =
        'envoy.internal';
    }),
  },
  {
    name: 'a virtual host without the API takes the host of the calls',
    code: 'envoy-host-not-taken',
    in: ['sound.yaml'],
    plant: editManager((manager) => {
      const api = hostOf(manager);
      const page = structuredClone(api);
      Object.assign(page, { name: 'page', domains: ['*'], routes: [api.routes.at(-1)] });
      api.domains = ['old.ml.acme.io'];
      manager.route_config.virtual_hosts.push(page);
    }),
  },
  {
    name: 'a virtual host of its own for other hosts',
    in: ['sound.yaml'],
    plant: editManager((manager) => {
      const page = structuredClone(hostOf(manager));
      Object.assign(page, { name: 'page', domains: ['docs.ml.acme.io'], routes: [] });
      manager.route_config.virtual_hosts.push(page);
    }),
  },
  {
    name: 'no filter chain has the server name',
    code: 'envoy-host-not-taken',
    in: ['onprem'],
    plant: serverNames('app.old.example.org'),
  },
  {
    name: 'a filter chain has a wildcard above the server name',
    in: ['onprem'],
    plant: serverNames('*.corp.example.com'),
  },
  {
    name: 'a filter chain for all other names',
    in: ['onprem'],
    plant: editEnvoy(({ static_resources: { listeners } }) => {
      const [chain] = listeners[0].filter_chains;
      listeners[0].filter_chains.unshift({
        ...chain,
        filter_chain_match: { server_names: ['docs.corp.example.com'] },
      });
    }),
  },
];

const routes = (edit: (routes: Manifest[], api: Manifest) => void) =>
  editManager((manager) => edit(hostOf(manager).routes, apiRoute(manager)));

const ROUTES: readonly PlantedChange[] = [
  {
    name: 'the route for everything stands first',
    code: 'envoy-route-order',
    in: ALL,
    plant: routes((all) => {
      all.reverse();
    }),
  },
  {
    name: 'an expression in front takes the calls',
    code: 'envoy-route-order',
    in: ['sound.yaml', 'production'],
    plant: routes((all) => {
      all.unshift({ match: { safe_regex: { regex: '/.*' } }, direct_response: { status: 404 } });
    }),
  },
  {
    name: 'a prefix that no call has',
    code: 'envoy-route-order',
    in: ['sound.yaml', 'production'],
    plant: routes((_, api) => {
      api.match = { prefix: '/michelangelo.apis.' };
    }),
  },
  {
    name: 'a whole path in place of its beginning',
    code: 'envoy-route-order',
    in: ['sound.yaml', 'production'],
    plant: routes((_, api) => {
      api.match = { path: '/michelangelo.api.' };
    }),
  },
  {
    name: 'a page in front of the API',
    in: ALL,
    plant: routes((all) => {
      all.unshift({ ...structuredClone(all.at(-1)), match: { path: '/index.html' } });
    }),
  },
  {
    name: 'a route in front takes what has a header',
    in: ['sound.yaml', 'production'],
    plant: routes((all) => {
      const route = structuredClone(all.at(-1));
      route.match = { prefix: '/', headers: [{ name: 'x-debug', present_match: true }] };
      all.unshift(route);
    }),
  },
  {
    name: 'a route for gRPC clients alone, and a page that speaks gRPC-Web',
    code: 'envoy-route-order',
    severity: 'warning',
    in: ['sound.yaml', 'production'],
    plant: routes((_, api) => {
      api.match = { prefix: '/', grpc: {} };
    }),
  },
  {
    name: 'the API is led to by an expression',
    in: ['sound.yaml', 'production'],
    plant: routes((_, api) => {
      api.match = { safe_regex: { regex: '/michelangelo\\.api\\..*' } };
    }),
  },
];

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';
const SOCKET = {
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': `${TLS}.DownstreamTlsContext`,
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificate_sds_secret_configs: [
        { name: 'app', sds_config: { api_config_source: { api_type: 'GRPC' } } },
      ],
    },
  },
};
const addTls = editChain((chain) => {
  chain.transport_socket = SOCKET;
});
const removeTls = editChain((chain) => {
  delete chain.transport_socket;
});
const annotate = (key: string, value: string) => (manifests: Manifest[]) => {
  ingressTo(manifests, 'envoy').metadata.annotations[key] = value;
};

/** Probes of Envoy would have to change their scheme with it. */
const withoutProbes = (plant: (manifests: Manifest[]) => void) => (manifests: Manifest[]) => {
  const [container] = find(manifests, 'Deployment', 'envoy').spec.template.spec.containers;
  for (const name of ['startupProbe', 'readinessProbe', 'livenessProbe']) delete container[name];
  plant(manifests);
};

const ENTRY_TLS: readonly PlantedChange[] = [
  {
    name: 'Envoy takes TLS, and the entry speaks plain text',
    code: 'envoy-entry-tls',
    in: ['sound.yaml', 'production', 'staging'],
    plant: withoutProbes(addTls),
  },
  {
    name: 'the entry is told to speak TLS to Envoy',
    in: ['sound.yaml', 'production'],
    plant: withoutProbes(both(addTls, annotate(`${NGINX}/backend-protocol`, 'HTTPS'))),
  },
  {
    name: 'the entry is told to speak TLS, and Envoy takes plain text',
    code: 'envoy-entry-tls',
    in: ['sound.yaml', 'production'],
    plant: annotate(`${NGINX}/backend-protocol`, 'HTTPS'),
  },
  {
    name: 'TLS passes through to a listener without it',
    code: 'envoy-entry-tls',
    in: ['onprem'],
    plant: withoutProbes(removeTls),
  },
  {
    name: 'a policy that is not read may tell it',
    in: ['sound.yaml'],
    plant: both(addTls, (manifests) => {
      manifests.push({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'envoy' },
        spec: { host: 'prod-ma-envoy', trafficPolicy: { tls: { mode: 'SIMPLE' } } },
      });
    }),
  },
  {
    name: 'a port called https tells Traefik',
    in: ['staging'],
    plant: both(withoutProbes(addTls), (manifests) => {
      const { ports } = find(manifests, 'Service', 'envoy').spec;
      ports[0].name = 'https';
      ingressTo(manifests, 'envoy').spec.rules[0].http.paths[0].backend.service.port = {
        name: 'https',
      };
    }),
  },
  {
    name: 'a listener that takes both',
    in: ['sound.yaml'],
    plant: editEnvoy((root) => {
      const { listeners } = root.static_resources;
      root.node ??= { id: 'envoy', cluster: 'michelangelo' };
      const [chain] = listeners[0].filter_chains;
      const match = { transport_protocol: 'tls' };
      listeners[0].filter_chains.unshift({
        ...structuredClone(chain),
        filter_chain_match: match,
        transport_socket: SOCKET,
      });
    }),
  },
];

const startFrom =
  (...args: string[]) =>
  (manifests: Manifest[]) => {
    const [container] = pod(manifests).containers;
    delete container.command;
    container.args = args;
  };
const mountAt =
  (mountPath: string, more: object = {}) =>
  (manifests: Manifest[]) => {
    const { containers, volumes } = pod(manifests);
    const { name } = volumes.find(({ configMap }: Manifest) => configMap?.name.includes('envoy'));
    const mount = containers[0].volumeMounts.find((one: Manifest) => one.name === name);
    Object.assign(mount, { mountPath }, more);
  };

const FILES: readonly PlantedChange[] = [
  {
    name: 'the option names a key that is not there',
    code: 'envoy-config-path',
    in: ALL,
    plant: startFrom('-c', '/etc/envoy/envoy.yml'),
  },
  {
    name: 'the option names another folder',
    code: 'envoy-config-path',
    in: ALL,
    plant: startFrom('--config-path=/config/envoy.yaml'),
  },
  {
    name: 'the config is mounted elsewhere, and the image starts from its own',
    code: 'envoy-config-path',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: mountAt('/config'),
  },
  {
    name: 'the option names the folder where it is mounted',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: both(mountAt('/config'), startFrom('-c', '/config/envoy.yaml', '-l', 'info')),
  },
  {
    name: 'the key is mounted as a file',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: mountAt('/etc/envoy/envoy.yaml', { subPath: 'envoy.yaml' }),
  },
  {
    name: 'a shell starts Envoy with the file that is mounted',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      const [container] = pod(manifests).containers;
      container.command = ['sh', '-c', 'exec envoy -c "/etc/envoy/envoy.yaml" --concurrency 2'];
    },
  },
  {
    name: 'a shell starts Envoy with another file',
    code: 'envoy-config-path',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      const [container] = pod(manifests).containers;
      container.command = ['sh', '-c', 'exec envoy -c /etc/envoy/envoy.json --concurrency 2'];
    },
  },
  {
    name: "an image of somebody's own starts it",
    in: ['sound.yaml'],
    plant: both(mountAt('/config'), (manifests) => {
      pod(manifests).containers[0].image = 'registry.example.net/edge-proxy:4';
    }),
  },
  {
    name: 'authorities that are mounted nowhere',
    code: 'envoy-secret-missing',
    in: ['sound.yaml', 'production'],
    plant: trusting('/etc/authorities/ca.crt'),
  },
  {
    name: 'authorities under a key that the ConfigMap lacks',
    code: 'envoy-secret-missing',
    in: ['sound.yaml', 'production'],
    plant: trusting('/etc/envoy/ca.crt'),
  },
  {
    name: 'authorities of the image, or of the cluster',
    in: ['sound.yaml', 'production'],
    plant: both(
      trusting('/etc/ssl/certs/ca-certificates.crt'),
      trusting('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'),
    ),
  },
  {
    name: 'authorities of a Secret that is made elsewhere',
    in: ['sound.yaml', 'production'],
    plant: both(trusting('/etc/authorities/ca.crt'), (manifests) => {
      const { containers, volumes } = pod(manifests);
      volumes.push({ name: 'authorities', secret: { secretName: 'corporate-ca' } });
      containers[0].volumeMounts.push({ name: 'authorities', mountPath: '/etc/authorities' });
    }),
  },
  {
    name: 'the Secret of the certificate has another name than the Certificate gives it',
    code: 'pod-reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      const { volumes } = pod(manifests);
      volumes.find(({ secret }: Manifest) => secret).secret.secretName = 'wildcard-2024';
    },
  },
  {
    name: 'a Secret of no Certificate, where the one of the Certificate is used as well',
    in: ['onprem'],
    plant: (manifests) => {
      const { containers, volumes } = pod(manifests);
      volumes.push({ name: 'other', secret: { secretName: 'wildcard-2024' } });
      containers[0].volumeMounts.push({ name: 'other', mountPath: '/other' });
    },
  },
];

/** The page is reached by TLS, which trusts a file. */
function trusting(file: string) {
  return editEnvoy(({ static_resources: { clusters } }) => {
    clusters.at(-1).transport_socket = {
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        '@type': `${TLS}.UpstreamTlsContext`,
        common_tls_context: { validation_context: { trusted_ca: { filename: file } } },
      },
    };
  });
}

const CORS: readonly PlantedChange[] = [
  {
    name: 'the entry has CORS, which refuses what the page sends',
    code: 'cors-twice',
    in: ['sound.yaml'],
    plant: annotate(`${NGINX}/enable-cors`, 'true'),
  },
  {
    name: 'the entry has CORS with a list of its own',
    code: 'cors-twice',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: both(
      annotate(`${NGINX}/enable-cors`, 'true'),
      annotate(`${NGINX}/cors-allow-headers`, 'content-type, x-grpc-web'),
    ),
  },
  {
    name: 'a snippet adds a second header',
    code: 'cors-twice',
    in: ['sound.yaml'],
    plant: annotate(
      `${NGINX}/configuration-snippet`,
      'add_header Access-Control-Allow-Origin $http_origin always;',
    ),
  },
  {
    name: 'a snippet adds another header',
    in: ['sound.yaml'],
    plant: annotate(`${NGINX}/configuration-snippet`, 'add_header X-Frame-Options DENY;'),
  },
  {
    name: 'CORS of the entry is off',
    in: ['sound.yaml'],
    plant: annotate(`${NGINX}/enable-cors`, 'false'),
  },
];
const SHARED_CORS: readonly PlantedChange[] = [
  {
    name: 'a middleware of Traefik',
    code: 'cors-twice',
    severity: 'warning',
    in: ['staging'],
    plant: (manifests) => {
      const { namespace } = ingressTo(manifests, 'envoy').metadata;
      annotate(
        'traefik.ingress.kubernetes.io/router.middlewares',
        `${namespace}-cors@kubernetescrd`,
      )(manifests);
      manifests.push({
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: 'cors', namespace },
        spec: { headers: { accessControlAllowOriginList: ['https://a.example.org'] } },
      });
    },
  },
];

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const followClients = editEnvoy(({ static_resources: { clusters } }) => {
  delete clusters[0].http2_protocol_options;
  clusters[0].typed_extension_protocol_options = {
    [OPTIONS]: {
      '@type': `type.googleapis.com/${OPTIONS}`,
      use_downstream_protocol_config: { http2_protocol_options: {} },
    },
  };
});
const codec = (type: string) =>
  editManager((manager) => {
    manager.codec_type = type;
  });
const PROTOCOLS: readonly PlantedChange[] = [
  {
    name: 'the cluster speaks as clients do, who may speak HTTP/1.1',
    code: 'grpc-over-http1',
    severity: 'warning',
    in: ['sound.yaml', 'production'],
    plant: followClients,
  },
  {
    name: 'the cluster speaks as clients do, and they speak HTTP/1.1',
    code: 'grpc-over-http1',
    in: ['sound.yaml', 'production'],
    plant: both(followClients, codec('HTTP1')),
  },
  {
    name: 'the cluster speaks as clients do, which have to speak HTTP/2: the entry does not',
    code: 'envoy-listener-protocol',
    in: ['sound.yaml', 'production'],
    plant: both(followClients, codec('HTTP2')),
  },
  { name: 'clients choose HTTP/2 in TLS', in: ['onprem'], plant: followClients },
];

await plantEach([...HOSTS, ...ROUTES, ...ENTRY_TLS, ...FILES, ...SHARED_CORS, ...PROTOCOLS]);
await plantEach(CORS, pageApart);

test.run();
