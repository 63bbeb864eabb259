import type { CatalogueRow } from './rows.ts';

export const ENTRY_ROWS = {
  'entry-missing': {
    severity: 'warning',
    title: 'No entry leads to the API server or to Envoy',
    why: 'Nobody outside of the cluster reaches it, unless an Ingress or a route that is not in these manifests leads there.',
    mend: 'add an Ingress or a route for it, or list the entry in `spec.absent` where it is kept elsewhere',
  },
  'grpc-over-http1': {
    severity: 'error',
    title: 'The API entry or Envoy speaks HTTP/1.1 to the gRPC backend',
    why: 'gRPC needs HTTP/2 from end to end. Controllers, and Envoy, open HTTP/1.1 connections unless they are told otherwise, and every call fails with 502 or UNAVAILABLE.',
    mend: "put the controller's own mark for a gRPC backend on the Ingress or on the Service, whichever it reads; give Envoy's cluster `http2_protocol_options`",
  },
  'grpc-mark-on-app': {
    severity: 'error',
    title: "The app's entry is marked as gRPC",
    why: "Envoy is spoken to as a gRPC server then: the UI's pages and the browser's preflights come back as errors.",
    mend: 'take the mark away; give the API an Ingress of its own where the mark holds for a whole Ingress',
  },
  'api-entry-without-tls': {
    severity: 'error',
    title: 'The API entry has no TLS',
    why: 'Workers and the command line connect with TLS and fail at the handshake; most controllers speak HTTP/2 on their TLS port only, so that gRPC without TLS does not get through either.',
    mend: 'add a TLS block with the host and a Secret, or an HTTPS listener',
  },
  'entry-timeouts': {
    severity: 'error',
    title: "Streams end at the controller's own timeout",
    why: "Watches and long calls of the API, and of gRPC-Web behind the app's host, are streams that may be silent for long. The default of most controllers ends them after 15 to 60 seconds.",
    mend: 'set reads and sends to 3600 seconds where the controller reads them',
  },
  'grpc-route-cut': {
    severity: 'error',
    title: 'A GRPCRoute whose streams are cut at 15 seconds',
    why: "A GRPCRoute has no timeouts, and this implementation leaves Envoy's default of 15 seconds for the whole call in place.",
    mend: 'use an HTTPRoute with `timeouts: {request: 0s}` for the API: gRPC passes through it as well',
  },
  'duplicate-entry': {
    severity: 'error',
    title: 'Two entries with one host and path',
    why: 'Which of them answers is up to the controller: the older one, both in turn, or neither. ingress-nginx refuses the second one at its admission webhook.',
    mend: 'keep one of them, or give them different hosts or paths',
  },
} as const satisfies Record<string, CatalogueRow>;
