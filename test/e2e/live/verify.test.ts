/** `verify` against a live environment: healthy, and then with one thing broken at a time. */
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeAuthority } from '../../support/authority.ts';
import { connectionManager } from '../support/envoy-config.ts';
import { listen, unusedPort } from '../support/listen.ts';
import { standFor } from '../support/stand.ts';
import { startUiServer } from '../support/ui-server.ts';
import { API, APP, type JsonLine, startVerifyStand, type Verified } from './verify-stand.ts';

const verify = suite('verify a live environment');
const stand = standFor(verify, async (keep) => ({ ...(await startVerifyStand(keep)), keep }));

const statusOf = (lines: readonly JsonLine[], tried: string) =>
  lines.find((line) => line.tried.startsWith(tried))?.status;

/** One thing is broken: these lines fail and no other, and what does not depend on them is seen all the same. */
function assertFailed(
  { status, failed, lines }: Verified,
  wanted: readonly string[],
  seen: readonly string[],
) {
  assert.equal(failed, wanted);
  assert.is(status, 1);
  for (const tried of seen) assert.is(statusOf(lines, tried), 'ok', tried);
}

const CALLS = [`gRPC call to ${API}`, 'gRPC-Web call', 'page at', 'apiBaseUrl in'];

verify('healthy: nothing fails, and what was not looked at is said', async () => {
  const { status, lines, failed } = await stand().verify();
  assert.equal(failed, []);
  assert.is(status, 0);
  const ok = lines.filter((line) => line.status === 'ok').map(({ tried }) => tried);
  for (const tried of [
    ...[API, APP].flatMap((host) => [
      `TLS with ${host}:443`,
      `certificate names of ${host}`,
      `certificate issuer of ${host}`,
      `certificate chain of ${host}`,
      `certificate dates of ${host}`,
      `ALPN of ${host}`,
      `redirect from http://${host}/`,
    ]),
    `gRPC call to ${API}:443`,
    `page at https://${APP}/`,
    `apiBaseUrl in https://${APP}/config.json`,
    `preflight from https://${APP}`,
    'preflight from https://console.example.com',
    'preflight from https://verify.preview.example.com',
    'preflight from https://ma-overlays-verify.invalid, which nobody allows',
    `gRPC-Web call to https://${APP}`,
  ])
    assert.ok(ok.includes(tried), tried);
  assert.is(statusOf(lines, 'Kubernetes API'), 'not tried');
  assert.is(statusOf(lines, `DNS of ${API}`), 'not tried');
});

verify('the certificate of another host', async () => {
  const { authority, verify } = stand();
  const other = await authority.issue(['api.other.example.com']);
  const result = await verify({ certificates: { [API]: other } });
  assertFailed(result, [`certificate names of ${API}`], [`certificate chain of ${API}`, ...CALLS]);
});

verify('a certificate that has ended', async () => {
  const { authority, verify } = stand();
  const old = await authority.issue([APP], { days: -1 });
  const result = await verify({ certificates: { [APP]: old } });
  assertFailed(result, [`certificate dates of ${APP}`], [`certificate chain of ${APP}`, ...CALLS]);
});

verify('a certificate without the intermediate behind it', async () => {
  const { certificate, verify } = stand();
  const alone = { key: certificate.key, chain: certificate.leaf };
  const result = await verify({ certificates: { [API]: alone } });
  assertFailed(result, [`certificate chain of ${API}`], [`certificate names of ${API}`, ...CALLS]);
  const line = result.lines.find(({ tried }) => tried === `certificate chain of ${API}`);
  assert.match(line?.means ?? '', 'the intermediate certificate');
});

verify('a certificate of somebody whom no client trusts', async () => {
  const stranger = await makeAuthority('Somebody');
  const result = await stand().verify({ certificates: { [API]: await stranger.issue([API]) } });
  assertFailed(result, [`certificate chain of ${API}`], [`certificate names of ${API}`, ...CALLS]);
});

