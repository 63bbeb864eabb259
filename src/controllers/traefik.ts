import type { Controller } from './controller.ts';

/** Traefik 2 and 3. Its entry points are called `web` and `websecure` by Traefik's Helm chart and by k3s. */
export const controller: Controller = {
  title: 'Traefik',
  rank: 3,
  sources: [
    'traefik/traefik, docs/content/reference/routing-configuration/kubernetes/ingress.md: "On Ingress", "On Service", "Enabling TLS via Annotations" (spec.tls alone does not)',
    'traefik/traefik, docs/content/reference/install-configuration/entrypoints.md: `transport.respondingTimeouts.readTimeout` (60s by default), `http.redirections.entryPoint`',
  ],
  className: 'traefik',
  classController: 'traefik.io/ingress-controller',
  grpc: { service: { 'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c' } },
  grpcWays: [
    {
      on: 'service',
      key: 'traefik.ingress.kubernetes.io/service.serversscheme',
      says: 'h2',
      values: ['h2c', 'https'],
    },
  ],
  tls: {
    entry: {
      ingress: {
        'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
        'traefik.ingress.kubernetes.io/router.tls': 'true',
      },
    },
    none: { ingress: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' } },
  },
  tlsWithoutSecret: { 'traefik.ingress.kubernetes.io/router.tls': /^true$/ },
  durations: { plain: 's', units: 'go', endless: 'zero' },
  entryPoints: 'traefik.ingress.kubernetes.io/router.entrypoints',
  limits: [
    {
      kind: 'timeout',
      severity: 'warning',
      setting: {
        word: 'respondingTimeouts',
        value:
          /respondingTimeouts[\s."':{]+(?:(?:write|idle)Timeout[\s"':=]+\w+[\s"',]+)*readTimeout[\s"':=]+([\d.]+\w*)/i,
      },
      message:
        'Traefik has its timeouts on the entry point: by default it ends requests whose body takes longer than 60 s, streams from clients among them',
      fix: "set `entryPoints.websecure.transport.respondingTimeouts.readTimeout: 3600s` (of `web` where there is no TLS) in Traefik's static configuration, or in Helm `ports.websecure.transport.respondingTimeouts.readTimeout`",
    },
    {
      kind: 'redirect',
      severity: 'warning',
      places: ['entry'],
      // A redirectScheme middleware.
      unless: 'traefik.ingress.kubernetes.io/router.middlewares',
      message: 'Traefik redirects to HTTPS on the entry point, not on an Ingress',
      fix: "set `entryPoints.web.http.redirections.entryPoint.to: websecure` in Traefik's static configuration",
    },
  ],
};
