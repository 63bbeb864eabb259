import type { CatalogueRow } from './rows.ts';

export const ENVOY_ROWS = {
  'envoy-tls-without-h2': {
    severity: 'error',
    title: 'TLS at Envoy does not offer HTTP/2',
    why: 'Without `h2` among `alpn_protocols`, clients fall back to HTTP/1.1: gRPC clients refuse the connection, and browsers open one for each of only six streams.',
    mend: 'set `alpn_protocols: [h2, http/1.1]` in `common_tls_context`',
  },
  'cors-on-routes-only': {
    severity: 'error',
    title: 'CORS only on routes',
    why: "What no route with a policy answers has no CORS headers: redirects, direct responses and the virtual host's own errors. The browser reports each of them as a CORS error.",
    mend: 'move the policy to the virtual host, in `typed_per_filter_config["envoy.filters.http.cors"]`',
  },
  'cors-filter-missing': {
    severity: 'error',
    title: 'A CORS policy without the cors filter',
    why: 'Policies are read by `envoy.filters.http.cors` alone. Without it no response has a CORS header, and every preflight reaches the backend.',
    mend: 'put `envoy.filters.http.cors` first among `http_filters`',
  },
  'cors-filter-order': {
    severity: 'warning',
    title: 'The cors filter is not the first',
    why: 'What an earlier filter answers has no CORS headers, so that the browser hides the reason from the page.',
    mend: 'order `http_filters`: cors, then grpc_web (or the bridge, or the transcoder), then router',
  },
  'cors-any-origin': {
    severity: 'error',
    title: 'CORS lets every site in',
    why: 'An origin matcher that matches the literal `*` matches all origins. Any page that a user visits can then call the API, with credentials as that user.',
    mend: 'list the origins of the app, each in full',
  },
  'cors-loose-origin': {
    severity: 'error',
    title: 'CORS lets look-alikes in',
    why: 'Dots that are not escaped match any character, and an expression that is open at either end matches longer names: a site that somebody else can register is let in.',
    mend: 'escape every dot as `\\.`, write the scheme and the whole host, and a port where there is one; `exact` needs no escapes',
  },
  'cors-exposed-headers': {
    severity: 'error',
    title: 'gRPC headers are not exposed',
    why: 'The browser hides `grpc-status` and `grpc-message` from the page unless they are exposed: gRPC-Web clients see every failure as an unknown one.',
    mend: 'set `expose_headers: "grpc-status, grpc-message, grpc-status-details-bin"`',
  },
  'certificate-never-reloads': {
    severity: 'error',
    title: "Envoy's certificate is never read again",
    why: 'Inline `tls_certificates` are read once, and a file that is mounted by `subPath` never changes: Envoy serves the certificate until it has expired.',
    mend: 'use `tls_certificate_sds_secret_configs` with `path_config_source` and a `watched_directory` on the mount, without `subPath`',
  },
} as const satisfies Record<string, CatalogueRow>;
