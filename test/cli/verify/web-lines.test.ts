/** What may answer a browser: the redirect, the page, its config, preflights, calls. */
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callLine, corsLines } from '../../../src/cli/verify/call-lines.ts';
import type { Line, Probe } from '../../../src/cli/verify/line.ts';
import { configLine, pageLine, redirectLine } from '../../../src/cli/verify/page-lines.ts';
import type { Targets } from '../../../src/cli/verify/targets.ts';
import { pageHeaders } from '../../../src/envoy/page-headers.ts';
import { listen } from '../../e2e/support/listen.ts';
import { CONNECTED, linesOf, lookWith, plainHost } from '../../support/live-lines.ts';

const APP = plainHost('app.test', ['app', 'ui']);
const ORIGIN = 'http://app.test';
const CALLS = { host: APP, path: '' };

const TARGETS: Partial<Targets> = {
  hosts: [APP],
  page: APP,
  calls: CALLS,
  apiBaseUrls: ['https://app.test'],
  origins: [
    { origin: ORIGIN, sample: ORIGIN, isSame: false },
    { origin: 'https://*.b.test', sample: 'https://verify.b.test', isSame: false },
  ],
  protocol: 'gRPC-Web',
  pageHeaders: pageHeaders('gRPC-Web'),
};

async function linesAt(
  answer: RequestListener,
  make: (look: ReturnType<typeof lookWith>) => Probe[],
  targets: Partial<Targets> = {},
): Promise<Line[]> {
  const { port, close } = await listen(createServer(answer));
  try {
    const look = lookWith({
      targets: { ...TARGETS, ...targets },
      ways: [`app.test:80:127.0.0.1:${port}`],
    });
    return await linesOf(make(look));
  } finally {
    await close();
  }
}

const text =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

const HTML = { 'content-type': 'text/html; charset=utf-8' };

const redirects = suite('the redirect from plain HTTP');
const secure = { ...APP, port: 443, scheme: 'https' as const };

for (const [title, answer, status] of [
  ['to https', text(308, { location: 'https://app.test/' }), 'ok'],
  ['to another host', text(301, { location: 'https://other.test/' }), 'warning'],
  ['to plain HTTP', text(302, { location: 'http://app.test/login' }), 'failed'],
  ['none: the page without TLS', text(200, HTML), 'failed'],
  ['none: nothing is served', text(404), 'warning'],
  ['none: the API server without TLS', text(415), 'failed'],
  ['none: nothing behind it, without TLS', text(503), 'failed'],
] as const)
  redirects(`${title}: ${status}`, async () => {
    const [line] = await linesAt(answer, (look) => [redirectLine(secure, look, CONNECTED)]);
    assert.is(line?.status, status);
  });

redirects('beside another public port nobody knows the plain one', async () => {
  const [line] = await linesAt(text(200), (look) => [
    redirectLine({ ...secure, port: 8443 }, look, CONNECTED),
  ]);
  assert.is(line?.status, 'not tried');
});

redirects.run();

const page = suite('the page');

for (const [title, answer, status] of [
  ['HTML', text(200, HTML, '<!DOCTYPE html><title>x</title>'), 'ok'],
  ['JSON', text(200, { 'content-type': 'application/json' }, '{}'), 'failed'],
  ['no route', text(404), 'failed'],
  ['nothing behind', text(503), 'failed'],
  ['the API server', text(415), 'failed'],
  ['a login', text(302, { location: 'https://sso.test/oauth2/start' }), 'warning'],
  ['who asks', text(401), 'warning'],
] as const)
  page(`${title}: ${status}`, async () => {
    const [line] = await linesAt(answer, (look) => [pageLine(APP, look, CONNECTED)]);
    assert.is(line?.status, status);
  });

page('an answer without an end is cut', async () => {
  const [line] = await linesAt(
    (_, response) => {
      response.writeHead(200, HTML);
      const more = () => response.write(`<html>${'x'.repeat(65_536)}`, more);
      more();
    },
    (look) => [pageLine(APP, look, CONNECTED)],
  );
  assert.is(line?.status, 'ok');
});

page.run();

const config = suite("the page's config");

for (const [title, body, status] of [
  ['the URL of the overlay', '{"apiBaseUrl": "https://app.test"}', 'ok'],
  ['the same with a slash', '{"apiBaseUrl": "https://app.test:443/"}', 'ok'],
  ['an older host', '{"apiBaseUrl": "https://app.old.test"}', 'failed'],
  ['another scheme', '{"apiBaseUrl": "http://app.test"}', 'failed'],
  ['an empty one', '{"apiBaseUrl": ""}', 'failed'],
  ['no such key', '{}', 'failed'],
  ['the page itself', '<!doctype html>', 'failed'],
] as const)
  config(`${title}: ${status}`, async () => {
    const [line] = await linesAt(text(200, {}, body), (look) => [configLine(APP, look, CONNECTED)]);
    assert.is(line?.status, status);
  });

