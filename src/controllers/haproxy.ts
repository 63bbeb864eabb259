import type { Controller } from './controller.ts';

/** The controller of HAProxy Technologies; the community's is `haproxy-ingress`. Both call their class `haproxy`. */
export const controller: Controller = {
  title: 'HAProxy Kubernetes Ingress Controller (HAProxy Technologies)',
  rank: 5,
  sources: [
    'haproxytech/kubernetes-ingress, documentation/annotations.md (3.2): `server-proto`, `timeout-server` (with a unit), `timeout-client` (ConfigMap only, 50s), `ssl-redirect`, `ssl-redirect-port` (8443 by default), `ssl-passthrough`',
  ],
  className: 'haproxy',
  classController: 'haproxy.org/',
  // On the Service, which leaves the app's paths of the same Ingress alone.
  grpc: { service: { 'haproxy.org/server-proto': 'h2' } },
  grpcWays: [
    { on: 'service', key: 'haproxy.org/server-proto', says: 'h2', values: ['h2'] },
    { on: 'ingress', key: 'haproxy.org/server-proto', says: 'h2', values: ['h2'] },
  ],
  timeouts: { ingress: { 'haproxy.org/timeout-server': '3600s' } },
  hasConfigMap: true,
  durations: { plain: 'ms', units: 'days', endless: 'zero' },
  tls: {
    entry: {
      ingress: {
        'haproxy.org/ssl-redirect': 'true',
        'haproxy.org/ssl-redirect-port': '{publicPort}',
      },
    },
    none: { ingress: { 'haproxy.org/ssl-redirect': 'false' } },
    envoy: { ingress: { 'haproxy.org/ssl-passthrough': 'true' } },
  },
  redirects: { 'haproxy.org/ssl-redirect': 'false' },
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      setting: { word: 'timeout-client', value: /timeout-client["'\s:]+(\d\w*)/ },
      message:
        'this controller ends connections whose client is silent for 50 s, and no annotation changes that',
      fix: "set `timeout-client: 3600s` in the controller's ConfigMap",
    },
  ],
};
