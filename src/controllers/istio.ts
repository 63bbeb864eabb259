import type { Controller } from './controller.ts';

/** Istio's reading of plain Ingresses. It sets no limit on calls and on silence, so that no timeout has to be marked. */
export const controller: Controller = {
  title: 'Istio',
  rank: 9,
  sources: [
    'Istio documentation, "Protocol Selection": `appProtocol` wins over the name of the port',
    'istio/istio, pkg/config/kube/conversion.go (see issue 58833): `kubernetes.io/h2c` is HTTP/2',
    'istio/istio, pilot/pkg/config/kube/ingress/conversion.go: Secrets by name in the namespace of the gateway, `httpsRedirect: false`, port 80 always open',
    'Istio documentation, "Kubernetes Ingress", "Request Timeouts" (none by default)',
    'istio/istio, pilot/pkg/networking/core/listener_builder.go: stream idle timeout off',
  ],
  className: 'istio',
  classController: 'istio.io/ingress-controller',
  grpc: { appProtocol: 'kubernetes.io/h2c' },
  grpcWays: [
    {
      on: 'port',
      key: 'appProtocol',
      says: 'grpc',
      values: ['grpc', 'grpc-web', 'http2', 'kubernetes.io/h2c'],
    },
    { on: 'port', key: 'name', says: 'grpc', values: ['grpc', 'http2'] },
  ],
  tls: {},
  limits: [
    {
      kind: 'certificate',
      severity: 'warning',
      places: ['entry'],
      message:
        "Istio looks for an Ingress's Secrets in the namespace of its gateway (`istio-system`), not in that of the Ingress",
      fix: 'copy the Secrets there, or use `entry.gateway` with `className: istio`, which reads them where they are',
    },
    {
      kind: 'redirect',
      severity: 'warning',
      places: ['entry'],
      message:
        'Istio does not redirect an Ingress to HTTPS: it serves the host without TLS as well',
      fix: 'use `entry.gateway` with `className: istio`, which redirects',
    },
  ],
};
