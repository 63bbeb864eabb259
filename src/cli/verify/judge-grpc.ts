/** What an answer to a gRPC call says of the way to the server. */
import { plural, printable } from '../../errors.ts';
import { type GrpcAnswer, servicesIn } from './grpc.ts';
import { type Answer, failed, ok, warning } from './line.ts';
import { isUnavailable } from './web.ts';

/** Source: gRPC, "Status codes and their use in gRPC". */
const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;

/** Both ways to the API server end there. */
export const API_UNAVAILABLE = 'the API server does not answer';

/** What proxies answer instead of a gRPC server, and why. */
const INSTEAD: Readonly<Record<number, string>> = {
  400: 'the proxy did not understand HTTP/2 or the host: it may lead to a port that speaks something else',
  404: 'no route of the entry leads from this host to the API server',
  405: 'a server of files answers: the host leads to the page, not to the API server',
  415: 'a gRPC server answers what does not reach it as gRPC: the entry speaks HTTP/1.1 to it, or Envoy does not translate what was sent',
  426: 'what answers wants another protocol: the entry speaks HTTP/1.1 to the API server',
  464: 'AWS: the target group does not speak gRPC',
  500: 'the proxy failed: see its log',
  502: 'the proxy reaches nothing that it understands: the API server is down, or the entry speaks HTTP/1.1 to it (the gRPC mark is missing)',
  503: 'the proxy has nothing behind it: the API server is down, or its Service has no endpoints',
  504: 'the proxy got no answer in its time: the API server hangs, or a network policy drops the packets',
};

/** `12 UNIMPLEMENTED (unknown service …)`. */
function statusText({ grpcStatus, grpcMessage }: Pick<GrpcAnswer, 'grpcStatus' | 'grpcMessage'>) {
  const name = STATUS_NAMES[grpcStatus ?? 0] ?? '';
  const said = grpcMessage === '' ? '' : ` (${printable(grpcMessage)})`;
  return `grpc-status ${grpcStatus} ${name}${said}`;
}

/**
 * Any status proves the way, but those that proxies make themselves: Envoy answers a gRPC call with 14 where nothing is behind it, and with
 * 12 and without a word where it has no route. Source: Envoy, "gRPC bridging", and its table from HTTP to gRPC statuses.
 */
export function judgeGrpc(answer: GrpcAnswer): Answer {
  const { grpcStatus, grpcMessage, body } = answer;
  if (grpcStatus === undefined) return judgeOther(answer);
  const came = statusText(answer);
  if (grpcStatus === UNAVAILABLE)
    return failed(
      came,
      'a proxy on the way reaches no API server: it is down, its Service has no endpoints, or it is spoken to in another protocol',
      API_UNAVAILABLE,
    );
  if (grpcStatus === UNIMPLEMENTED && grpcMessage === '')
    return warning(
      came,
      'without a word a proxy that has no route for the call says so too: whether the API server was reached is not certain',
    );
  const services = servicesIn(body);
  const known =
    services.length > 0 ? `, ${plural(services.length, 'service')} of Michelangelo` : '';
  return ok(`${came}${known}`, 'a gRPC server answered: the way to it is open');
}

/** Somebody who is not a gRPC server. */
export function judgeOther({ status, contentType, location }: Omit<GrpcAnswer, 'body'>): Answer {
  const came = [`HTTP ${status}`, contentType, location && `to ${printable(location)}`]
    .filter(Boolean)
    .join(' ');
  if (status === 401 || status === 403 || (status === 302 && location))
    return warning(came, 'somebody in front asks who calls: the way behind it was not seen');
  if (status >= 301 && status <= 308)
    return failed(
      came,
      'clients of gRPC follow no redirect: the call has to be served at this address',
    );
  const meaning = INSTEAD[status];
  if (meaning) return failed(came, meaning, ...(isUnavailable(status) ? [API_UNAVAILABLE] : []));
  return failed(
    came,
    contentType === 'text/html'
      ? 'a page answers: the host leads to the UI, or to the default backend of the controller'
      : 'what answers is not a gRPC server: no grpc-status came',
  );
}
