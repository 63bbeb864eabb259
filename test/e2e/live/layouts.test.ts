/**
 * The three layouts live: what kustomize renders of test/layouts, with Envoy from the rendered config, the page in a browser at its own
 * origin, and an entry that stands for ingress-nginx (`support/ingress-entry.ts`).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../support/command-line.ts';
import { descriptorSet } from '../../support/descriptor-set.ts';
import { buildWith, bundled, newest } from '../../support/kustomize.ts';
import type { Layout } from '../../support/layouts.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';
import { fetchFrom } from '../cluster/web.ts';
import { makeCertificate } from '../support/certificates.ts';
import { probeOf, startChromium } from '../support/chromium.ts';
import { readEnvoyConfig } from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { connectNative } from '../support/grpc-client.ts';
import { entryFor } from '../support/ingress-entry.ts';
import { dataOf } from '../support/live-overlay.ts';
import { movePaths } from '../support/pod-mounts.ts';
import { PROBE } from '../support/probe.ts';
import { type Keep, standFor } from '../support/stand.ts';
import { startTlsEntry } from '../support/tls-entry.ts';
import { startUiServer } from '../support/ui-server.ts';
import { API_PATH } from './app-stand.ts';

/** The public hosts of a layout, and the URL under which the page calls. */
interface PublicHosts {
  api: string;
  app: string;
  ui: string;
  calls: string;
}

const HOSTS: Record<Layout, PublicHosts> = {
  'two-hosts': {
    api: 'api.two.example.org',
    app: 'app.two.example.org',
    ui: 'app.two.example.org',
    calls: 'https://app.two.example.org',
  },
  'a-host-each': {
    api: 'api.each.example.org',
    app: 'app.each.example.org',
    ui: 'studio.each.example.org',
    calls: 'https://app.each.example.org',
  },
  'one-host': {
    api: 'api.one.example.org',
    app: 'one.example.org',
    ui: 'one.example.org',
    calls: 'https://one.example.org/api',
  },
};

/** Where the page was before, and everybody else. */
const REFUSED = ['https://studio.old.example.com', 'https://localhost:5173', 'https://evil.test'];
const OLD_HOSTS = ['rpc.old.example.com', 'calls.old.example.com', 'studio.old.example.com'];

for (const [layout, hosts] of Object.entries(HOSTS)) {
  const page = `https://${hosts.ui}`;
  const tests = suite(`layout ${layout}`);
  const stand = standFor(tests, (keep) => startLayout(keep, layout, hosts));

  tests('both kustomizes render the same', () => {
    assert.is(stand().oldest, stand().manifests);
  });

  tests('the page is served at its own origin, and knows where to call', async () => {
    const { chromium, ui } = stand();
    ui.requests.length = 0;
    const opened = await chromium.open(`${page}/`);
    assert.is(await opened.title(), 'Probe');
    assert.is(await opened.evaluate('location.origin'), page);
    assert.equal(ui.requests, ['GET /', 'GET /page.js']);
    const config = await opened.evaluate("fetch('/config.json').then((answer) => answer.json())");
    assert.equal(config, { apiBaseUrl: hosts.calls });
  });

  tests('gRPC-Web calls and streams from the page', async () => {
    const { chromium, backend } = stand();
    const probe = probeOf(await chromium.open(`${page}/`));
    assert.equal(await outcomeOf(probe.ask('hello')), { received: ['hello'] });
    assert.equal(backend.calls.at(-1)?.request, { text: 'hello' });
    assert.equal(await outcomeOf(probe.watch(3, 20)), { received: [1, 2, 3] });
    assert.is((await probe.ask('')).error?.message, 'text: empty, expecting a word');
  });

  tests('JSON calls from the page', async () => {
    const { chromium, backend } = stand();
    const opened = await chromium.open(`${page}/`);
    assert.equal(await opened.evaluate(jsonCall(hosts.calls, { text: 'hello' })), {
      status: 200,
      answer: { text: 'hello' },
    });
    assert.equal(backend.calls.at(-1)?.request, { text: 'hello' });
    const refused = (await opened.evaluate(jsonCall(hosts.calls, {}))) as { status: number };
    assert.is(refused.status, 400, 'INVALID_ARGUMENT is told as a status that a browser reads');
  });

  for (const origin of REFUSED)
    tests(`${origin} is refused, and its calls never reach the API`, async () => {
      const { chromium, backend } = stand();
      const before = backend.calls.length;
      const opened = await chromium.open(`${origin}/`);
      const probe = probeOf(opened);
      for (const outcome of [await probe.ask('stolen'), await probe.watch(2, 0)])
        assert.is(outcome.error?.message, 'Failed to fetch');
      const json = await opened.evaluate(`${jsonCall(hosts.calls, { text: 'stolen' })}
        .then(() => 'read', (error) => error.message)`);
      assert.is(json, 'Failed to fetch');
      assert.is(backend.calls.length, before);
    });

  tests('a native call to the host of the API', async () => {
    const { entry, pair, keep } = stand();
    const tls = { trusted: pair.certificate, serverName: hosts.api };
    assert.is(await keep(connectNative({ port: entry.port, tls })).ask('hello'), 'hello');
  });

  tests('verify finds the page, the calls and the API', async () => {
    const { entry, manifests, pair } = stand();
    const file = join(folderWith({ 'ca.crt': pair.certificate }), 'ca.crt');
    const ways = [...new Set(Object.values(hosts).slice(0, 3))].flatMap((host) => [
      '--connect-to',
      `${host}:443:127.0.0.1:${entry.port}`,
    ]);
    const env = { ...process.env, PATH: '' };
    const words = ['verify', '-', '--json', '--ca', file, ...ways];
    const { stdout } = await run(words, { cwd: '/', env, stdin: manifests });
    const lines = (JSON.parse(stdout) as { lines: { tried: string; status: string }[] }).lines;
    const seen = (status: string) =>
      lines.filter((line) => line.status === status).map(({ tried }) => tried);
    // This Envoy has the descriptors of the probe's service alone.
    assert.equal(seen('failed'), [`JSON call to ${hosts.calls}`]);
    for (const tried of [
      `gRPC call to ${hosts.api}:443`,
      `page at https://${hosts.ui}/`,
      `apiBaseUrl in https://${hosts.ui}/config.json`,
      `preflight from https://${hosts.ui}`,
      'preflight from https://ma-overlays-verify.invalid, which nobody allows',
      ...[hosts.api, hosts.app, hosts.ui].map((host) => `certificate names of ${host}`),
    ])
      assert.ok(seen('ok').includes(tried), tried);
  });

  tests('no entry serves an old host', async () => {
    const { entry, pair } = stand();
    const target = { address: '127.0.0.1', port: entry.port, trusted: pair.certificate };
    assert.is((await fetchFrom({ ...target, host: hosts.ui })).status, 200);
    for (const host of OLD_HOSTS)
      assert.is((await fetchFrom({ ...target, host })).status, 404, host);
  });

  tests.run();
}

