/** Topologies of many features, as manifests: Michelangelo beside other products, in the shapes that running systems have. */
import fc from '../support/fast-check.ts';
import { CONTROLLERS, type ControllerName, type SimulatedController } from './controllers.ts';
import { envoyConfig } from './envoy-config.ts';
import { NEW, OLD } from './hosts.ts';
import { ingresses } from './ingresses.ts';
import { configMap, object, prefixed, program, service } from './objects.ts';
import { routes } from './routes.ts';

/** The value that most topologies have, and those of the others: what is rare leaves the rest to be followed. */
function mostly<const T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  const rare = { weight: 2, arbitrary: fc.constantFrom(...others) };
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, rare);
}

const NAMES = Object.keys(CONTROLLERS) as ControllerName[];

/** One system as it runs, and what is asked of the function. Each field is one feature; `false` or the first word leaves it out. */
export const topologies = fc.record({
  entry: fc.constantFrom('ingress', 'one-ingress', 'routes'),
  /** Who serves the Ingresses. */
  controller: mostly<ControllerName>('ingress-nginx', ...NAMES.slice(1)),
  /** A page on a host of its own; or calls under `/api` of the page's host, which the entry takes away. */
  layout: mostly('two-hosts', 'page-host', 'api-path'),
  tls: fc.constantFrom('own', 'one-secret', 'with-others', 'wildcard', 'no-secret', 'none'),
  /** Another product's host in the app's Ingress or route. */
  otherHost: fc.boolean(),
  /** Another product's path on the app's host. */
  otherPath: mostly(false, true),
  defaultBackend: mostly(false, true),
  /** The page has an Ingress of its own on the app's host. */
  pageEntry: mostly(false, true),
  /** Backends are named by the ports' names. */
  portNames: fc.boolean(),
  /** The app has an Ingress of a second class, on the same host. */
  internal: mostly(false, true),
  /** What kustomize puts before the names, but not inside texts. */
  prefix: mostly('', 'eu-'),
  /** Of bases with routes: who has the Gateway, and what else the routes do. */
  gateway: mostly('own', 'elsewhere'),
  routeExtras: mostly('none', 'second-route', 'redirect', 'to-https', 'headers'),
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
    entry: mostly('same', 'gateway'),
    /** The config names the controller: that of the base, or another. */
    controller: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constant('same' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
    ),
    terminateAt: mostly('entry', 'envoy'),
    pageHost: mostly(true, false),
    alias: fc.boolean(),
  }),
});

export type Topology = typeof topologies extends fc.Arbitrary<infer T> ? T : never;

/** Where the page is opened: on its own host, or on the app's. */
export function pageRole({ layout }: Topology): 'ui' | 'app' {
  return layout === 'page-host' ? 'ui' : 'app';
}

/** Whether TLS of the app's host is to go through to Envoy. */
export function endsAtEnvoy({ wanted }: Topology): boolean {
  return wanted.terminateAt === 'envoy' && !['external', 'none'].includes(wanted.mode);
}

/** Whether calls come under a path that the entry takes away. */
export function isStripped(topology: Topology): boolean {
  const isPossible = topology.entry === 'routes' || controllerOf(topology).strip !== undefined;
  return topology.layout === 'api-path' && isPossible;
}

export function controllerOf({ controller }: Topology): SimulatedController {
  return CONTROLLERS[controller];
}

export function configOf(topology: Topology): string {
  const { wanted, layout, controller } = topology;
  const hasPage = layout === 'page-host' && wanted.pageHost;
  const aliases = { api: [OLD.api], app: [OLD.app] };
  const ingress = {
    ingress: { controller: wanted.controller === 'same' ? controller : wanted.controller },
  };
  const spec = {
    domain: 'new.example.org',
    hosts: {
      ...(wanted.alias ? { aliases } : {}),
      ...(hasPage ? { ui: NEW.ui } : {}),
    },
    tls: {
      mode: wanted.mode,
      acme: wanted.mode === 'acme' ? { email: 'a@example.org' } : undefined,
      issuer: wanted.mode === 'issuer' ? { name: 'corporate' } : undefined,
      ...(endsAtEnvoy(topology) ? { terminateAt: 'envoy' } : {}),
    },
    entry:
      wanted.entry === 'gateway'
        ? { gateway: { className: 'contour' } }
        : wanted.controller && ingress,
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
  const { adminService, twin, entry, prefix } = topology;
  const admin = service('envoy-admin', 'michelangelo-envoy', [[9901, 9901]]);
  const listener = topology.targetPort === 'name' ? 'app' : 8081;
  const marks = entry === 'routes' ? {} : controllerOf(topology).grpc.service;
  const base = `https://${OLD.app}${isStripped(topology) ? '/api' : ''}`;
  const own = [
    ...(adminService === 'before' ? [admin] : []),
    ...program('michelangelo-apiserver', 15566),
    service('michelangelo-apiserver', 'michelangelo-apiserver', [[15566, 15566]], undefined, marks),
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
    configMap('envoy-config', 'envoy.yaml', envoyConfig(topology)),
    configMap('ui-config', 'config.json', `{"apiBaseUrl": "${base}"}`),
    configMap('worker-config', 'base.yaml', `worker:\n  address: ${OLD.api}:443\n  useTLS: true\n`),
    configMap(
      'controllermgr-config',
      'base.yaml',
      'controllermgr:\n  metricsBindAddress: ":8091"\n',
    ),
    ...(entry === 'routes' ? routes(topology) : ingresses(topology)),
  ];
  const names = new Set(own.map((text) => JSON.parse(text).metadata.name));
  const isOurs = (name: string) => names.has(name);
  const renamed = prefix ? own.map((text) => prefixed(text, prefix, isOurs)) : own;
  return [...renamed, ...(twin ? twins() : [])];
}

function twins(): string[] {
  const backend = { service: { name: 'michelangelo-envoy', port: { number: 80 } } };
  const spec = {
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'portal.customer.example',
        http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
      },
    ],
  };
  return [
    ...program('michelangelo-envoy', 8081, undefined, 'customer'),
    service('michelangelo-envoy', 'michelangelo-envoy', [[80, 8081]], 'customer'),
    object('networking.k8s.io/v1', 'Ingress', 'portal', spec, {}, 'customer'),
  ];
}
