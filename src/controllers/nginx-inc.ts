import type { Controller } from './controller.ts';

const REDIRECTS = { 'nginx.org/ssl-redirect': 'False', 'nginx.org/redirect-to-https': 'False' };

/** F5's own controller. Its class is called `nginx` as well: the class does not tell the two apart. */
export const controller: Controller = {
  title: 'NGINX Ingress Controller (F5)',
  rank: 2,
  sources: [
    'NGINX Ingress Controller documentation, "Advanced configuration with Annotations" (times with a unit)',
    'nginx/kubernetes-ingress, examples "grpc-services": HTTP/2 has to be on, and the Ingress needs TLS termination',
    'nginx/kubernetes-ingress, internal/configs/version1/nginx.ingress.tmpl: grpc_read_timeout and grpc_send_timeout follow the proxy timeouts; `SSLRedirect` only inside `if $server.SSL`',
    'nginx/kubernetes-ingress, internal/configs/ingress.go: `nginx.org/ssl-redirect` in place of the deprecated `ingress.kubernetes.io/ssl-redirect`',
    'NGINX Ingress Controller documentation, "Host and Listener collisions"; "Cross-namespace configuration" (mergeable Ingresses); TransportServer with TLS passthrough',
  ],
  className: 'nginx',
  classController: 'nginx.org/ingress-controller',
  both: { ingress: { 'nginx.org/client-max-body-size': '0' } },
  // Names its Services, so that other paths of the same Ingress stay HTTP/1.1.
  grpc: { ingress: { 'nginx.org/grpc-services': '{service}' } },
  grpcWays: [{ on: 'ingress', key: 'nginx.org/grpc-services', says: 'grpc', values: 'services' }],
  web: { ingress: { 'nginx.org/proxy-buffering': 'False' } },
  timeouts: { ingress: { 'nginx.org/proxy-read-timeout': '3600s' } },
  sendTimeouts: { ingress: { 'nginx.org/proxy-send-timeout': '3600s' } },
  hasConfigMap: true,
  durations: { plain: 's', units: 'days' },
  tls: {
    entry: { ingress: { 'nginx.org/ssl-redirect': 'True' } },
    none: { ingress: REDIRECTS },
  },
  redirects: REDIRECTS,
  tlsOnlyRedirects: ['nginx.org/ssl-redirect'],
  namesServices: [
    'nginx.org/grpc-services',
    'nginx.org/ssl-services',
    'nginx.org/websocket-services',
    'nginx.org/rewrites',
    'nginx.com/sticky-cookie-services',
  ],
  annotationPrefixes: ['nginx.com/', 'appprotect.f5.com/', 'appprotectdos.f5.com/'],
  sharedPaths: { 'nginx.org/mergeable-ingress-type': /./ },
  limits: [
    {
      kind: 'protocol',
      severity: 'error',
      role: 'api',
      places: ['external', 'none'],
      message: 'NGINX Ingress Controller (F5) carries gRPC only where TLS ends at the Ingress',
      fix: 'choose a `tls.mode` with Secrets (`acme`, `ca`, `issuer`, `secret`), or `entry.gateway`',
    },
    {
      kind: 'protocol',
      severity: 'warning',
      role: 'api',
      message:
        'NGINX Ingress Controller (F5) needs HTTP/2 for gRPC, and ends streams on which the client is silent for 60 s; no annotation changes either',
      fix: 'set `http2: "True"` and `server-snippets: client_body_timeout 3600s;` in the controller\'s ConfigMap',
    },
    {
      kind: 'certificate',
      severity: 'warning',
      modes: ['acme'],
      unless: 'acme.cert-manager.io/http01-edit-in-place',
      message:
        "NGINX Ingress Controller (F5) serves one Ingress for each host: cert-manager's own for HTTP-01 would be ignored",
      fix: 'add `acme.cert-manager.io/http01-edit-in-place: "true"` to `annotations` of the entry, or give a DNS-01 solver',
    },
  ],
};
