/** What pages do at Envoy: they ask whether they may call (CORS), and call. */

import { printable } from '../../errors.ts';
import { curlCommand } from './commands.ts';
import { decode, frameOf } from './grpc.ts';
import { API_UNAVAILABLE, judgeGrpc, judgeOther } from './judge-grpc.ts';
import { type Answer, failed, ok, type Probe, warning } from './line.ts';
import type { Look } from './look.ts';
import { type KnownOrigin, type Targets, urlOf } from './targets.ts';
import {
  asksWho,
  askWeb,
  causeOfEnvoy,
  describe,
  isUnavailable,
  type WebAnswer,
  type WebCall,
} from './web.ts';

/** The items of the guide's list: the entry of page and Envoy, CORS. */
const APP_ENTRY = 3;
const CORS = 5;

/** It only reads, and its answer is thrown away. */
const METHOD = '/michelangelo.api.v2.ProjectService/ListProject';

/** The name can belong to nobody. Source: RFC 6761 section 6.4. */
const FOREIGN = 'https://ma-overlays-verify.invalid';

type Calls = NonNullable<Targets['calls']>;

/** One preflight for each origin that pages may have, and one for an origin that must not be let in. */
export function corsLines(calls: Calls, look: Look, after: Probe): Probe[] {
  const { origins } = look.targets;
  return [
    ...origins.map((origin, position) =>
      preflight(calls, look, after, origin.sample, (answer) =>
        judgeAllowed(answer, origin, position === 0, look.targets.pageHeaders),
      ),
    ),
    preflight(calls, look, after, FOREIGN, judgeForeign),
  ];
}

function preflight(
  calls: Calls,
  look: Look,
  after: Probe,
  origin: string,
  judge: (answer: WebAnswer) => Answer,
): Probe {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': look.targets.pageHeaders.join(','),
  };
  const call: WebCall = { method: 'OPTIONS', path: calls.path + METHOD, headers };
  const { host } = calls;
  return {
    group: 'page',
    tried: `preflight from ${origin}${origin === FOREIGN ? ', which nobody allows' : ''}`,
    command: curlCommand(host, look, call),
    items: [CORS],
    after: [after],
    peer: `${host.host}:${host.port}`,
    run: async (step) => {
      const answer = await askWeb(host, look.ways, step, call);
      if (isUnavailable(answer.status))
        return failed(
          describe(answer),
          'the entry reaches no Envoy: it is down, or its Service has no endpoints',
          causeOfEnvoy(host),
        );
      return judge(answer);
    },
  };
}

function allowedIn({ headers }: WebAnswer): string {
  return String(headers['access-control-allow-origin'] ?? '');
}

function corsText(answer: WebAnswer): string {
  const allowed = allowedIn(answer);
  return `${answer.status}, ${allowed ? `access-control-allow-origin: ${printable(allowed)}` : 'no access-control-allow-origin'}`;
}

function judgeAllowed(
  answer: WebAnswer,
  { origin, sample, isSame }: KnownOrigin,
  isOwn: boolean,
  needed: readonly string[],
): Answer {
  const came = corsText(answer);
  const allowed = allowedIn(answer);
  if (allowed === sample) {
    const names = String(answer.headers['access-control-allow-headers'] ?? '')
      .toLowerCase()
      .split(/[\s,]+/);
    const missing = names.includes('*') ? [] : needed.filter((name) => !names.includes(name));
    return missing.length === 0
      ? ok(came, isOwn ? 'the page may call' : 'pages of that origin may call')
      : failed(
          `${came}, without ${missing.join(', ')} among the headers`,
          'browsers do not send the call: add what is missing to allow_headers',
        );
  }
  if (allowed === '*')
    return warning(came, 'every site may call: see the line of the foreign origin');
  if (asksWho(answer) && allowed === '')
    return failed(
      came,
      'somebody asks who calls before CORS answers: browsers send no credentials with a preflight',
    );
  const meaning = `browsers refuse the calls of ${origin}: Envoy has an older config, or its pods were not restarted since`;
  return isSame
    ? warning(came, `${meaning}. The page calls its own host, where no browser asks`)
    : failed(came, meaning);
}

