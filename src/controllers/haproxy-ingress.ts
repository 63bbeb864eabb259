import type { Controller } from './controller.ts';

const BACKEND_PROTOCOL = {
  key: 'haproxy-ingress.github.io/backend-protocol',
  says: 'h2',
  values: ['h2', 'h2-ssl', 'grpc', 'grpcs'],
} as const;

/** The community's controller, jcmoraisjr/haproxy-ingress. */
export const controller: Controller = {
  title: 'HAProxy Ingress (community)',
  rank: 6,
  sources: [
    'jcmoraisjr/haproxy-ingress, docs/content/en/docs/configuration/keys.md: "Annotation" (prefix), "Backend protocol", "Timeout" (with a unit; `timeout-client` is of the Global scope, 50s), "SSL redirect", "SSL passthrough", "SSL always add HTTPS"',
  ],
  className: 'haproxy',
  classController: 'haproxy-ingress.github.io/',
  grpc: { service: { 'haproxy-ingress.github.io/backend-protocol': 'h2' } },
  grpcTls: { service: { 'haproxy-ingress.github.io/backend-protocol': 'h2-ssl' } },
  grpcWays: [
    { on: 'service', ...BACKEND_PROTOCOL },
    { on: 'ingress', ...BACKEND_PROTOCOL },
  ],
  timeouts: { ingress: { 'haproxy-ingress.github.io/timeout-server': '3600s' } },
  hasConfigMap: true,
  durations: { plain: 'ms', units: 'days', endless: 'zero' },
  tls: {
    entry: { ingress: { 'haproxy-ingress.github.io/ssl-redirect': 'true' } },
    none: { ingress: { 'haproxy-ingress.github.io/ssl-redirect': 'false' } },
    envoy: { ingress: { 'haproxy-ingress.github.io/ssl-passthrough': 'true' } },
  },
  redirects: { 'haproxy-ingress.github.io/ssl-redirect': 'false' },
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      setting: { word: 'timeout-client', value: /timeout-client["'\s:]+(\d\w*)/ },
      message:
        'HAProxy Ingress ends connections whose client is silent for 50 s, and no annotation changes that',
      fix: "set `timeout-client: 3600s` in the controller's global ConfigMap",
    },
  ],
};
