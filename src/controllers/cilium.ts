import type { Controller } from './controller.ts';

/** Cilium's Ingress speaks the client's protocol to the backend; the mark serves its Gateway API and costs nothing. */
export const controller: Controller = {
  title: 'Cilium Ingress',
  rank: 11,
  sources: [
    'cilium/cilium, Documentation/network/servicemesh/ingress.rst: "Supported Ingress Annotations" (`force-https`, `tls-passthrough`)',
    'cilium/cilium, operator/pkg/ingress/annotations/annotations.go: `request-timeout`, a Go duration, since 1.16',
    'cilium/cilium, operator/pkg/model/translation/envoy_cluster.go: the upstream protocol follows the downstream one',
    'cilium/cilium, issue 47206 and pull request 47422: no ALPN on an Ingress with TLS, so that gRPC clients refuse it',
    'cilium/cilium, issue 43814: `envoy.streamIdleTimeoutDurationSeconds` and `proxy-stream-idle-timeout-seconds`, 300 by default',
  ],
  className: 'cilium',
  classController: 'cilium.io/ingress-controller',
  followsClient: true,
  grpc: { appProtocol: 'kubernetes.io/h2c' },
  timeouts: { ingress: { 'ingress.cilium.io/request-timeout': '3600s' } },
  durations: { units: 'go', endless: 'zero' },
  tls: {
    entry: { ingress: { 'ingress.cilium.io/force-https': 'enabled' } },
    none: { ingress: { 'ingress.cilium.io/force-https': 'disabled' } },
    envoy: { ingress: { 'ingress.cilium.io/tls-passthrough': 'enabled' } },
  },
  redirects: { 'ingress.cilium.io/force-https': 'disabled' },
  limits: [
    {
      kind: 'protocol',
      severity: 'error',
      role: 'api',
      places: ['entry'],
      message: "Cilium's Ingress does not negotiate HTTP/2 (no ALPN): gRPC clients refuse its TLS",
      fix: 'use `entry.api.gateway` with `className: cilium`, and set `gatewayAPI.enableAlpn` and `gatewayAPI.enableAppProtocol` in its Helm values; the app may stay on the Ingress',
    },
    {
      kind: 'timeout',
      severity: 'warning',
      message:
        'Cilium ends a stream that is silent for 5 min, and no annotation changes that; its request timeout counts the whole call',
      fix: 'set `envoy.streamIdleTimeoutDurationSeconds: 3600` in its Helm values (with 1.18 also `extraConfig.proxy-stream-idle-timeout-seconds`); where streams live longer than an hour, give `ingress.cilium.io/request-timeout: 0s` in `annotations`',
    },
  ],
};