function judgeForeign(answer: WebAnswer): Answer {
  const came = corsText(answer);
  const allowed = allowedIn(answer);
  return allowed === FOREIGN || allowed === '*'
    ? failed(
        came,
        'any site that somebody opens may call the API with what the browser knows: see allow_origin_string_match of the Envoy that runs',
      )
    : ok(came, 'sites of others may not call');
}

/** A call as the page makes it: the translation to gRPC, and the way from Envoy to the API server. */
export function callLine(calls: Calls, look: Look, after: Probe): Probe {
  const { protocol, page } = look.targets;
  const { host } = calls;
  const isGrpcWeb = protocol === 'gRPC-Web';
  const type = isGrpcWeb ? 'application/grpc-web+proto' : 'application/json';
  const call: WebCall = {
    method: 'POST',
    path: calls.path + METHOD,
    headers: {
      'content-type': type,
      accept: type,
      ...(isGrpcWeb && { 'x-grpc-web': '1' }),
      ...(protocol === 'Connect' && { 'connect-protocol-version': '1' }),
      ...(page && { origin: urlOf(page) }),
    },
    body: isGrpcWeb ? frameOf(Buffer.alloc(0)) : Buffer.from('{}'),
  };
  const bodyFrom = isGrpcWeb ? "printf '\\0\\0\\0\\0\\0'" : "printf '{}'";
  return {
    group: 'page',
    tried: `${protocol} call to ${urlOf(host, calls.path)}`,
    command: curlCommand(host, look, { ...call, bodyFrom }),
    items: [APP_ENTRY],
    after: [after],
    peer: `${host.host}:${host.port}`,
    run: async (step) => judgeCall(await askWeb(host, look.ways, step, call), calls),
  };
}

function judgeCall(answer: WebAnswer, calls: Calls): Answer {
  const { status, headers, body } = answer;
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  const trailers = /^application\/grpc-web/.test(type) ? trailersIn(body) : {};
  const text = (name: string) => String(headers[name] ?? trailers[name] ?? '');
  const grpcStatus = text('grpc-status');
  const common = {
    status,
    contentType: type,
    grpcMessage: decode(text('grpc-message')),
    location: headers.location ?? '',
  };
  if (/^\d+$/.test(grpcStatus))
    return judgeGrpc({ ...common, grpcStatus: Number(grpcStatus), body: Buffer.alloc(0) });
  // Connect and the transcoder say in JSON what a server answered.
  if (type === 'application/json' && (status === 200 || isErrorInJson(body)))
    return ok(describe(answer), 'the API server answered through Envoy');
  const judged = judgeOther({ ...common, grpcStatus: undefined });
  // Envoy, or the entry in front of it, found nothing behind it.
  return isUnavailable(status)
    ? { ...judged, causes: [API_UNAVAILABLE, causeOfEnvoy(calls.host)] }
    : judged;
}

/** The last frame of an answer in gRPC-Web. Source: gRPC-Web's protocol: its first byte has the highest bit set. */
function trailersIn(body: Buffer): Record<string, string> {
  for (let at = 0; at + 5 <= body.length; at += 5 + body.readUInt32BE(at + 1)) {
    if (((body[at] ?? 0) & 0x80) === 0) continue;
    const text = body.subarray(at + 5, at + 5 + body.readUInt32BE(at + 1)).toString('latin1');
    const pairs = text.split('\r\n').map((line) => /^([^:]+):\s*(.*)$/.exec(line));
    return Object.fromEntries(
      pairs.flatMap((pair) => (pair ? [[pair[1]?.toLowerCase() ?? '', pair[2] ?? '']] : [])),
    );
  }
  return {};
}

function isErrorInJson(body: Buffer): boolean {
  try {
    const { code } = JSON.parse(body.toString('utf8')) as { code?: unknown };
    return typeof code === 'number' || typeof code === 'string';
  } catch {
    return false;
  }
}
