/** Preflights end at Envoy: neither the API nor the UI ever sees one. */
import { createServer as createPlainServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readEnvoyConfig } from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { listen } from '../support/listen.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import {
  EMPTY_GRPC_MESSAGE,
  GRPC_WEB_HEADERS,
  preflightHeaders,
  rawRequest,
} from '../support/raw-request.ts';
import { standFor } from '../support/stand.ts';
import { API_PATH, API_SERVICE, SPEC, UI_SERVICE } from './app-stand.ts';
import { ALLOWED, FOREIGN } from './origins.ts';

const preflights = suite('preflights');
const stand = standFor(preflights, async (keep) => {
  // Bare servers instead of the usual ones: a gRPC server turns OPTIONS away before anything could note it.
  const received: string[] = [];
  const api = createHttp2Server().on('stream', (stream, { ':method': method, ':path': path }) => {
    received.push(`api: ${method} ${path}`);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' });
    stream.end();
  });
  const ui = createPlainServer((request, response) => {
    received.push(`ui: ${request.method} ${request.url}`);
    response.end();
  });
  const services = {
    [API_SERVICE]: keep(await listen(api)).port,
    [UI_SERVICE]: keep(await listen(ui)).port,
  };
  const overlay = await buildLiveOverlay(SPEC);
  const envoy = keep(await startEnvoy(readEnvoyConfig(overlay.envoy), services), 'Envoy');
  return { port: envoy.port, received };
});

preflights.before.each(() => {
  stand().received.length = 0;
});

preflights('calls and pages do reach the servers', async () => {
  const { port, received } = stand();
  const headers = { ...GRPC_WEB_HEADERS, origin: ALLOWED[0] ?? '' };
  assert.is((await rawRequest(port, 'POST', API_PATH, headers, EMPTY_GRPC_MESSAGE)).status, 200);
  assert.is((await rawRequest(port, 'GET', '/', {})).status, 200);
  assert.equal(received, [`api: POST ${API_PATH}`, 'ui: GET /']);
});

preflights('of allowed origins do not', async () => {
  const { port, received } = stand();
  for (const origin of ALLOWED)
    for (const path of [API_PATH, '/config.json'])
      assert.is((await rawRequest(port, 'OPTIONS', path, preflightHeaders(origin))).status, 200);
  assert.equal(received, []);
});

preflights('of foreign origins do not either', async () => {
  const { port, received } = stand();
  for (const origin of Object.values(FOREIGN))
    for (const path of [API_PATH, '/config.json'])
      await rawRequest(port, 'OPTIONS', path, preflightHeaders(origin));
  assert.equal(received, []);
});

preflights.run();
