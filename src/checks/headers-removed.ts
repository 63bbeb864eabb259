import type { Fault } from '../surface/faults/fault.ts';
import { once } from '../surface/once.ts';
import { crossingFrom } from '../surface/page-origin.ts';
import { publicSide } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { type Direction, type Removal, removals } from './shared/removed-headers.ts';
import { removedTokens } from './shared/removed-tokens.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A header that calls need is taken away',
  why: 'The API server refuses calls without `rpc-caller`, `rpc-service` and `rpc-encoding`, and what has no content-type of gRPC; clients read how a call ended in `grpc-status`, which stands among the headers where a call fails. A token that Envoy checks and does not forward is one too.',
  fix: 'take the name out of the list',
  find: (surface) => [
    ...removals(surface).flatMap((removal) => faultOf(removal, surface) ?? []),
    ...removedTokens(surface),
  ],
};

/** Sources: docs/upstream-programs.md (YARPC's headers); gRPC, "gRPC over HTTP2"; Fetch, "CORS protocol". */
const NEEDED: Readonly<Record<Direction, readonly string[]>> = {
  request: ['content-type', 'rpc-caller', 'rpc-service', 'rpc-encoding'],
  response: ['content-type', 'grpc-status'],
};

/** What is lost with them is less than the call. */
const USED: Readonly<Record<Direction, readonly string[]>> = {
  request: ['x-user-email', 'x-user-name', 'grpc-timeout', 'context-ttl-ms'],
  response: ['grpc-message'],
};

/** What Envoy and the page read before it is sent on. */
const OF_BROWSERS: Readonly<Record<Direction, readonly string[]>> = {
  request: ['origin', 'access-control-request-method', 'access-control-request-headers'],
  response: ['access-control-allow-origin', 'access-control-expose-headers'],
};

function faultOf(
  { direction, names, at, isBehindEnvoy }: Removal,
  surface: Surface,
): Fault | undefined {
  const among = (list: readonly string[]) => list.filter((name) => names.includes(name));
  const needed = among(NEEDED[direction]);
  const crossed = !isBehindEnvoy && isCrossing(surface) ? among(OF_BROWSERS[direction]) : [];
  const lost = [...needed, ...crossed];
  const how = /\.(?:set|add)$/.test(at.path ?? '') ? 'replaced in' : 'taken away from';
  if (lost.length > 0) {
    const what =
      needed.length > 0
        ? WITHOUT[direction]
        : 'the browser refuses the answer to a page of another origin';
    return {
      ...at,
      message: `${lost.join(', ')} ${lost.length > 1 ? 'are' : 'is'} ${how} ${direction}s: ${what}`,
    };
  }
  const used = among(USED[direction]);
  if (used.length === 0) return undefined;
  return {
    ...at,
    severity: 'warning',
    message: `${used.join(', ')} ${used.length > 1 ? 'are' : 'is'} taken away from ${direction}s: ${LESS[direction]}`,
  };
}

const WITHOUT: Readonly<Record<Direction, string>> = {
  request: 'the API server refuses every call',
  response: 'clients cannot tell how a call ended',
};

const LESS: Readonly<Record<Direction, string>> = {
  request: 'the API server does not learn who calls, or how long the caller waits',
  response: 'clients see that a call failed, and not why',
};

const isCrossing = once((surface): boolean =>
  (publicSide(surface, 'ui', 'envoy')?.hosts ?? []).some(
    (host) => crossingFrom(host, surface) === 'cross',
  ),
);
