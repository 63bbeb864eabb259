/** What Ingress controllers understand of annotations, from their own documentation and not from `src/controllers/`. */
import type { Json } from './cluster.ts';

type Annotations = Readonly<Record<string, string>>;
export type Protocol = 'http' | 'h2c' | 'https' | 'nothing';

export interface SimulatedController {
  className: string;
  /** What bases write so that the API server is spoken to in gRPC. */
  grpc: { ingress?: Annotations; service?: Annotations };
  /** What bases write beside a TLS block. */
  tls?: Annotations;
  /** How bases write that `/api` is taken away. */
  strip?: { path: string; pathType: string; annotations: Annotations };
  /** What is spoken to a port of a Service. */
  protocol: (ingress: Annotations, service: Annotations, name: string, port: Json) => Protocol;
  /** Whether TLS goes through to the backend. */
  passes?: (ingress: Annotations) => boolean;
  /** Whether a TLS block alone is not enough. */
  wantsTlsMark?: (ingress: Annotations) => boolean;
  /** The path that the backend gets. */
  rewritten?: (ingress: Annotations, pattern: string, path: string) => string;
}

const NGINX = 'nginx.ingress.kubernetes.io/';
const TRAEFIK = 'traefik.ingress.kubernetes.io/';
const CONTOUR = 'projectcontour.io/upstream-protocol.h2c';

export const CONTROLLERS = {
  'ingress-nginx': {
    className: 'nginx',
    grpc: { ingress: { [`${NGINX}backend-protocol`]: 'GRPC' } },
    strip: {
      path: '/api(/|$)(.*)',
      pathType: 'ImplementationSpecific',
      annotations: { [`${NGINX}rewrite-target`]: '/$2', [`${NGINX}use-regex`]: 'true' },
    },
    protocol: (ingress) => {
      const mark = ingress[`${NGINX}backend-protocol`];
      if (mark === 'GRPC') return 'h2c';
      return mark === 'HTTPS' || mark === 'GRPCS' ? 'https' : 'http';
    },
    passes: (ingress) => ingress[`${NGINX}ssl-passthrough`] === 'true',
    rewritten: (ingress, pattern, path) => {
      const target = ingress[`${NGINX}rewrite-target`];
      if (target === undefined) return path;
      return path.replace(new RegExp(`^${pattern}.*$`), target);
    },
  },
  traefik: {
    className: 'traefik',
    grpc: { service: { [`${TRAEFIK}service.serversscheme`]: 'h2c' } },
    tls: { [`${TRAEFIK}router.entrypoints`]: 'websecure', [`${TRAEFIK}router.tls`]: 'true' },
    protocol: (_, service) => {
      const scheme = service[`${TRAEFIK}service.serversscheme`];
      return scheme === 'h2c' || scheme === 'https' ? scheme : 'http';
    },
    wantsTlsMark: (ingress) => ingress[`${TRAEFIK}router.tls`] !== 'true',
  },
  contour: {
    className: 'contour',
    grpc: { service: { [CONTOUR]: '15566' } },
    protocol: (_, service, __, port) => {
      const h2c = (service[CONTOUR] ?? '').split(',');
      const isH2c = h2c.includes(String(port.port)) || h2c.includes(port.name);
      return isH2c || port.appProtocol === 'kubernetes.io/h2c' ? 'h2c' : 'http';
    },
  },
  haproxy: {
    className: 'haproxy',
    grpc: { service: { 'haproxy.org/server-proto': 'h2' } },
    protocol: (ingress, service) =>
      (service['haproxy.org/server-proto'] ?? ingress['haproxy.org/server-proto']) === 'h2'
        ? 'h2c'
        : 'http',
    passes: (ingress) => ingress['haproxy.org/ssl-passthrough'] === 'true',
  },
  kong: {
    className: 'kong',
    grpc: {
      ingress: { 'konghq.com/protocols': 'grpc,grpcs' },
      service: { 'konghq.com/protocol': 'grpc' },
    },
    strip: {
      path: '/api',
      pathType: 'Prefix',
      annotations: { 'konghq.com/strip-path': 'true' },
    },
    protocol: (ingress, service) => {
      const isGrpc = service['konghq.com/protocol'] === 'grpc';
      // A route of gRPC takes nothing else, and one of HTTP does not lead to a Service of gRPC.
      const takes = ingress['konghq.com/protocols'] ?? 'http,https';
      if (takes.includes('grpc') !== isGrpc) return 'nothing';
      return isGrpc ? 'h2c' : 'http';
    },
    rewritten: (ingress, pattern, path) =>
      ingress['konghq.com/strip-path'] === 'true' && pattern !== '/'
        ? path.slice(pattern.length) || '/'
        : path,
  },
  'nginx-inc': {
    className: 'nginx',
    grpc: { ingress: { 'nginx.org/grpc-services': 'michelangelo-apiserver' } },
    protocol: (ingress, _, name) =>
      (ingress['nginx.org/grpc-services'] ?? '').split(',').includes(name) ? 'h2c' : 'http',
  },
} satisfies Readonly<Record<string, SimulatedController>>;

export type ControllerName = keyof typeof CONTROLLERS;
