/** What every entry has to do, whichever way it is made. */
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GrpcBackend } from '../support/grpc-backend.ts';
import { statusName } from '../support/grpc-client.ts';
import type { PublicEntry } from './public-entry.ts';
import type { ServedEntry } from './rendered-entry.ts';

/** Adds the tests of a complete entry to a suite. */
export function addEntryTests(
  suite: Test,
  stand: () => { complete: ServedEntry; backends: { grpc: GrpcBackend } },
): void {
  suite('a native gRPC call arrives over TLS', async () => {
    const { complete, backends } = stand();
    assert.is(await complete.entry.ask('hello'), 'hello');
    assert.equal(backends.grpc.calls.at(-1)?.request, { text: 'hello' });
  });

  suite('both hosts show their own certificate and speak HTTP/2', async () => {
    const { entry } = stand().complete;
    assert.is(await entry.negotiate(entry.api), 'h2');
    assert.is(await entry.negotiate(entry.app), 'h2');
  });

  suite('the page and its config load over TLS', async () => {
    const { entry } = stand().complete;
    const page = await entry.page('/');
    assert.is(page.status, 200);
    assert.match(page.body, /<!doctype html>/);
    const config = await entry.page('/config.json');
    assert.is(JSON.parse(config.body).apiBaseUrl, `https://${entry.app}`);
  });

  suite('http is redirected to https, on both hosts', () =>
    stand().complete.entry.assertRedirects());

  suite('verify finds hosts, certificates, HTTP/2, gRPC, redirects, page and config', async () => {
    const { entry, verify } = stand().complete;
    const { failed, ok } = await verify();
    // The entry leads to the page here, past Envoy: nobody answers for CORS, and calls of the page get no further.
    assert.equal(
      failed.filter((tried) => !/^(?:preflight from|gRPC-Web call)/.test(tried)),
      [],
    );
    for (const host of [entry.api, entry.app])
      for (const what of ['certificate names of', 'certificate chain of', 'ALPN of'])
        assert.ok(ok.includes(`${what} ${host}`), `${what} ${host}`);
    for (const tried of [
      `redirect from http://${entry.api}/`,
      `redirect from http://${entry.app}/`,
      `gRPC call to ${entry.api}:443`,
      `page at https://${entry.app}/`,
      `apiBaseUrl in https://${entry.app}/config.json`,
    ])
      assert.ok(ok.includes(tried), tried);
  });
}

/** A silent stream ends well on one entry, and is cut off by the other. */
export async function assertStreamNeeds(
  complete: PublicEntry,
  without: PublicEntry,
): Promise<void> {
  const [alive, dead] = await Promise.allSettled([complete.silentStream(), without.silentStream()]);
  assert.equal(alive, { status: 'fulfilled', value: [1, 2] });
  // Envoy resets it, where the client's own deadline would say DEADLINE_EXCEEDED.
  assert.is(dead.status === 'rejected' && statusName(dead.reason), 'INTERNAL');
}
