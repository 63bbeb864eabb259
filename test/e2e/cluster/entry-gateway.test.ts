/**
 * A Gateway and its routes in a real entry controller: through the Kubernetes API to Contour, whose Envoy is called
 * from outside. Variants of the same environment, each without one setting, show that it is needed.
 */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusName } from '../support/grpc-client.ts';
import { standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { startBackends } from './backends.ts';
import { ARRIVAL, startContour } from './contour.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { certificatesFor } from './entry-certificates.ts';
import { type Manifest, manifestsOf, namespace } from './manifests.ts';
import { PublicEntry } from './public-entry.ts';

const gateway = suite('Gateway in Contour');

const stand = standFor(gateway, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour', 'gateway-api']);
  const backends = await startBackends(keep, { api: 15566, app: 8081 }, '{}');

  /** Applies the environment of a domain after a change, and waits until a Contour of its own serves it. */
  const serve = async (domain: string, change = (manifest: Manifest) => manifest) => {
    const original = manifestsFor(domain);
    const manifests = original.map((manifest) => change(structuredClone(manifest)));
    const [entry] = manifests.filter(({ kind }) => kind === 'Gateway');
    assert.ok(entry?.metadata.namespace, 'has a Gateway in a namespace');
    await api.apply(namespace(entry.metadata.namespace));
    const { secrets, trusted } = await certificatesFor([entry]);
    for (const manifest of [...secrets, ...manifests].map(backends.twin)) await api.apply(manifest);

    const { name, namespace: place } = entry.metadata;
    const { address } = await startContour(keep, kubeconfig, { name, namespace: place });
    const listeners = { address, https: portOf(entry, 'HTTPS'), http: portOf(entry, 'HTTP') };
    const served = new PublicEntry(keep, domain, listeners, trusted);
    await served.arrival(ARRIVAL);
    return { entry: served, original: original.map(backends.twin) };
  };
  const [complete, withoutProtocol, withoutTimeout] = await Promise.all([
    serve('ml.example.com'),
    serve('no-protocol.example.com', withoutAppProtocol),
    serve('no-timeout.example.com', withoutTimeouts),
  ]);
  return { api, backends, complete, withoutProtocol, withoutTimeout };
});

gateway('a native gRPC call arrives over TLS', async () => {
  const { complete, backends } = stand();
  assert.is(await complete.entry.ask('hello'), 'hello');
  assert.equal(backends.grpc.calls.at(-1)?.request, { text: 'hello' });
});

gateway('both hosts show their own certificate and speak HTTP/2', async () => {
  const { entry } = stand().complete;
  assert.is(await entry.negotiate(entry.api), 'h2');
  assert.is(await entry.negotiate(entry.app), 'h2');
});

gateway('the page loads over TLS', async () => {
  const { status, body } = await stand().complete.entry.page('/');
  assert.is(status, 200);
  assert.match(body, /<!doctype html>/);
});

gateway('http is redirected to https', () => stand().complete.entry.assertRedirects());

gateway('without appProtocol gRPC fails, and with it again it works', async () => {
  const { api, withoutProtocol } = stand();
  const { entry, original } = withoutProtocol;
  const error = await entry.ask('hello').then(() => undefined, statusName);
  assert.is(error, 'UNAVAILABLE');
  for (const manifest of original) await api.apply(manifest);
  assert.is(await until('gRPC', () => entry.ask('hello'), ARRIVAL), 'hello');
});

gateway('a silent stream lives on, and dies without timeouts', async () => {
  const { complete, withoutTimeout } = stand();
  const [alive, dead] = await Promise.allSettled([
    complete.entry.silentStream(),
    withoutTimeout.entry.silentStream(),
  ]);
  assert.equal(alive, { status: 'fulfilled', value: [1, 2] });
  assert.is(dead.status === 'rejected' && statusName(dead.reason), 'UNAVAILABLE');
});

gateway.run();

/** The entry of a domain, in a namespace of its name. */
function manifestsFor(domain: string): Manifest[] {
  const text = readFileSync(new URL('gateway.yaml', import.meta.url), 'utf8');
  return manifestsOf(
    text.replaceAll('NAMESPACE', domain.replaceAll('.', '-')).replaceAll('ml.example.com', domain),
  );
}

function withoutAppProtocol(manifest: Manifest): Manifest {
  if (manifest.kind === 'Service') for (const port of manifest.spec.ports) delete port.appProtocol;
  return manifest;
}

function withoutTimeouts(manifest: Manifest): Manifest {
  if (manifest.kind === 'HTTPRoute') for (const rule of manifest.spec.rules) delete rule.timeouts;
  return manifest;
}

/** Where Envoy listens: Contour adds 8000 to the listener's port. */
function portOf({ spec }: Manifest, protocol: 'HTTP' | 'HTTPS'): number {
  type Listener = { protocol: string; port: number };
  const listener = spec.listeners.find((candidate: Listener) => candidate.protocol === protocol);
  return 8000 + listener.port;
}
