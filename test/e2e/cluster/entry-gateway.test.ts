/**
 * The rendered Gateway and routes in a real entry controller: through the Kubernetes API to Contour, whose Envoy is
 * called from outside. Variants of the same environment, each without one setting, show that it is needed.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusName } from '../support/grpc-client.ts';
import { standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { startBackends } from './backends.ts';
import { ARRIVAL, startContour } from './contour.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { addEntryTests, assertStreamNeeds } from './entry-tests.ts';
import type { Manifest } from './manifests.ts';
import { type RenderedEntry, renderEntry, serveEntry } from './rendered-entry.ts';

const gateway = suite('Gateway in Contour');

const stand = standFor(gateway, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour', 'gateway-api']);
  const first = await render('ml.example.com');
  const noProtocol = changed(await render('no-protocol.example.com'), withoutAppProtocol);
  const noTimeout = changed(await render('no-timeout.example.com'), withoutTimeouts);
  const backends = await startBackends(keep, first.configJson);

  /** Each has a Contour of its own, which serves a single Gateway. */
  const serve = (rendered: RenderedEntry) =>
    serveEntry(keep, api, backends, rendered, async () => {
      const { metadata, spec } = gatewayOf(rendered.manifests);
      const { address } = await startContour(keep, kubeconfig, metadata);
      return { address, https: portOf(spec, 'HTTPS'), http: portOf(spec, 'HTTP') };
    });
  const [complete, withoutProtocol, withoutTimeout] = await Promise.all([
    serve(first),
    serve(noProtocol),
    serve(noTimeout),
  ]);
  return { backends, complete, withoutProtocol, withoutTimeout };
});

addEntryTests(gateway, stand);

gateway('without appProtocol gRPC fails, and with it again it works', async () => {
  const { entry, apply } = stand().withoutProtocol;
  const error = await entry.ask('hello').then(() => undefined, statusName);
  assert.is(error, 'UNAVAILABLE');
  await apply((await render('no-protocol.example.com')).manifests);
  assert.is(await until('gRPC', () => entry.ask('hello'), ARRIVAL), 'hello');
});

gateway('a silent stream lives on, and dies without timeouts', async () => {
  const { complete, withoutTimeout } = stand();
  await assertStreamNeeds(complete.entry, withoutTimeout.entry);
});

gateway.run();

function render(domain: string): Promise<RenderedEntry> {
  return renderEntry(domain, { gateway: { className: 'contour' } });
}

function gatewayOf(manifests: readonly Manifest[]): Manifest {
  const [found, ...more] = manifests.filter(({ kind }) => kind === 'Gateway');
  assert.ok(found && more.length === 0, 'has one Gateway');
  return found as Manifest;
}

/** The same entry after a change, which has to change something. */
function changed(rendered: RenderedEntry, change: (manifest: Manifest) => void): RenderedEntry {
  const manifests = structuredClone(rendered.manifests);
  for (const manifest of manifests) change(manifest);
  assert.not.equal(manifests, rendered.manifests);
  return { ...rendered, manifests };
}

function withoutAppProtocol({ kind, spec }: Manifest): void {
  if (kind === 'Service') for (const port of spec.ports) delete port.appProtocol;
}

function withoutTimeouts({ kind, spec }: Manifest): void {
  if (kind === 'HTTPRoute') for (const rule of spec.rules) delete rule.timeouts;
}

/** Where Envoy listens: Contour adds 8000 to the listener's port. */
function portOf({ listeners }: Manifest['spec'], protocol: 'HTTP' | 'HTTPS'): number {
  type Listener = { protocol: string; port: number };
  return 8000 + listeners.find((listener: Listener) => listener.protocol === protocol).port;
}
