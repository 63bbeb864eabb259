/** One gRPC call over HTTP/2, frame by frame: a client of gRPC would hide what else may answer. */
import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { open } from './connection.ts';
import type { Step } from './line.ts';
import { type PublicHost, urlOf } from './targets.ts';
import type { Ways } from './ways.ts';

/** What came back, whoever answered: a gRPC server, or something before it. */
export interface GrpcAnswer {
  /** Of HTTP. */
  status: number;
  contentType: string;
  /** In the headers, where nothing else follows, or in the trailers. Undefined where no gRPC server answered. */
  grpcStatus: number | undefined;
  grpcMessage: string;
  /** Where it leads instead. */
  location: string;
  body: Buffer;
}

/**
 * The services that a server has, asked by the way that gRPC clients ask. Source: grpc/reflection/v1/reflection.proto: `list_services` is
 * field 7, a string.
 */
export const REFLECTION = {
  path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  message: Buffer.from([0x3a, 0x00]),
};

/** A message as gRPC frames it: not compressed, its length in four bytes. */
export function frameOf(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Bytes of an answer that are read. */
const LARGEST_ANSWER = 2 ** 20;

/** One unary call. Resolves with any answer, also one that is no gRPC; rejects where none comes. */
export async function callGrpc(
  target: PublicHost,
  ways: Ways,
  step: Step,
  { path, message }: { path: string; message: Buffer },
): Promise<GrpcAnswer> {
  const socket = await open(target, ways, step, ['h2']);
  step.waitsFor = 'an answer to the gRPC call';
  const session = connect(urlOf(target), { createConnection: () => socket });
  try {
    return await new Promise<GrpcAnswer>((resolve, reject) => {
      session.once('error', reject);
      session.once('close', () => reject(new Error('the connection ended without an answer')));
      const call = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: path,
        'content-type': 'application/grpc',
        te: 'trailers',
        'user-agent': 'ma-overlays-verify',
        'grpc-timeout': `${Math.ceil(step.seconds * 1000)}m`,
      });
      let first: IncomingHttpHeaders = {};
      let last: IncomingHttpHeaders = {};
      const parts: Buffer[] = [];
      let length = 0;
      call.once('response', (headers) => {
        first = headers;
      });
      call.once('trailers', (headers) => {
        last = headers;
      });
      call.on('data', (part: Buffer) => {
        length += part.length;
        if (length <= LARGEST_ANSWER) parts.push(part);
        else call.close();
      });
      call.once('error', reject);
      call.once('close', () => resolve(answerOf(first, last, Buffer.concat(parts))));
      call.end(frameOf(message));
    });
  } finally {
    session.destroy();
    socket.destroy();
  }
}

function answerOf(first: IncomingHttpHeaders, last: IncomingHttpHeaders, body: Buffer): GrpcAnswer {
  const text = (name: string) => String(last[name] ?? first[name] ?? '');
  const status = text('grpc-status');
  return {
    status: Number(first[constants.HTTP2_HEADER_STATUS] ?? 0),
    contentType: text('content-type').split(';')[0] ?? '',
    grpcStatus: /^\d+$/.test(status) ? Number(status) : undefined,
    grpcMessage: decode(text('grpc-message')),
    location: text('location'),
    body,
  };
}

/** Percent-encoded. Source: gRPC over HTTP/2, "Responses". */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names of Michelangelo's services in an answer to REFLECTION, which has them as plain text. */
export function servicesIn(body: Buffer): string[] {
  const found = body.toString('latin1').match(/michelangelo\.api\.v\d\w*\.[A-Z]\w*Service/g);
  return [...new Set(found)];
}
