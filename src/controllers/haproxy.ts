import type { Controller } from './controller.ts';

/** The controller of HAProxy Technologies; the community's is `haproxy-ingress`. Both call their class `haproxy`. */
export const HAPROXY: Controller = {
  title: 'HAProxy Kubernetes Ingress Controller (HAProxy Technologies)',
  sources: [
    'haproxytech/kubernetes-ingress, documentation/annotations.md (3.2): `server-proto`, `timeout-server` (with a unit), `timeout-client` (ConfigMap only, 50s), `ssl-redirect`, `ssl-redirect-port` (8443 by default), `ssl-passthrough`',
  ],
  className: 'haproxy',
  // On the Service, which leaves the app's paths of the same Ingress alone.
  grpc: { service: { 'haproxy.org/server-proto': 'h2' } },
  timeouts: { ingress: { 'haproxy.org/timeout-server': '3600s' } },
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
  limits: [
    {
      severity: 'warning',
      message:
        'this controller ends connections whose client is silent for 50 s, and no annotation changes that',
      mend: "set `timeout-client: 3600s` in the controller's ConfigMap",
    },
  ],
};
