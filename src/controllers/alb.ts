import type { Controller } from './controller.ts';

const PROTOCOL_VERSION = {
  key: 'alb.ingress.kubernetes.io/backend-protocol-version',
  says: 'grpc',
  values: ['grpc', 'http2'],
} as const;

export const controller: Controller = {
  title: 'AWS Load Balancer Controller',
  rank: 7,
  sources: [
    'kubernetes-sigs/aws-load-balancer-controller, docs/guide/ingress/annotations.md: `target-type`, `backend-protocol-version`, `success-codes`, `listen-ports`, `ssl-redirect` (its port has to be in `listen-ports`), `load-balancer-attributes`, `certificate-arn`, `actions.${action-name}`',
    'kubernetes-sigs/aws-load-balancer-controller, docs/guide/tasks/ssl_redirect.md and docs/examples/grpc_server.md',
    'Elastic Load Balancing, "Target groups for your Application Load Balancers": with protocol version gRPC, HTTPS listeners only',
  ],
  className: 'alb',
  classController: 'ingress.k8s.aws/alb',
  both: {
    // The Services are of type ClusterIP; `instance`, the default, wants NodePorts.
    ingress: { 'alb.ingress.kubernetes.io/target-type': 'ip' },
  },
  grpc: {
    ingress: {
      'alb.ingress.kubernetes.io/backend-protocol-version': 'GRPC',
      // The health check calls a method that no server has: any gRPC status shows that one answers.
      'alb.ingress.kubernetes.io/success-codes': '0-99',
    },
  },
  grpcWays: [
    { on: 'ingress', ...PROTOCOL_VERSION },
    { on: 'service', ...PROTOCOL_VERSION },
  ],
  oneProtocolPerIngress: true,
  timeouts: {
    ingress: {
      'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=3600',
    },
  },
  durations: { plain: 's' },
  tls: {
    external: {
      ingress: {
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": 80}, {"HTTPS": {publicPort}}]',
        'alb.ingress.kubernetes.io/ssl-redirect': '{publicPort}',
      },
    },
    none: {
      ingress: { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": {publicPort}}]' },
    },
  },
  tlsWithoutSecret: {
    'alb.ingress.kubernetes.io/certificate-arn': /./,
    'alb.ingress.kubernetes.io/listen-ports': /HTTPS/,
  },
  // It takes a port, so that only its absence is off.
  redirects: { 'alb.ingress.kubernetes.io/ssl-redirect': null },
  actions: { port: 'use-annotation', annotation: 'alb.ingress.kubernetes.io/actions.{service}' },
  limits: [
    {
      kind: 'certificate',
      severity: 'error',
      places: ['entry'],
      message: 'the AWS Load Balancer Controller takes its certificates from ACM, not from Secrets',
      fix: 'choose `tls.mode: external`; the controller finds the certificate in ACM by the host, or give `alb.ingress.kubernetes.io/certificate-arn` in `annotations`',
    },
    {
      kind: 'protocol',
      severity: 'error',
      role: 'api',
      places: ['none'],
      message: 'an Application Load Balancer carries gRPC on HTTPS listeners only',
      fix: 'choose `tls.mode: external` with a certificate in ACM',
    },
  ],
};
