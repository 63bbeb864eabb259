import type { Controller } from './controller.ts';

/** The Ingress of Google Kubernetes Engine, ingress-gce. */
export const controller: Controller = {
  title: 'GKE Ingress',
  rank: 8,
  sources: [
    'Google Kubernetes Engine documentation, "Using HTTP/2 for load balancing with Ingress": `cloud.google.com/app-protocols` with HTTP2, which means TLS to the backend',
    'Google Kubernetes Engine documentation, "Configure Ingress features": BackendConfig `timeoutSec` (30 s by default), FrontendConfig `redirectToHttps`',
    'kubernetes/ingress-gce, README: the class is read from the annotation `kubernetes.io/ingress.class`',
    'Google Kubernetes Engine documentation, "Ingress for internal load balancers", "Using Google-managed SSL certificates", "Using multiple SSL certificates"',
    'cert-manager documentation, "HTTP01": `class` for ingress-gce',
  ],
  className: 'gce',
  otherClassNames: ['gce-internal'],
  classController: 'k8s.io/ingress-gce',
  classAnnotation: true,
  solverField: 'class',
  durations: { plain: 's' },
  tls: {},
  tlsWithoutSecret: {
    'networking.gke.io/managed-certificates': /./,
    'networking.gke.io/certmap': /./,
    'ingress.gcp.kubernetes.io/pre-shared-cert': /./,
  },
  annotationPrefixes: [
    'networking.gke.io/',
    'cloud.google.com/',
    'ingress.gcp.kubernetes.io/',
    'kubernetes.io/ingress.global-',
    'kubernetes.io/ingress.regional-',
    'kubernetes.io/ingress.allow-http',
  ],
  limits: [
    {
      kind: 'protocol',
      severity: 'error',
      role: 'api',
      message:
        "GKE's Ingress speaks HTTP/2 to a backend only over TLS, and the API server has none",
      fix: 'use `entry.api.gateway` with `className: gke-l7-global-external-managed`: it takes `appProtocol: kubernetes.io/h2c`; the app may stay on the Ingress',
    },
    {
      kind: 'timeout',
      severity: 'warning',
      setting: { word: 'timeoutSec', value: /timeoutSec["\s:]+(\d+)/, isJudged: true },
      role: 'app',
      message:
        "GKE's Ingress has its timeouts in a BackendConfig: without one, requests end after 30 s",
      fix: "make a BackendConfig with `timeoutSec: 3600`, and name it in `cloud.google.com/backend-config` on Envoy's Service",
    },
    {
      kind: 'redirect',
      severity: 'warning',
      places: ['entry', 'external'],
      unless: 'networking.gke.io/v1beta1.FrontendConfig',
      message: "GKE's Ingress redirects to HTTPS by a FrontendConfig",
      fix: 'make a FrontendConfig with `redirectToHttps.enabled: true`, and name it as `networking.gke.io/v1beta1.FrontendConfig` in `annotations` of the entry',
    },
  ],
};