verify('an entry of the API without HTTP/2', async () => {
  const result = await stand().verify({ protocols: ['http/1.1'] });
  assertFailed(result, [`ALPN of ${API}`], ['gRPC-Web call', 'page at']);
  assert.is(statusOf(result.lines, `gRPC call to ${API}`), 'not tried');
});

verify('an API server that is down', async () => {
  const result = await stand().verify({ apiPort: await unusedPort() });
  assertFailed(result, [`gRPC call to ${API}:443`], ['page at', `preflight from https://${APP}`]);
  assert.is(statusOf(result.lines, 'gRPC-Web call'), 'not tried');
});

verify('a page that is down', async () => {
  const result = await stand().verify({ uiPort: await unusedPort() });
  assertFailed(result, [`page at https://${APP}/`], ['gRPC call', 'preflight', 'gRPC-Web call']);
});

verify('an Envoy that lets foreign origins in', async () => {
  const result = await stand().verify({
    envoy: (config) => {
      const text = JSON.stringify(connectionManager(config).route_config);
      connectionManager(config).route_config = JSON.parse(
        text.replaceAll(/"regex":"[^"]*"/g, '"regex":"https://.*"'),
      );
    },
  });
  const foreign = 'preflight from https://ma-overlays-verify.invalid, which nobody allows';
  assertFailed(result, [foreign], [`preflight from https://${APP}`, ...CALLS]);
});

verify('an Envoy with a config of before an origin was allowed', async () => {
  const result = await stand().verify({
    envoy: (config) => {
      const text = JSON.stringify(connectionManager(config).route_config);
      connectionManager(config).route_config = JSON.parse(text.replaceAll('console', 'older'));
    },
  });
  const refused = 'preflight from https://console.example.com';
  assertFailed(result, [refused], [`preflight from https://${APP}`, ...CALLS]);
});

verify('a page that calls the old host', async () => {
  const { keep, verify } = stand();
  const old = keep(await startUiServer('{"apiBaseUrl": "https://app.old.example.com"}'));
  const result = await verify({ uiPort: old.port });
  assertFailed(result, [`apiBaseUrl in https://${APP}/config.json`], ['page at', 'gRPC-Web call']);
});

verify('a server that accepts and stays silent, within the time', async () => {
  const { keep, verify } = stand();
  const silent = keep(await listen(createServer(() => {})));
  const result = await verify({ entryPort: silent.port, seconds: 8 });
  assertFailed(
    result,
    [`TLS with ${API}:443`, `TLS with ${APP}:443`],
    [`redirect from http://${API}/`],
  );
  assert.ok(result.seconds < 9, `${result.seconds} s`);
});

verify('a server that is silent after the handshake, within the time', async () => {
  const { keep, verify, certificate } = stand();
  const { key, chain: cert } = certificate;
  const silent = keep(
    await listen(createTlsServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }, () => {})),
  );
  const result = await verify({ entryPort: silent.port, seconds: 8 });
  assertFailed(
    result,
    [`gRPC call to ${API}:443`, `page at https://${APP}/`],
    [`certificate names of ${API}`],
  );
  assert.ok(result.seconds < 9, `${result.seconds} s`);
});

verify('nothing listens', async () => {
  const result = await stand().verify({ entryPort: await unusedPort() });
  assertFailed(
    result,
    [`TLS with ${API}:443`, `TLS with ${APP}:443`],
    [`redirect from http://${API}/`],
  );
});

verify('the checklist has the nine items, and none is green that was not looked at', async () => {
  const { status, stdout } = await stand().text(['--checklist']);
  assert.is(status, 0);
  const items = stdout.split('\n').filter((line) => /^\d {2}/.test(line));
  assert.is(items.length, 9);
  const states = items.map((line) => line.slice(3, 14).trim());
  assert.equal(states, [
    'partly seen',
    'pass',
    'pass',
    'partly seen',
    'pass',
    'partly seen',
    'pass',
    'not seen',
    'not seen',
  ]);
});

verify.run();
