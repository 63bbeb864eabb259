import type { Controller } from './controller.ts';

export const CONTOUR: Controller = {
  title: 'Contour',
  sources: [
    'projectcontour/contour, site/content/docs/main/config/annotations.md (Go durations; `response-timeout` is the route timeout, 15 s by default)',
    'projectcontour/contour, internal/dag/accessors.go, upstreamProtocol: `appProtocol`, where it is set, wins over the annotation; it knows `kubernetes.io/h2c`',
    'projectcontour/contour, internal/annotation/annotations.go: every annotation of Ingress and Service',
    'projectcontour/contour, apis/projectcontour/v1alpha1/contourconfig.go: `timeouts.stream-idle-timeout`, 5 min by default',
  ],
  className: 'contour',
  grpc: { service: { 'projectcontour.io/upstream-protocol.h2c': '{port}' } },
  timeouts: { ingress: { 'projectcontour.io/response-timeout': '3600s' } },
  tls: { entry: { ingress: { 'ingress.kubernetes.io/force-ssl-redirect': 'true' } } },
  limits: [
    {
      severity: 'warning',
      message:
        'Contour ends a stream that is silent for 5 min, and no annotation changes that; its response timeout counts the whole call',
      mend: "set `timeouts.stream-idle-timeout: 3600s` in Contour's configuration file; where streams live longer than an hour, give `projectcontour.io/response-timeout: infinity` in `annotations`",
    },
  ],
};
