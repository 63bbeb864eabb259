/** What Envoy serves where, seen with native clients. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readEnvoyConfig } from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { connectNative, statusName } from '../support/grpc-client.ts';
import { unusedPort } from '../support/listen.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { EMPTY_GRPC_MESSAGE, GRPC_WEB_HEADERS, rawRequest } from '../support/raw-request.ts';
import { standFor } from '../support/stand.ts';
import { API_PATH, API_SERVICE, SPEC, startApp, UI_SERVICE } from './app-stand.ts';

const routes = suite('routes through Envoy');
const stand = standFor(routes, async (keep) => {
  const app = await startApp(keep);
  const client = keep(connectNative({ port: app.envoy.port, authority: 'app.ml.example.com' }));
  return { ...app, client };
});

routes('a native unary call reaches the API, with its metadata', async () => {
  const { client, backend } = stand();
  const metadata = { 'rpc-caller': 'live-test', 'context-ttl-ms': '5000' };
  assert.is(await client.ask('hello', { metadata }), 'hello');
  const call = backend.calls.at(-1);
  assert.equal(call?.request, { text: 'hello' });
  assert.is(call?.metadata['rpc-caller'], 'live-test');
  assert.is(call?.metadata['context-ttl-ms'], '5000');
});

routes('a native stream arrives message by message', async () => {
  const { client } = stand();
  const times: number[] = [];
  for await (const number of client.watch({ count: 3, pauseMilliseconds: 300 }))
    times[number] = performance.now();
  assert.is(times.length, 4);
  // Held back until the end, they would arrive at once.
  assert.ok((times[3] ?? 0) - (times[1] ?? 0) > 400, 'the first is there before the last is sent');
});

routes("the API's own errors come through", async () => {
  const { client } = stand();
  const error = await client.ask('').catch((reason) => reason);
  assert.is(statusName(error), 'INVALID_ARGUMENT');
  assert.is(error.details, 'text: empty, expecting a word');
});

routes("a client's headers do not steer Envoy", async () => {
  const { client, backend } = stand();
  const metadata = { 'x-envoy-upstream-rq-timeout-ms': '100', 'x-envoy-made-up': 'yes' };
  const received: number[] = [];
  for await (const number of client.watch({ count: 2, pauseMilliseconds: 500 }, { metadata }))
    received.push(number);
  assert.equal(received, [1, 2]);
  const arrived = backend.calls.at(-1)?.metadata ?? {};
  assert.equal(
    Object.keys(metadata).filter((name) => Object.hasOwn(arrived, name)),
    [],
  );
});

routes('config.json comes from the UI and names the app itself as the API', async () => {
  const { envoy, overlay } = stand();
  const { status, body } = await rawRequest(envoy.port, 'GET', '/config.json');
  assert.is(status, 200);
  assert.is(body, overlay.configJson);
  assert.equal(JSON.parse(body), { apiBaseUrl: 'https://app.ml.example.com' });
});

routes('every other path goes to the UI', async () => {
  const { envoy, ui } = stand();
  const page = await rawRequest(envoy.port, 'GET', '/');
  assert.is(page.status, 200);
  assert.match(page.body, '<title>Probe</title>');
  for (const path of ['/projects/one', '/michelangelo', '/grpc.health.v1.Health/Check']) {
    assert.is((await rawRequest(envoy.port, 'GET', path)).status, 404);
    assert.is(ui.requests.at(-1), `GET ${path}`);
  }
});

routes.run();

const failure = suite('Envoy with nothing behind it');
const alone = standFor(failure, async (keep) => {
  const { envoy } = await buildLiveOverlay(SPEC);
  const port = await unusedPort();
  const services = { [API_SERVICE]: port, [UI_SERVICE]: port };
  return keep(await startEnvoy(readEnvoyConfig(envoy), services), 'Envoy alone');
});

failure('answers for its own health', async () => {
  const { status, body } = await rawRequest(alone().port, 'GET', '/healthz');
  assert.is(status, 200);
  assert.is(body, 'ok\n');
});

failure('lets allowed origins read that nothing is there', async () => {
  const origin = 'https://console.example.com';
  const headers = { ...GRPC_WEB_HEADERS, origin };
  const answer = await rawRequest(alone().port, 'POST', API_PATH, headers, EMPTY_GRPC_MESSAGE);
  assert.is(answer.headers['grpc-status'], '14');
  assert.is(answer.headers['access-control-allow-origin'], origin);
  const page = await rawRequest(alone().port, 'GET', '/', { origin });
  assert.is(page.status, 503);
  assert.is(page.headers['access-control-allow-origin'], origin);
});

failure.run();
