/** Which origins Envoy lets read its answers: every answer that it gives, whoever made it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  EMPTY_GRPC_MESSAGE,
  GRPC_WEB_HEADERS,
  preflightHeaders,
  type RawAnswer,
  rawRequest,
} from '../support/raw-request.ts';
import { standFor } from '../support/stand.ts';
import { API_PATH, startApp } from './app-stand.ts';
import { ALLOWED, FOREIGN } from './origins.ts';

const origins = suite('origins');
const stand = standFor(origins, startApp);

/** One request for each kind of answer. */
const REQUESTS: Record<string, (port: number, origin: string) => Promise<RawAnswer>> = {
  'a gRPC-Web call': (port, origin) =>
    rawRequest(port, 'POST', API_PATH, { ...GRPC_WEB_HEADERS, origin }, EMPTY_GRPC_MESSAGE),
  'a preflight of a call': (port, origin) =>
    rawRequest(port, 'OPTIONS', API_PATH, preflightHeaders(origin)),
  "a file of the UI's": (port, origin) => rawRequest(port, 'GET', '/config.json', { origin }),
  "a preflight of the UI's": (port, origin) =>
    rawRequest(port, 'OPTIONS', '/config.json', preflightHeaders(origin)),
};

for (const [what, send] of Object.entries(REQUESTS)) {
  origins(`${what}: allowed origins may read it`, async () => {
    for (const origin of ALLOWED) {
      const { status, headers } = await send(stand().envoy.port, origin);
      assert.is(status, 200, origin);
      assert.is(headers['access-control-allow-origin'], origin);
    }
  });

  origins(`${what}: foreign origins may not, also those that look like ours`, async () => {
    for (const [trick, origin] of Object.entries(FOREIGN)) {
      const { headers } = await send(stand().envoy.port, origin);
      assert.is(headers['access-control-allow-origin'], undefined, `${trick}: ${origin}`);
      assert.is(headers['access-control-allow-credentials'], undefined, `${trick}: ${origin}`);
    }
  });
}

origins('an allowed origin may send what gRPC-Web clients send, and cache that', async () => {
  const { headers } = await rawRequest(
    stand().envoy.port,
    'OPTIONS',
    API_PATH,
    preflightHeaders('https://console.example.com'),
  );
  const allowed = String(headers['access-control-allow-headers']).split(/, */);
  for (const name of [
    'content-type',
    'x-grpc-web',
    'x-user-agent',
    'grpc-timeout',
    'authorization',
  ])
    assert.ok(allowed.includes(name), name);
  assert.match(String(headers['access-control-allow-methods']), 'POST');
  assert.is(headers['access-control-max-age'], '7200');
});

origins('an allowed origin may read how a call ended', async () => {
  const { headers } = await rawRequest(
    stand().envoy.port,
    'POST',
    API_PATH,
    { ...GRPC_WEB_HEADERS, origin: 'https://console.example.com' },
    EMPTY_GRPC_MESSAGE,
  );
  assert.is(
    headers['access-control-expose-headers'],
    'grpc-status, grpc-message, grpc-status-details-bin',
  );
});

origins('no answer allows every origin, or credentials', async () => {
  for (const send of Object.values(REQUESTS)) {
    const { headers } = await send(stand().envoy.port, ALLOWED[0] ?? '');
    assert.is.not(headers['access-control-allow-origin'], '*');
    assert.is(headers['access-control-allow-credentials'], undefined);
  }
});

origins.run();
