/** The UI's page in a real browser: served at the app's origin through Envoy, or at an origin of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCertificate } from '../support/certificates.ts';
import { probeOf, startChromium } from '../support/chromium.ts';
import { standFor } from '../support/stand.ts';
import { startTlsEntry } from '../support/tls-entry.ts';
import { startApp } from './app-stand.ts';

const APP = 'https://app.ml.example.com';

const browser = suite('browser');
const stand = standFor(browser, async (keep) => {
  const app = await startApp(keep);
  const pair = await makeCertificate(['app.ml.example.com']);
  // The app's host leads to Envoy; every other one to a copy of the UI at that origin, which calls the same API.
  const entry = keep(await startTlsEntry(pair, app.envoy.port, ['h2', 'http/1.1']));
  const elsewhere = keep(await startTlsEntry(pair, app.ui.port, ['http/1.1']));
  const hosts = { 'app.ml.example.com:443': entry.port };
  return { ...app, chromium: keep(await startChromium(hosts, elsewhere.port), 'Chromium') };
});

browser('the page comes from the app through Envoy, and knows its API', async () => {
  const { chromium, ui } = stand();
  ui.requests.length = 0;
  const page = await chromium.open(`${APP}/`);
  assert.is(await page.title(), 'Probe');
  assert.is(await page.evaluate('location.origin'), APP);
  assert.equal(ui.requests, ['GET /', 'GET /page.js']);
  const config = await page.evaluate("fetch('/config.json').then((answer) => answer.json())");
  assert.equal(config, { apiBaseUrl: APP });
});

browser('a unary call from the app', async () => {
  const { chromium, backend } = stand();
  const page = await chromium.open(`${APP}/`);
  const outcome = await probeOf(page).ask('from the app');
  assert.is(outcome.error, undefined);
  assert.equal(outcome.received, ['from the app']);
  assert.equal(backend.calls.at(-1)?.request, { text: 'from the app' });
});

browser('a stream to the app, message by message', async () => {
  const { chromium } = stand();
  const page = await chromium.open(`${APP}/`);
  const outcome = await probeOf(page).watch(4, 200);
  assert.equal(outcome.received, [1, 2, 3, 4]);
  assert.is(outcome.error, undefined);
  const [first = 0, , , last = 0] = outcome.times;
  // Held back until the end, they would arrive at once.
  assert.ok(last - first > 400, `between the first and the last: ${last - first} ms`);
});

browser('an error of the API reaches the app with its words', async () => {
  const page = await stand().chromium.open(`${APP}/`);
  const { error } = await probeOf(page).ask('');
  assert.equal(error, { code: 'InvalidArgument', message: 'text: empty, expecting a word' });
});

for (const origin of ['https://console.example.com', 'https://one.preview.example.com']) {
  browser(`${origin} is allowed: calls, streams and errors`, async () => {
    const { chromium, backend } = stand();
    const probe = probeOf(await chromium.open(`${origin}/`));
    assert.equal((await probe.ask(origin)).received, [origin]);
    assert.equal(backend.calls.at(-1)?.request, { text: origin });
    assert.equal((await probe.watch(3, 10)).received, [1, 2, 3]);
    // Told in headers that a page of another origin reads only where they are exposed.
    assert.is((await probe.ask('')).error?.message, 'text: empty, expecting a word');
  });
}

for (const origin of [
  'https://evil.test',
  'https://app.ml.example.com.evil.test',
  'https://appxml.example.com',
  'https://app.ml.example.com:8443',
  'https://api.ml.example.com',
  'https://two.labels.preview.example.com',
]) {
  browser(`${origin} is refused, and its calls never reach the API`, async () => {
    const { chromium, backend } = stand();
    const before = backend.calls.length;
    const probe = probeOf(await chromium.open(`${origin}/`));
    for (const outcome of [await probe.ask('stolen'), await probe.watch(2, 0)]) {
      assert.equal(outcome.received, []);
      assert.is(outcome.error?.message, 'Failed to fetch');
    }
    assert.is(backend.calls.length, before);
  });
}

browser('a page without an origin, in a sandbox on a foreign site, is refused', async () => {
  const { chromium, backend } = stand();
  const before = backend.calls.length;
  const page = await chromium.open('https://evil.test/');
  // No origin of its own to load anything from: it calls the app outright.
  const seen = await page.evaluate(`new Promise((resolve) => {
    addEventListener('message', ({ data, origin }) => resolve({ data, origin }));
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = \`<script>
      fetch('${APP}/michelangelo.api.v2.ProbeService/Ask', {
        method: 'POST',
        headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
        body: new Uint8Array(5),
      }).then(() => 'read', (error) => error.message).then((data) => parent.postMessage(data, '*'));
    </script>\`;
    document.body.append(frame);
  })`);
  assert.equal(seen, { data: 'Failed to fetch', origin: 'null' });
  assert.is(backend.calls.length, before);
});

browser.run();