async function startLayout(keep: Keep, layout: string, { api, app, ui: page }: PublicHosts) {
  const [oldest, manifests] = [await render(bundled, layout), await render(newest, layout)];
  const backend = keep(await startGrpcBackend());
  const ui = keep(await startUiServer(dataOf(manifests, 'config.json')));
  const names = 'live-ml-michelangelo';
  const services = { [`${names}-apiserver:15566`]: backend.port, [`${names}-ui:80`]: ui.port };

  // The ConfigMap that an operator makes of the descriptor set.
  const descriptors = temporaryFolder();
  writeFileSync(join(descriptors, 'descriptors.pb'), descriptorSet([PROBE]));
  const mounts = { '/etc/envoy-descriptors': descriptors };
  const config = readEnvoyConfig(movePaths(dataOf(manifests, 'envoy.yaml'), mounts));
  const envoy = keep(await startEnvoy(config, services), 'Envoy');

  const pair = await makeCertificate([...new Set([api, app, page, ...OLD_HOSTS])]);
  const behind = { ...services, [`${names}-envoy:8081`]: envoy.port };
  const entry = keep(await startEnvoy(entryFor(manifests, pair), behind), 'entry');
  // Every other host leads to a copy of the page, which calls the same API.
  const elsewhere = keep(await startTlsEntry(pair, ui.port, ['http/1.1']));
  const own = Object.fromEntries([api, app, page].map((host) => [`${host}:443`, entry.port]));
  const chromium = keep(await startChromium(own, elsewhere.port), 'Chromium');
  return { oldest, manifests, backend, ui, entry, pair, chromium, keep };
}

async function render(program: typeof bundled, layout: string): Promise<string> {
  const { status, stdout, stderr } = await buildWith(program, `test/layouts/${layout}`);
  if (status !== 0) throw new Error(`${program.name} failed:\n${stderr}`);
  return stdout;
}

/** What came of a call, without the times. */
async function outcomeOf(call: Promise<{ received: unknown[]; error?: unknown }>) {
  const { received, error } = await call;
  return { received, ...(error !== undefined && { error }) };
}

/** A call as the page makes it since July 2026. */
function jsonCall(base: string, message: object): string {
  return `fetch('${base}${API_PATH}', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-name': 'test' },
    body: '${JSON.stringify(message)}',
  }).then(async (answer) => ({ status: answer.status, answer: await answer.json() }))`;
}
