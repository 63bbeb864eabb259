/** The page's calls in JSON, through an Envoy with the component that lets it understand them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callLine } from '../../../src/cli/verify/call-lines.ts';
import { transcodedServices } from '../../support/components.ts';
import { descriptorSet } from '../../support/descriptor-set.ts';
import { CONNECTED, linesOf, lookWith, plainHost } from '../../support/live-lines.ts';
import { connectionManager, readEnvoyConfig } from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { connectNative } from '../support/grpc-client.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { mountVolumes, movePaths } from '../support/pod-mounts.ts';
import { GRPC_WEB_HEADERS, rawRequest } from '../support/raw-request.ts';
import { standFor } from '../support/stand.ts';
import { startUiServer } from '../support/ui-server.ts';
import { API_SERVICE, SPEC, UI_SERVICE } from './app-stand.ts';

const SERVICE = 'michelangelo.api.v2.ProjectService';
const ASK = `/${SERVICE}/Ask`;
const APP = 'https://app.ml.example.com';

/** What upstream's page of July 2026 sends with each call. Source: javascript/packages/rpc/create-fetch-transport.ts */
const PAGE_HEADERS = {
  'content-type': 'application/json',
  'context-ttl-ms': '10000',
  'grpc-timeout': '1000000m',
  'rpc-caller': 'ma-studio',
  'rpc-service': 'ma-apiserver',
  'rpc-encoding': 'proto',
  'x-user-email': 'somebody@example.com',
  'x-user-name': 'Somebody',
};

const json = suite('JSON through Envoy');
const stand = standFor(json, async (keep) => {
  const overlay = await buildLiveOverlay(SPEC, {
    kustomization: {
      components: ['../../base/components/json-transcoder'],
      configMapGenerator: [{ name: 'michelangelo-envoy-descriptors', files: ['descriptors.pb'] }],
    },
    files: { 'descriptors.pb': descriptorSet(transcodedServices()) },
  });
  const mounts = mountVolumes(overlay.manifests, 'live-michelangelo-envoy', {});
  const config = readEnvoyConfig(movePaths(overlay.envoy, mounts));
  const backend = keep(await startGrpcBackend(0, SERVICE));
  const ui = keep(await startUiServer(overlay.configJson));
  const services = { [API_SERVICE]: backend.port, [UI_SERVICE]: ui.port };
  return { ...keep(await startEnvoy(config, services), 'Envoy'), backend, config };
});

function call(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const bytes = Buffer.from(JSON.stringify(body));
  const length = { 'content-length': String(bytes.length) };
  return rawRequest(
    stand().port,
    'POST',
    path,
    { ...PAGE_HEADERS, ...length, origin: APP, ...headers },
    bytes,
  );
}

json('a call of the page is answered in JSON, which the page may read', async () => {
  const { status, headers, body } = await call(ASK, { text: 'hello' });
  assert.is(status, 200);
  assert.is(headers['content-type'], 'application/json');
  assert.equal(JSON.parse(body), { text: 'hello' });
  assert.is(headers['access-control-allow-origin'], APP);
});

json('what the page sends beside it reaches the API, which sees protobuf', async () => {
  await call(ASK, { text: 'hello' });
  const received = stand().backend.calls.at(-1);
  assert.equal(received?.request, { text: 'hello' });
  assert.is(received?.metadata['rpc-caller'], 'ma-studio');
  assert.is(received?.metadata['x-user-email'], 'somebody@example.com');
});

json("the API's errors are a status with a code and a message", async () => {
  const { status, headers, body } = await call(ASK, { text: '' });
  assert.is(status, 400);
  assert.is(headers['access-control-allow-origin'], APP);
  assert.equal(JSON.parse(body), { code: 3, message: 'text: empty, expecting a word' });
});

json('verify sees the API answer in JSON, and says where nobody translates', async () => {
  const lineAt = async (port: number) => {
    const host = plainHost('app.ml.example.com', ['app', 'ui']);
    const targets = { page: host, calls: { host, path: '' }, protocol: 'JSON' as const };
    const look = lookWith({ targets, ways: [`app.ml.example.com:80:127.0.0.1:${port}`] });
    const [line] = await linesOf([callLine(targets.calls, look, CONNECTED)]);
    return line;
  };
  const answered = await lineAt(stand().port);
  assert.is(answered?.status, 'ok', answered?.came);
  const { config, backend } = stand();
  const bare = structuredClone(config);
  const manager = connectionManager(bare);
  manager.http_filters = manager.http_filters.filter(({ name }) => !/transcoder/.test(name));
  const envoy = await startEnvoy(bare, { [API_SERVICE]: backend.port, [UI_SERVICE]: backend.port });
  const refused = await lineAt(envoy.port);
  await envoy.close();
  assert.is(refused?.status, 'failed');
  assert.is(refused?.came, 'HTTP 415');
});

