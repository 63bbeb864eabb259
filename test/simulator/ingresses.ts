/** The Ingresses of a topology. */
import { OLD, type Role } from './hosts.ts';
import { object } from './objects.ts';
import { controllerOf, isStripped, type Topology } from './topology.ts';

/** The class of the second Ingress of one host. */
export const INTERNAL_CLASS = 'internal';

type Path = readonly [path: string, service: string, port: number, pathType?: string];

export function ingresses(topology: Topology): string[] {
  const { layout, internal, entry, defaultBackend } = topology;
  const { strip, grpc } = controllerOf(topology);
  const stripped = isStripped(topology) ? strip : undefined;
  const hasPage = topology.pageEntry || layout !== 'two-hosts';
  const dns = topology.externalDns ? { 'external-dns.alpha.kubernetes.io/hostname': OLD.app } : {};
  const rule = (host: string, paths: readonly Path[]) => ruleOf(host, paths, topology.portNames);
  const calls = (): Path => {
    if (stripped) return [stripped.path, 'michelangelo-envoy', 80, stripped.pathType];
    if (layout === 'page-host' || !hasPage) return ['/', 'michelangelo-envoy', 80];
    return ['/michelangelo.api.v2.ProjectService', 'michelangelo-envoy', 80];
  };
  const others: Path[] = topology.otherPath ? [['/grafana', 'grafana', 3000]] : [];
  const otherHost = topology.otherHost
    ? [rule('grafana.example.com', [['/', 'grafana', 3000]])]
    : [];
  // What takes a path away holds for a whole Ingress.
  const app = [rule(OLD.app, [calls(), ...(stripped ? [] : others)])];
  const api = [rule(OLD.api, [['/', 'michelangelo-apiserver', 15566]])];
  const pageHost = layout === 'page-host' ? OLD.ui : OLD.app;
  const page = [rule(pageHost, [['/', 'michelangelo-ui', 80], ...(stripped ? others : [])])];
  const fallback = defaultBackend
    ? { defaultBackend: { service: { name: 'grafana', port: { number: 3000 } } } }
    : {};
  const one = (
    name: string,
    rules: readonly unknown[],
    roles: readonly Role[],
    annotations: object,
    more: object = {},
  ) => ingressOf(topology, name, rules, tlsBlocks(topology, roles), annotations, more);
  const isOne = entry === 'one-ingress' && !stripped;
  const appMarks = stripped ? { ...dns, ...stripped.annotations } : dns;
  return [
    isOne
      ? one('michelangelo', [...api, ...app, ...otherHost], ['api', 'app'], dns, fallback)
      : one('app', [...app, ...otherHost], ['app'], appMarks, fallback),
    ...(isOne ? [] : [one('api', api, ['api'], grpc.ingress ?? {})]),
    ...(hasPage ? [one('page', page, layout === 'page-host' ? ['ui'] : [], {})] : []),
    ...(internal ? internalEntry(topology, app) : []),
  ];
}

/** The app's host once more, for clients inside. */
function internalEntry(topology: Topology, rules: readonly unknown[]): string[] {
  const { controller, tls } = topology;
  const { strip, tls: marks = {} } = controllerOf(topology);
  const own = { ...topology, otherHost: false };
  const blocks = tlsBlocks(own, ['app']);
  const spec = {
    ingressClassName: INTERNAL_CLASS,
    ...(blocks.length > 0 ? { tls: blocks } : {}),
    rules,
  };
  const annotations = {
    ...(tls === 'none' ? {} : marks),
    ...(topology.layout === 'api-path' ? strip?.annotations : {}),
  };
  return [
    object('networking.k8s.io/v1', 'Ingress', 'app-internal', spec, annotations),
    object('networking.k8s.io/v1', 'IngressClass', INTERNAL_CLASS, {
      controller: CLASS_CONTROLLERS[controller],
    }),
  ];
}

const CLASS_CONTROLLERS: Readonly<Record<Topology['controller'], string>> = {
  'ingress-nginx': 'k8s.io/ingress-nginx',
  traefik: 'traefik.io/ingress-controller',
  contour: 'projectcontour.io/ingress-controller',
  haproxy: 'haproxy.org/ingress-controller/haproxy',
  kong: 'ingress-controllers.konghq.com/kong',
  'nginx-inc': 'nginx.org/ingress-controller',
};

function tlsBlocks({ tls, otherHost }: Topology, roles: readonly Role[]) {
  if (tls === 'none' || roles.length === 0) return [];
  const hosts = roles.map((role) => OLD[role]);
  const other = otherHost && roles.includes('app') ? ['grafana.example.com'] : [];
  if (tls === 'no-secret') return [{ hosts: [...hosts, ...other] }];
  if (tls === 'wildcard')
    return [{ hosts: ['*.old.example.com', '*.example.com'], secretName: 'wildcard' }];
  if (tls === 'with-others') return [{ hosts: [...hosts, ...other], secretName: 'all' }];
  const blocks = roles.map((role) => ({
    hosts: [OLD[role]],
    secretName: tls === 'one-secret' ? 'both' : `${role}-cert`,
  }));
  return [...blocks, ...(other.length > 0 ? [{ hosts: other, secretName: 'grafana-cert' }] : [])];
}

function ingressOf(
  topology: Topology,
  name: string,
  rules: readonly unknown[],
  tls: readonly unknown[],
  annotations: object,
  more: object,
): string {
  const { className, tls: marks = {} } = controllerOf(topology);
  const spec = { ingressClassName: className, ...more, ...(tls.length > 0 ? { tls } : {}), rules };
  const own = topology.tls === 'none' ? annotations : { ...annotations, ...marks };
  return object('networking.k8s.io/v1', 'Ingress', name, spec, own);
}

function ruleOf(host: string, paths: readonly Path[], portNames: boolean) {
  return {
    host,
    http: {
      paths: paths.map(([path, name, number, pathType = 'Prefix']) => ({
        path,
        pathType,
        backend: { service: { name, port: portNames ? { name: `p${number}` } : { number } } },
      })),
    },
  };
}
