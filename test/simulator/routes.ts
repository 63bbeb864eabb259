/** The Gateway and the routes of a topology. */
import { OLD } from './hosts.ts';
import { object } from './objects.ts';
import type { Topology } from './topology.ts';

const VERSION = 'gateway.networking.k8s.io/v1';
const HEADERS = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-forwarded-host', value: OLD.app }] },
};
const STRIP = {
  type: 'URLRewrite',
  urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
};

export function routes(topology: Topology): string[] {
  const { otherHost, otherPath, layout, routeExtras: extras, pageEntry } = topology;
  const isPageApart = layout === 'page-host';
  const isStripped = layout === 'api-path';
  const hasPage = pageEntry && layout === 'two-hosts';
  const filters = extras === 'headers' ? [HEADERS] : [];
  const calls = hasPage ? '/michelangelo.api.v2.ProjectService' : '/';
  const app = [
    isStripped
      ? to('michelangelo-envoy', 80, '/api', [STRIP, ...filters])
      : to('michelangelo-envoy', 80, calls, filters),
    ...(isStripped || hasPage ? [to('michelangelo-ui', 80)] : []),
    ...(otherPath ? [to('grafana', 3000, '/grafana')] : []),
  ];
  return [
    ...(topology.gateway === 'own' ? [gateway(topology)] : []),
    route(topology, 'GRPCRoute', 'api', OLD.api, [
      { backendRefs: [{ name: 'michelangelo-apiserver', port: 15566 }] },
    ]),
    route(topology, 'HTTPRoute', 'app', OLD.app, app),
    ...(isPageApart
      ? [route(topology, 'HTTPRoute', 'page', OLD.ui, [to('michelangelo-ui', 80)])]
      : []),
    ...(otherHost
      ? [route(topology, 'HTTPRoute', 'grafana', 'grafana.example.com', [to('grafana', 3000)])]
      : []),
    ...extraRoutes(topology),
  ];
}

function extraRoutes(topology: Topology): string[] {
  const { routeExtras: extras, tls } = topology;
  if (extras === 'second-route')
    return [route(topology, 'HTTPRoute', 'reports', OLD.app, [to('grafana', 3000, '/reports')])];
  if (extras === 'redirect') {
    const requestRedirect = { hostname: OLD.app, statusCode: 301 };
    const rules = [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }];
    return [route(topology, 'HTTPRoute', 'moved', 'moved.example.com', rules, 'moved')];
  }
  if (extras === 'to-https' && tls !== 'none') {
    const requestRedirect = { scheme: 'https', statusCode: 301 };
    const rules = [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }];
    return [route(topology, 'HTTPRoute', 'to-https', OLD.app, rules, 'plain')];
  }
  return [];
}

function route(
  { gateway: owner }: Topology,
  kind: string,
  name: string,
  host: string,
  rules: readonly object[],
  sectionName?: string,
): string {
  const parent =
    owner === 'own' ? { name: 'public' } : { name: 'shared', namespace: 'infrastructure' };
  return object(VERSION, kind, name, {
    parentRefs: [{ ...parent, ...(sectionName ? { sectionName } : {}) }],
    hostnames: [host],
    rules,
  });
}

function to(name: string, port: number, path = '/', filters: readonly object[] = []) {
  return {
    matches: [{ path: { type: 'PathPrefix', value: path } }],
    ...(filters.length > 0 ? { filters } : {}),
    backendRefs: [{ name, port }],
  };
}

function gateway(topology: Topology): string {
  const { tls, otherHost, layout, routeExtras: extras } = topology;
  const secret = (name: string) => (tls === 'own' ? `${name}-cert` : 'both');
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
    ...(layout === 'page-host' ? [listener('page', OLD.ui)] : []),
    ...(otherHost ? [listener('grafana', 'grafana.example.com')] : []),
    ...(extras === 'redirect' ? [listener('moved', 'moved.example.com')] : []),
    ...(extras === 'to-https' && tls !== 'none'
      ? [{ name: 'plain', port: 80, protocol: 'HTTP', hostname: OLD.app }]
      : []),
  ];
  return object(VERSION, 'Gateway', 'public', { gatewayClassName: 'contour', listeners });
}