config('without a config in the manifests it is not compared', async () => {
  const make = (look: ReturnType<typeof lookWith>) => [configLine(APP, look, CONNECTED)];
  const [line] = await linesAt(text(200, {}, '{"apiBaseUrl": "x"}'), make, { apiBaseUrls: [] });
  assert.is(line?.status, 'not tried');
});

config.run();

/** CORS as this lets origins in. */
const cors =
  (
    allows: (origin: string) => string | undefined,
    headers = pageHeaders('gRPC-Web').join(','),
    status = 200,
  ): RequestListener =>
  ({ headers: { origin = '' } }, response) => {
    const allowed = allows(origin);
    response
      .writeHead(
        status,
        allowed === undefined
          ? {}
          : { 'access-control-allow-origin': allowed, 'access-control-allow-headers': headers },
      )
      .end();
  };
const statuses = (lines: readonly Line[]) => lines.map(({ status }) => status);
const preflights = suite('preflights: own, extra, foreign');
const known = [ORIGIN, 'https://verify.b.test'];
const only = (origin: string) => (known.includes(origin) ? origin : undefined);

for (const [title, answer, wanted] of [
  ['a sound Envoy', cors(only), ['ok', 'ok', 'ok']],
  ['every origin is echoed', cors((origin) => origin), ['ok', 'ok', 'failed']],
  ['a star', cors(() => '*'), ['warning', 'warning', 'failed']],
  ['nobody is let in', cors(() => undefined), ['failed', 'failed', 'ok']],
  [
    'an older origin',
    cors((origin) => (origin === ORIGIN ? undefined : only(origin))),
    ['failed', 'ok', 'ok'],
  ],
  ['without the headers of the call', cors(only, 'x-other'), ['failed', 'failed', 'ok']],
  ['with some of them', cors(only, 'content-type, x-grpc-web'), ['failed', 'failed', 'ok']],
  [
    'nothing behind: one line',
    cors(() => undefined, '', 503),
    ['failed', 'not tried', 'not tried'],
  ],
] as const)
  preflights(title, async () => {
    const lines = await linesAt(answer, (look) => corsLines(CALLS, look, CONNECTED));
    assert.equal(statuses(lines), wanted);
  });

preflights('where page and calls share a host, no browser asks: a warning', async () => {
  const origins = [{ origin: ORIGIN, sample: ORIGIN, isSame: true }];
  const lines = await linesAt(
    cors(() => undefined),
    (look) => corsLines(CALLS, look, CONNECTED),
    { origins },
  );
  assert.equal(statuses(lines), ['warning', 'ok']);
});

preflights.run();

const GRPC_WEB = { 'content-type': 'application/grpc-web+proto' };
const trailers = (words: string) => {
  const frame = Buffer.alloc(5 + words.length);
  frame[0] = 0x80;
  frame.writeUInt32BE(words.length, 1);
  frame.write(words, 5);
  return frame.toString('latin1');
};

const calls = suite('a call of the page');

for (const [title, answer, status] of [
  [
    'a status in the headers',
    text(200, { ...GRPC_WEB, 'grpc-status': '12', 'grpc-message': 'unknown' }),
    'ok',
  ],
  [
    'a status behind a message',
    (_: unknown, response: Parameters<RequestListener>[1]) =>
      response
        .writeHead(200, GRPC_WEB)
        .end(Buffer.from(`\0\0\0\0\0${trailers('grpc-status:0\r\ngrpc-message:\r\n')}`, 'latin1')),
    'ok',
  ],
  ['Envoy reaches no server', text(200, { ...GRPC_WEB, 'grpc-status': '14' }), 'failed'],
  ['nobody translates', text(415), 'failed'],
  ['the page itself', text(200, HTML, '<!doctype html>'), 'failed'],
  ['a half frame', text(200, GRPC_WEB, '\u0080\0\0\0'), 'failed'],
] as const)
  calls(`gRPC-Web, ${title}: ${status}`, async () => {
    const [line] = await linesAt(answer as RequestListener, (look) => [
      callLine(CALLS, look, CONNECTED),
    ]);
    assert.is(line?.status, status);
  });

for (const [title, answer, status] of [
  ['an answer', text(200, { 'content-type': 'application/json' }, '{"items": []}'), 'ok'],
  [
    'an error of the server',
    text(400, { 'content-type': 'application/json' }, '{"code": 3, "message": "x"}'),
    'ok',
  ],
  [
    'an error of somebody else',
    text(400, { 'content-type': 'application/json' }, '{"error": "x"}'),
    'failed',
  ],
  ['nobody translates', text(415), 'failed'],
] as const)
  calls(`JSON, ${title}: ${status}`, async () => {
    let sent: IncomingHttpHeaders = {};
    const noting: RequestListener = (request, response) => {
      sent = request.headers;
      answer(request, response);
    };
    const [line] = await linesAt(noting, (look) => [callLine(CALLS, look, CONNECTED)], {
      protocol: 'JSON',
    });
    assert.is(line?.status, status);
    assert.is(sent['content-type'], 'application/json');
  });

calls.run();
