/** The headers of a page's calls, for which its browser asks before it calls another origin. */
import type { BrowserProtocol } from './http-filters.ts';

/** What every page of Michelangelo sends. Source: its `javascript/packages/rpc` (services.ts, create-fetch-transport.ts). */
export const EVERY_PAGE = [
  'content-type',
  'context-ttl-ms',
  'grpc-timeout',
  'rpc-caller',
  'rpc-encoding',
  'rpc-service',
];

/** What it sends besides. Sources: gRPC-Web, "Protocol differences"; Connect, "Unary request"; the chart's own list for JSON. */
const BESIDES: Readonly<Record<BrowserProtocol, readonly string[]>> = {
  'gRPC-Web': ['x-grpc-web', 'x-user-agent'],
  Connect: ['connect-protocol-version', 'connect-timeout-ms'],
  JSON: ['x-user-email', 'x-user-name'],
};

/** The request headers that CORS has to allow. */
export function pageHeaders(protocol: BrowserProtocol): readonly string[] {
  return [...EVERY_PAGE, ...BESIDES[protocol]];
}
