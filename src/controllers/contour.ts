import type { Controller } from './controller.ts';

export const controller: Controller = {
  title: 'Contour',
  rank: 4,
  sources: [
    'projectcontour/contour, site/content/docs/main/config/annotations.md (Go durations; `response-timeout` is the route timeout, 15 s by default)',
    'projectcontour/contour, internal/dag/accessors.go, upstreamProtocol: `appProtocol`, where it is set, wins over the annotation; it knows `kubernetes.io/h2c`, and any other is HTTP/1.1',
    'projectcontour/contour, internal/annotation/annotations.go: every annotation of Ingress and Service',
    'projectcontour/contour, apis/projectcontour/v1alpha1/contourconfig.go: `timeouts.stream-idle-timeout`, 5 min by default',
  ],
  className: 'contour',
  classController: 'projectcontour.io/',
  grpc: { service: { 'projectcontour.io/upstream-protocol.h2c': '{port}' } },
  grpcTls: { service: { 'projectcontour.io/upstream-protocol.h2': '{port}' } },
  grpcWays: [
    { on: 'service', key: 'projectcontour.io/upstream-protocol.h2c', says: 'h2', values: 'ports' },
    { on: 'service', key: 'projectcontour.io/upstream-protocol.h2', says: 'h2', values: 'ports' },
    { on: 'port', key: 'appProtocol', says: 'h2', values: ['kubernetes.io/h2c'] },
  ],
  portProtocolWins: true,
  timeouts: { ingress: { 'projectcontour.io/response-timeout': '3600s' } },
  durations: { units: 'go', endless: 'infinity' },
  tls: { entry: { ingress: { 'ingress.kubernetes.io/force-ssl-redirect': 'true' } } },
  redirects: { 'ingress.kubernetes.io/force-ssl-redirect': 'false' },
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      setting: { word: 'stream-idle-timeout', value: /stream-idle-timeout["'\s:]+(\w+)/ },
      message:
        'Contour ends a stream that is silent for 5 min, and no annotation changes that; its response timeout counts the whole call',
      fix: "set `timeouts.stream-idle-timeout: 3600s` in Contour's configuration file; where streams live longer than an hour, give `projectcontour.io/response-timeout: infinity` in `annotations`",
    },
  ],
};
