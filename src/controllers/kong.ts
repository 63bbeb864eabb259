import type { Controller } from './controller.ts';

export const controller: Controller = {
  title: 'Kong Ingress Controller',
  rank: 10,
  sources: [
    'Kong Ingress Controller documentation, "Annotations": `konghq.com/protocol`, `protocols` ("grpc,grpcs" for gRPC, "https" for the redirect), `https-redirect-status-code` (426 by default), `read-timeout` and `write-timeout` (milliseconds, on the Service), `request-buffering`, `response-buffering`',
    'Kong Gateway documentation, "Configuration reference": `proxy_listen` (`http2` on the TLS port only), `nginx_proxy_*` directives',
  ],
  className: 'kong',
  classController: 'ingress-controllers.konghq.com/kong',
  grpc: {
    ingress: { 'konghq.com/protocols': 'grpc,grpcs' },
    service: { 'konghq.com/protocol': 'grpc' },
  },
  grpcTls: {
    ingress: { 'konghq.com/protocols': 'grpc,grpcs' },
    service: { 'konghq.com/protocol': 'grpcs' },
  },
  grpcWays: [
    { on: 'service', key: 'konghq.com/protocol', says: 'grpc', values: ['grpc', 'grpcs'] },
  ],
  oneProtocolPerIngress: true,
  web: {
    ingress: { 'konghq.com/request-buffering': 'false', 'konghq.com/response-buffering': 'false' },
  },
  timeouts: { service: { 'konghq.com/read-timeout': '3600000' } },
  sendTimeouts: { service: { 'konghq.com/write-timeout': '3600000' } },
  durations: { plain: 'ms' },
  tls: {
    entry: {
      ingress: {
        'konghq.com/protocols': 'https',
        'konghq.com/https-redirect-status-code': '308',
      },
    },
  },
  // A status code, which redirects where `protocols` has https alone.
  redirects: { 'konghq.com/https-redirect-status-code': null },
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      role: 'api',
      message:
        'Kong ends a gRPC stream on which the client is silent for 60 s, and no annotation changes that',
      fix: 'set `KONG_NGINX_PROXY_CLIENT_BODY_TIMEOUT=3600s` on Kong, or let clients send keepalives; streams from the server alone need nothing',
    },
    {
      kind: 'protocol',
      severity: 'warning',
      role: 'api',
      places: ['external', 'none'],
      message:
        'Kong speaks HTTP/2 on its TLS port only, unless its listener says otherwise: gRPC without TLS does not get through it',
      fix: 'add `http2` to the plain listener of `KONG_PROXY_LISTEN` (Helm: `proxy.http.parameters`)',
    },
  ],
};
