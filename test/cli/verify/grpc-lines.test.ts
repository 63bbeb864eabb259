/** What may answer a gRPC call, and what the line says of it. */

import { createServer as createHttp } from 'node:http';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grpcLine } from '../../../src/cli/verify/api-lines.ts';
import type { Line } from '../../../src/cli/verify/line.ts';
import { listen } from '../../e2e/support/listen.ts';
import { CONNECTED, linesOf, lookWith, plainHost } from '../../support/live-lines.ts';

async function lineAt(server: Server): Promise<Line> {
  const { port, close } = await listen(server);
  try {
    const target = plainHost('api.test', ['api']);
    const look = lookWith({ ways: [`api.test:80:127.0.0.1:${port}`] });
    const [line] = await linesOf([grpcLine(target, look, CONNECTED)]);
    return line as Line;
  } finally {
    await close();
  }
}

/** A server that answers with these headers, and trailers behind a body where there are any. */
function answering(headers: Record<string, string>, trailers?: Record<string, string>, body = '') {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream) => {
    const { ':status': status = '200', ...rest } = headers;
    stream.respond(
      { ':status': Number(status), ...rest },
      { waitForTrailers: trailers !== undefined },
    );
    if (trailers) stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(body);
  });
  return server;
}

const GRPC = { 'content-type': 'application/grpc' };
const SERVICES =
  '\n&\n$michelangelo.api.v2.ProjectService\n\u001d\n\u001bmichelangelo.api.v2.ModelService';

const call = suite('a gRPC call');

for (const [title, server, status, came] of [
  [
    'a server with reflection',
    answering(GRPC, { 'grpc-status': '0' }, SERVICES),
    'ok',
    'grpc-status 0 OK, 2 services of Michelangelo',
  ],
  [
    'a status alone',
    answering({ ...GRPC, 'grpc-status': '12', 'grpc-message': 'unknown%20service' }),
    'ok',
    'grpc-status 12 UNIMPLEMENTED (unknown service)',
  ],
  [
    'a server that asks who calls',
    answering({ ...GRPC, 'grpc-status': '16', 'grpc-message': 'no token' }),
    'ok',
    'grpc-status 16 UNAUTHENTICATED (no token)',
  ],
  [
    'a proxy without a route',
    answering({ ...GRPC, 'grpc-status': '12' }),
    'warning',
    'grpc-status 12 UNIMPLEMENTED',
  ],
  [
    'a proxy with nothing behind it',
    answering({ ...GRPC, 'grpc-status': '14', 'grpc-message': 'no healthy upstream' }),
    'failed',
    'grpc-status 14 UNAVAILABLE (no healthy upstream)',
  ],
  [
    'a server that got no gRPC',
    answering({ ':status': '415', 'content-type': 'text/plain' }),
    'failed',
    'HTTP 415 text/plain',
  ],
  [
    'a proxy that understands nothing behind it',
    answering({ ':status': '502', 'content-type': 'text/html' }, undefined, '<html>'),
    'failed',
    'HTTP 502 text/html',
  ],
  [
    'a page',
    answering({ 'content-type': 'text/html' }, undefined, '<!doctype html>'),
    'failed',
    'HTTP 200 text/html',
  ],
  ['a load balancer of AWS', answering({ ':status': '464' }), 'failed', 'HTTP 464'],
  [
    'a redirect',
    answering({ ':status': '308', location: 'https://api.test/' }),
    'failed',
    'HTTP 308 to https://api.test/',
  ],
  ['somebody in front', answering({ ':status': '401' }), 'warning', 'HTTP 401'],
] as const)
  call(`${title}: ${status}`, async () => {
    const line = await lineAt(server);
    assert.is(line.status, status);
    assert.is(line.came, came);
  });

call('each answer that is not gRPC has a meaning of its own', async () => {
  const meanings = await Promise.all(
    ['400', '404', '415', '426', '502', '503', '504', '200'].map(
      async (status) => (await lineAt(answering({ ':status': status }))).means,
    ),
  );
  assert.is(new Set(meanings).size, meanings.length);
});

call('a server of HTTP/1.1', async () => {
  const line = await lineAt(createHttp((_, response) => response.end('no')));
  assert.is(line.status, 'failed');
});

call('a server that hangs up', async () => {
  const server = createServer();
  server.on('session', (session) => session.destroy());
  assert.is((await lineAt(server)).status, 'failed');
});

call('text of the server makes no line of its own, and is short', async () => {
  const message = encodeURIComponent(`\u001b[2J\nok  all is well${'x'.repeat(5000)}`);
  const { came } = await lineAt(
    answering({ ...GRPC, 'grpc-status': '2', 'grpc-message': message }),
  );
  assert.not.match(came, '\n');
  assert.not.match(came, '\u001b');
  assert.ok(came.length < 300);
});

call.run();
