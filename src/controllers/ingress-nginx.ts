import type { Controller } from './controller.ts';

/** Either may be on for the whole controller. */
const REDIRECTS = {
  'nginx.ingress.kubernetes.io/ssl-redirect': 'false',
  'nginx.ingress.kubernetes.io/force-ssl-redirect': 'false',
};

/** Maintenance ended in March 2026; it is here because the guide uses it and many clusters still run it. */
export const controller: Controller = {
  title: 'ingress-nginx',
  rank: 1,
  sources: [
    'kubernetes/ingress-nginx, docs/user-guide/nginx-configuration/annotations.md: "Backend Protocol", "Custom timeouts" (no unit, seconds), "Custom max body size", "Server-side HTTPS enforcement through redirect", "SSL Passthrough", "Canary", "Permanent Redirect", "Temporal Redirect"',
    'kubernetes/ingress-nginx, docs/examples/grpc/README.md: "Notes on using response/request streams"',
    'kubernetes/ingress-nginx, pkg/tcpproxy/tcp.go: what passes through is copied without a deadline',
    'argoproj/argo-cd, docs/operator-manual/ingress.md, "SSL-Passthrough": with `force-ssl-redirect`, because there is no TLS block',
    'kubernetes/ingress-nginx, pull request 11258: gRPC takes its timeouts from the proxy timeouts since 1.11',
    'kubernetes/ingress-nginx, issues 12434 (client_body_timeout ends idle streams) and 10429 (no HTTP/2 on port 80)',
  ],
  className: 'nginx',
  classController: 'k8s.io/ingress-nginx',
  both: {
    // The sum of all messages of a stream counts as one body.
    ingress: { 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
  },
  grpc: { ingress: { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPC' } },
  grpcTls: { ingress: { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPCS' } },
  grpcWays: [
    {
      on: 'ingress',
      key: 'nginx.ingress.kubernetes.io/backend-protocol',
      says: 'grpc',
      values: ['grpc', 'grpcs'],
    },
  ],
  oneProtocolPerIngress: true,
  timeouts: { ingress: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600' } },
  sendTimeouts: { ingress: { 'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600' } },
  hasConfigMap: true,
  durations: { plain: 's' },
  tls: {
    entry: { ingress: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' } },
    none: { ingress: REDIRECTS },
    envoy: {
      ingress: {
        'nginx.ingress.kubernetes.io/ssl-passthrough': 'true',
        // Without a TLS block `ssl-redirect` does nothing, and port 80 would speak plain HTTP to Envoy.
        'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true',
      },
    },
  },
  redirects: REDIRECTS,
  tlsOnlyRedirects: ['nginx.ingress.kubernetes.io/ssl-redirect'],
  redirectsAll: [
    'nginx.ingress.kubernetes.io/permanent-redirect',
    'nginx.ingress.kubernetes.io/temporal-redirect',
  ],
  sharedPaths: { 'nginx.ingress.kubernetes.io/canary': /^true$/ },
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      setting: { word: 'client-body-timeout', value: /client-body-timeout["'\s:]+(\d+)/ },
      role: 'api',
      // What passes through goes by NGINX, and has no timeout.
      places: ['entry', 'external', 'none'],
      message:
        'ingress-nginx ends a gRPC stream on which the client is silent for 60 s, and no annotation changes that',
      fix: 'set `client-body-timeout: "3600"` in the controller\'s ConfigMap, or let clients send keepalives; streams from the server alone need nothing',
    },
    {
      kind: 'protocol',
      severity: 'warning',
      role: 'api',
      places: ['external', 'none'],
      message:
        'ingress-nginx speaks HTTP/2 on its TLS port only: gRPC without TLS does not get through it',
      fix: 'end TLS at the entry, or let gRPC clients use the Service inside the cluster (`worker.apiAddress: service`)',
    },
    {
      kind: 'pass-through',
      severity: 'warning',
      role: 'app',
      places: ['envoy'],
      message:
        'ingress-nginx passes TLS through only where it was started with a flag, and ignores its other annotations then',
      fix: 'start the controller with `--enable-ssl-passthrough`',
    },
  ],
};
