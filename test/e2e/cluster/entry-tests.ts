/** What every entry has to do, whichever way it is made. */
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GrpcBackend } from '../support/grpc-backend.ts';
import { statusName } from '../support/grpc-client.ts';
import type { PublicEntry } from './public-entry.ts';

/** Adds the tests of a complete entry to a suite. */
export function addEntryTests(
  suite: Test,
  stand: () => { complete: { entry: PublicEntry }; backends: { grpc: GrpcBackend } },
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
