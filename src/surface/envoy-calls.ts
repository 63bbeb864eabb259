/** The paths under which calls of browsers reach Envoy, and what is known of their headers. */
import type { BrowserProtocol } from '../envoy/http-filters.ts';
import type { KnownHeaders } from '../envoy/route-headers.ts';
import { basePathsOf } from './base-paths.ts';
import { once } from './once.ts';
import { pageIn } from './page-protocol.ts';
import { CALL } from './path-match.ts';

/** One call, as it is where an entry takes the page's own path away, and as the page sends it. */
export const callUrls = once((surface): string[] => [
  ...new Set(['', ...basePathsOf(surface)].map((path) => `${path}${CALL}`)),
]);

/** Sources: gRPC-Web, "Protocol differences"; Connect, "Unary request" and "Streaming request". */
const CONTENT_TYPES: Readonly<Record<BrowserProtocol, readonly string[]>> = {
  'gRPC-Web': [
    'application/grpc-web',
    'application/grpc-web+proto',
    'application/grpc-web-text',
    'application/grpc-web-text+proto',
  ],
  Connect: ['application/json', 'application/proto', 'application/connect+proto'],
  JSON: ['application/json'],
};

/** Of a call of the page: every one is a POST. */
export const callHeaders = once((surface): KnownHeaders => {
  const spoken = pageIn(surface)?.protocols ?? (['gRPC-Web', 'Connect', 'JSON'] as const);
  return {
    ':method': ['POST'],
    'content-type': spoken.flatMap((protocol) => CONTENT_TYPES[protocol]),
  };
});

/** Of what a browser asks before it calls another origin. */
export const PREFLIGHT: KnownHeaders = { ':method': ['OPTIONS'], 'content-type': [] };
