/** Topologies of many features, as manifests: Michelangelo beside other products, in the shapes that running systems have. */
import fc from 'fast-check';
import { envoyConfig } from './envoy-config.ts';

export const OLD = { api: 'api.old.example.com', app: 'app.old.example.com' } as const;
export const NEW = { api: 'api.new.example.org', app: 'app.new.example.org' } as const;

/** One system as it runs, and what is asked of the function. Each field is one feature; `false` or the first word leaves it out. */
export const topologies = fc.record({
  entry: fc.constantFrom('ingress', 'one-ingress', 'routes'),
  tls: fc.constantFrom('own', 'one-secret', 'with-others', 'wildcard', 'no-secret', 'none'),
  /** Another product's host in the app's Ingress or route. */
  otherHost: fc.boolean(),
  /** Another product's path on the app's host. */
  otherPath: fc.boolean(),
  defaultBackend: fc.boolean(),
  /** The page has an Ingress of its own on the app's host. */
  pageEntry: fc.boolean(),
  adminService: fc.constantFrom('none', 'before', 'after'),
  targetPort: fc.constantFrom('number', 'name'),
  /** A namespace of somebody else with Service, Ingress and route of our names. */
  twin: fc.boolean(),
  externalDns: fc.boolean(),
  envoy: fc.record({
    portAsText: fc.boolean(),
    camelCase: fc.boolean(),
    domains: fc.constantFrom('any', 'host', 'host-and-port'),
    policy: fc.constantFrom('host', 'route', 'table'),
    origins: fc.constantFrom('exact', 'regex', 'any'),
    partnerOrigin: fc.boolean(),
    shop: fc.constantFrom('none', 'virtual-host', 'route'),
    shopPolicy: fc.boolean(),
    redirect: fc.boolean(),
    canary: fc.boolean(),
  }),
  wanted: fc.record({
    mode: fc.constantFrom('secret', 'acme', 'issuer', 'external', 'none'),
    entry: fc.constantFrom('same', 'same', 'gateway'),
    alias: fc.boolean(),
  }),
});

export type Topology = typeof topologies extends fc.Arbitrary<infer T> ? T : never;
export type EnvoyFeatures = Topology['envoy'];

export function configOf({ wanted }: Topology): string {
  const spec = {
    domain: 'new.example.org',
    hosts: wanted.alias ? { aliases: { api: [OLD.api], app: [OLD.app] } } : undefined,
    tls: {
      mode: wanted.mode,
      acme: wanted.mode === 'acme' ? { email: 'a@example.org' } : undefined,
      issuer: wanted.mode === 'issuer' ? { name: 'corporate' } : undefined,
    },
    entry: wanted.entry === 'gateway' ? { gateway: { className: 'contour' } } : undefined,
  };
  const config = {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: 'production' },
    spec,
  };
  return JSON.stringify(config);
}

/** The manifests, a document each. */
export function manifestsOf(topology: Topology): string[] {
  const { adminService, twin } = topology;
  const admin = service('envoy-admin', 'michelangelo-envoy', [[9901, 9901]]);
  const listener = topology.targetPort === 'name' ? 'app' : 8081;
  return [
    ...(adminService === 'before' ? [admin] : []),
    ...program('michelangelo-apiserver', 15566),
    service('michelangelo-apiserver', 'michelangelo-apiserver', [[15566, 15566]]),
    ...program('michelangelo-envoy', 8081, 'envoy-config'),
    service('michelangelo-envoy', 'michelangelo-envoy', [[80, listener]]),
    ...program('michelangelo-ui', 80, 'ui-config'),
    service('michelangelo-ui', 'michelangelo-ui', [[80, 80]]),
    ...program('michelangelo-worker', 9000, 'worker-config'),
    ...program('michelangelo-controllermgr', 8083, 'controllermgr-config'),
    ...(adminService === 'after' ? [admin] : []),
    ...program('grafana', 3000),
    service('grafana', 'grafana', [[3000, 3000]]),
    ...program('shop', 7000),
    service('shop', 'shop', [[7000, 7000]]),
    ...(twin ? twins() : []),
    configMap('envoy-config', 'envoy.yaml', envoyConfig(topology.envoy)),
    configMap('ui-config', 'config.json', `{"apiBaseUrl": "https://${OLD.app}"}`),
    configMap('worker-config', 'base.yaml', `worker:\n  address: ${OLD.api}:443\n  useTLS: true\n`),
    configMap(
      'controllermgr-config',
      'base.yaml',
      'controllermgr:\n  metricsBindAddress: ":8091"\n',
    ),
    ...entriesOf(topology),
  ];
}

function entriesOf(topology: Topology): string[] {
  if (topology.entry === 'routes') return routes(topology);
  const annotations = topology.externalDns
    ? { 'external-dns.alpha.kubernetes.io/hostname': OLD.app }
    : {};
  const calls = topology.pageEntry ? '/michelangelo.api.v2.ProjectService' : '/';
  const app = [
    rule(OLD.app, [
      [calls, 'michelangelo-envoy', 80],
      ...(topology.otherPath ? [['/grafana', 'grafana', 3000] as const] : []),
    ]),
    ...(topology.otherHost ? [rule('grafana.example.com', [['/', 'grafana', 3000]])] : []),
  ];
  const api = [rule(OLD.api, [['/', 'michelangelo-apiserver', 15566]])];
  const page = [rule(OLD.app, [['/', 'michelangelo-ui', 80]])];
  const fallback = topology.defaultBackend
    ? { defaultBackend: { service: { name: 'grafana', port: { number: 3000 } } } }
    : {};
  const isOne = topology.entry === 'one-ingress';
  return [
    isOne
      ? ingress(
          'michelangelo',
          [...api, ...app],
          tlsBlocks(topology, ['api', 'app']),
          annotations,
          fallback,
        )
      : ingress('app', app, tlsBlocks(topology, ['app']), annotations, fallback),
    ...(isOne ? [] : [ingress('api', api, tlsBlocks(topology, ['api']), GRPC)]),
    ...(topology.pageEntry ? [ingress('page', page, [], {})] : []),
  ];
}