json('messages may be much larger than the connection has room for', async () => {
  const text = 'x'.repeat(3_000_000);
  const { status, body } = await call(ASK, { text });
  assert.is(status, 200, body.slice(0, 200));
  assert.is(JSON.parse(body).text.length, text.length);
});

json('what a page of any site may send without asking first never reaches the API', async () => {
  const { port, backend } = stand();
  const before = backend.calls.length;
  const types = ['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'];
  const sent = types.map((type) => ({ 'content-type': type }));
  for (const headers of [...sent, { 'content-type': 'multipart/form-data; boundary=a' }, {}]) {
    const body = Buffer.from('{"text":"hello"}');
    const answer = await rawRequest(
      port,
      'POST',
      ASK,
      { ...headers, origin: 'https://evil.test' },
      body,
    );
    assert.is(answer.status, 415);
  }
  assert.is(backend.calls.length, before);
});

json('a stream is a list', async () => {
  const { status, body } = await call(`/${SERVICE}/Watch`, { count: 3 });
  assert.is(status, 200);
  assert.equal(JSON.parse(body), [{ number: 1 }, { number: 2 }, { number: 3 }]);
});

json('JSON may say its character set', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  assert.is((await call(ASK, { text: 'hello' }, headers)).status, 200);
});

json('native gRPC passes as it came', async () => {
  const client = connectNative({ port: stand().port, authority: 'app.ml.example.com' }, SERVICE);
  assert.is(await client.ask('native'), 'native');
  client.close();
});

json('pages of before, which speak gRPC-Web, are understood as well', async () => {
  // AskRequest { text: "hi" }, framed.
  const message = Buffer.from([0, 0, 0, 0, 4, 0x0a, 2, 0x68, 0x69]);
  const headers = { ...GRPC_WEB_HEADERS, origin: APP };
  const answer = await rawRequest(stand().port, 'POST', ASK, headers, message);
  assert.is(answer.status, 200);
  assert.is(answer.headers['content-type'], 'application/grpc-web+proto');
  assert.equal(stand().backend.calls.at(-1)?.request, { text: 'hi' });
});

json('a preflight for all that the page sends ends at Envoy', async () => {
  const names = Object.keys(PAGE_HEADERS);
  const before = stand().backend.calls.length;
  const { status, headers } = await rawRequest(stand().port, 'OPTIONS', ASK, {
    origin: APP,
    'access-control-request-method': 'POST',
    'access-control-request-headers': names.join(','),
  });
  assert.is(status, 200);
  assert.is(headers['access-control-allow-origin'], APP);
  const allowed = String(headers['access-control-allow-headers']).split(/, */);
  assert.equal(
    names.filter((name) => !allowed.includes(name)),
    [],
  );
  assert.is(stand().backend.calls.length, before);
});

json('another origin may not read an answer, and gets no preflight', async () => {
  const origin = 'https://evil.test';
  const answer = await call(ASK, { text: 'hello' }, { origin });
  assert.is(answer.headers['access-control-allow-origin'], undefined);
  const preflight = await rawRequest(stand().port, 'OPTIONS', ASK, {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  });
  assert.is(preflight.headers['access-control-allow-origin'], undefined);
});

json('Envoy has no word to say about the config', () => {
  assert.not.match(stand().log(), '[warning]');
});

json('the page itself is served as before', async () => {
  const { status, body } = await rawRequest(stand().port, 'GET', '/config.json');
  assert.is(status, 200);
  assert.equal(JSON.parse(body), { apiBaseUrl: APP });
});

json.run();

/** Envoy's own word on descriptors that do not have what the list of services names. */
const refusal = suite('descriptors of another version');

refusal('Envoy does not start, and names the service', async () => {
  const services = transcodedServices().filter((name) => name !== SERVICE);
  const { envoy } = await buildLiveOverlay(SPEC, {
    kustomization: { components: ['../../base/components/json-transcoder'] },
  });
  const config = readEnvoyConfig(envoy);
  const filter = connectionManager(config).http_filters.find(({ name }) =>
    name.endsWith('grpc_json_transcoder'),
  ) as unknown as { typed_config: object };
  const { proto_descriptor: _, ...rest } = filter.typed_config as { proto_descriptor: string };
  filter.typed_config = {
    ...rest,
    proto_descriptor_bin: descriptorSet(services).toString('base64'),
  };
  const error = await startEnvoy(config, { [API_SERVICE]: 1, [UI_SERVICE]: 1 }).then(
    (envoy) => envoy.close(),
    (reason) => reason,
  );
  assert.match(String(error), `Could not find '${SERVICE}' in the proto descriptor`);
});

refusal.run();