const GRPC = { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPC' };

function tlsBlocks({ tls, otherHost }: Topology, roles: readonly ('api' | 'app')[]) {
  const hosts = roles.map((role) => OLD[role]);
  const other = otherHost ? ['grafana.example.com'] : [];
  if (tls === 'none') return [];
  if (tls === 'no-secret') return [{ hosts: [...hosts, ...other] }];
  if (tls === 'wildcard')
    return [{ hosts: ['*.old.example.com', '*.example.com'], secretName: 'wildcard' }];
  if (tls === 'with-others') return [{ hosts: [...hosts, ...other], secretName: 'all' }];
  const blocks = roles.map((role) => ({
    hosts: [OLD[role]],
    secretName: tls === 'one-secret' ? 'both' : `${role}-cert`,
  }));
  return [...blocks, ...(otherHost ? [{ hosts: other, secretName: 'grafana-cert' }] : [])];
}

function routes(topology: Topology): string[] {
  const { tls, otherHost, otherPath } = topology;
  const secret = (role: string) => (tls === 'own' ? `${role}-cert` : 'both');
  const listener = (name: string, hostname: string) =>
    tls === 'none'
      ? { name, port: 80, protocol: 'HTTP', hostname }
      : {
          name,
          port: 443,
          protocol: 'HTTPS',
          hostname,
          tls: { certificateRefs: [{ name: secret(name) }] },
        };
  const listeners = [
    listener('api', OLD.api),
    listener('app', OLD.app),
    ...(otherHost ? [listener('grafana', 'grafana.example.com')] : []),
  ];
  const to = (name: string, port: number, path = '/') => ({
    matches: [{ path: { type: 'PathPrefix', value: path } }],
    backendRefs: [{ name, port }],
  });
  return [
    object('gateway.networking.k8s.io/v1', 'Gateway', 'public', {
      gatewayClassName: 'contour',
      listeners,
    }),
    object('gateway.networking.k8s.io/v1', 'GRPCRoute', 'api', {
      parentRefs: [{ name: 'public' }],
      hostnames: [OLD.api],
      rules: [{ backendRefs: [{ name: 'michelangelo-apiserver', port: 15566 }] }],
    }),
    object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'app', {
      parentRefs: [{ name: 'public' }],
      hostnames: [OLD.app],
      rules: [
        to('michelangelo-envoy', 80),
        ...(otherPath ? [to('grafana', 3000, '/grafana')] : []),
      ],
    }),
    ...(otherHost
      ? [
          object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'grafana', {
            parentRefs: [{ name: 'public' }],
            hostnames: ['grafana.example.com'],
            rules: [to('grafana', 3000)],
          }),
        ]
      : []),
  ];
}

function twins(): string[] {
  const spec = {
    ingressClassName: 'nginx',
    rules: [rule('portal.customer.example', [['/', 'michelangelo-envoy', 80]])],
  };
  return [
    ...program('michelangelo-envoy', 8081, undefined, 'customer'),
    service('michelangelo-envoy', 'michelangelo-envoy', [[80, 8081]], 'customer'),
    object('networking.k8s.io/v1', 'Ingress', 'portal', spec, {}, 'customer'),
  ];
}

type Path = readonly [path: string, service: string, port: number];

function rule(host: string, paths: readonly Path[]) {
  return {
    host,
    http: {
      paths: paths.map(([path, name, number]) => ({
        path,
        pathType: 'Prefix',
        backend: { service: { name, port: { number } } },
      })),
    },
  };
}

function ingress(
  name: string,
  rules: readonly unknown[],
  tls: readonly unknown[],
  annotations: object,
  more: object = {},
): string {
  const spec = { ingressClassName: 'nginx', ...more, ...(tls.length > 0 ? { tls } : {}), rules };
  return object('networking.k8s.io/v1', 'Ingress', name, spec, annotations);
}

function program(name: string, port: number, config?: string, namespace?: string): string[] {
  const container = {
    name: 'main',
    image: name.includes('envoy') ? 'envoyproxy/envoy:v1.40.0' : name,
    ports: [{ name: name.includes('envoy') ? 'app' : 'main', containerPort: port }],
    ...(config ? { volumeMounts: [{ name: 'config', mountPath: '/config' }] } : {}),
  };
  const volumes = config ? { volumes: [{ name: 'config', configMap: { name: config } }] } : {};
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [container], ...volumes },
  };
  const spec = { selector: { matchLabels: { app: name } }, template };
  return [object('apps/v1', 'Deployment', name, spec, {}, namespace)];
}

function service(
  name: string,
  app: string,
  ports: readonly (readonly [port: number, targetPort: number | string])[],
  namespace?: string,
): string {
  const list = ports.map(([port, targetPort]) => ({ name: `p${port}`, port, targetPort }));
  return object('v1', 'Service', name, { selector: { app }, ports: list }, {}, namespace);
}

function configMap(name: string, key: string, text: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ma' },
    data: { [key]: text },
  });
}

function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: object,
  annotations: object = {},
  namespace = 'ma',
): string {
  return JSON.stringify({ apiVersion, kind, metadata: { name, namespace, annotations }, spec });
}
