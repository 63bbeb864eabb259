/**
 * The rendered Ingresses in a real entry controller: through the Kubernetes API to Contour, whose Envoy is called from
 * outside. Variants of the same environment, each without one mark, show that every mark is needed.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusName } from '../support/grpc-client.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { type Backends, startBackends } from './backends.ts';
import { ARRIVAL, startContour } from './contour.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { certificatesFor } from './entry-certificates.ts';
import { inNamespace, type Manifest, manifestsOf, namespace, withAnnotation } from './manifests.ts';
import { PublicEntry } from './public-entry.ts';

/** What Contour wants to be told. */
const H2C = 'projectcontour.io/upstream-protocol.h2c';
const TIMEOUT = 'projectcontour.io/response-timeout';
const REDIRECT = 'ingress.kubernetes.io/force-ssl-redirect';

const PORTS = { api: 15566, app: 8081 };

const ingress = suite('Ingress in Contour');

const stand = standFor(ingress, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour']);
  const contour = await startContour(keep, kubeconfig);
  const { configJson } = await buildLiveOverlay(specOf('ml.example.com'));
  const backends = await startBackends(keep, PORTS, configJson);
  const listeners = { address: contour.address, https: 8443, http: 8080 };

  /** Applies the environment of a domain without one mark, and waits until it is served. */
  const serve = async (domain: string, without?: string) => {
    const manifests = await render(domain, backends);
    assert.ok(without === undefined || manifests.some((manifest) => hasMark(manifest, without)));
    const entries = manifests.filter(({ kind }) => kind === 'Ingress');
    const { secrets, trusted } = await certificatesFor(entries);
    await api.apply(namespace(domain.replaceAll('.', '-')));
    for (const manifest of [...secrets, ...manifests])
      await api.apply(without ? withAnnotation(manifest, without) : manifest);
    const entry = new PublicEntry(keep, domain, listeners, trusted);
    await entry.arrival(ARRIVAL);
    return { entry, manifests };
  };
  const [complete, withoutH2c, withoutTimeout, withoutRedirect] = await Promise.all([
    serve('ml.example.com'),
    serve('no-h2c.example.com', H2C),
    serve('no-timeout.example.com', TIMEOUT),
    serve('no-redirect.example.com', REDIRECT),
  ]);
  return { api, backends, complete, withoutH2c, withoutTimeout, withoutRedirect };
});

ingress('a native gRPC call arrives over TLS', async () => {
  const { complete, backends } = stand();
  assert.is(await complete.entry.ask('hello'), 'hello');
  assert.equal(backends.grpc.calls.at(-1)?.request, { text: 'hello' });
});

ingress('both hosts show their own certificate and speak HTTP/2', async () => {
  const { entry } = stand().complete;
  assert.is(await entry.negotiate(entry.api), 'h2');
  assert.is(await entry.negotiate(entry.app), 'h2');
});

ingress('the page and its config load over TLS', async () => {
  const { entry } = stand().complete;
  const page = await entry.page('/');
  assert.is(page.status, 200);
  assert.match(page.body, /<!doctype html>/);
  const config = await entry.page('/config.json');
  assert.is(JSON.parse(config.body).apiBaseUrl, `https://${entry.app}`);
});

ingress('http is redirected to https', () => stand().complete.entry.assertRedirects());

ingress(`without ${REDIRECT} nothing is redirected`, async () => {
  const { entry } = stand().withoutRedirect;
  assert.is((await entry.plain(entry.app, '/')).status, 200);
});

ingress(`without ${H2C} gRPC fails, and with it again it works`, async () => {
  const { api, withoutH2c } = stand();
  const { entry, manifests } = withoutH2c;
  const error = await entry.ask('hello').then(() => undefined, statusName);
  assert.is(error, 'UNAVAILABLE');
  for (const manifest of manifests.filter((manifest) => hasMark(manifest, H2C)))
    await api.apply(manifest);
  assert.is(await until('gRPC', () => entry.ask('hello'), ARRIVAL), 'hello');
});

ingress(`a silent stream lives on, and dies without ${TIMEOUT}`, async () => {
  const { complete, withoutTimeout } = stand();
  const [alive, dead] = await Promise.allSettled([
    complete.entry.silentStream(),
    withoutTimeout.entry.silentStream(),
  ]);
  assert.equal(alive, { status: 'fulfilled', value: [1, 2] });
  assert.is(dead.status === 'rejected' && statusName(dead.reason), 'UNAVAILABLE');
});

ingress.run();

function specOf(domain: string): object {
  return { domain, tls: { mode: 'secret' } };
}

/** The rendered Ingresses and the Services behind them, in a namespace of the domain's name. */
async function render(domain: string, backends: Backends): Promise<Manifest[]> {
  const { manifests } = await buildLiveOverlay(specOf(domain));
  const all = manifestsOf(manifests).map((manifest) =>
    inNamespace(withContourMarks(manifest), domain.replaceAll('.', '-')),
  );
  const entries = all.filter(({ kind }) => kind === 'Ingress');
  const services = all.filter(({ kind }) => kind === 'Service');
  return [
    ...entries,
    ...services.filter((service) => isBehind(service, entries)).map(backends.twin),
  ];
}

function isBehind({ metadata }: Manifest, entries: readonly Manifest[]): boolean {
  return JSON.stringify(entries).includes(`"service":{"name":"${metadata.name}"`);
}

function hasMark({ metadata }: Manifest, mark: string): boolean {
  return metadata.annotations?.[mark] !== undefined;
}

/** Stands in for `spec.entry.ingress.controller: contour`; to be deleted with it. */
function withContourMarks(manifest: Manifest): Manifest {
  if (manifest.kind === 'Service')
    return manifest.spec.ports.some(({ port }: { port: number }) => port === PORTS.api)
      ? withAnnotation(manifest, H2C, String(PORTS.api))
      : manifest;
  if (manifest.kind !== 'Ingress') return manifest;
  const marked = withAnnotation(withAnnotation(manifest, TIMEOUT, '3600s'), REDIRECT, 'true');
  return { ...marked, spec: { ...marked.spec, ingressClassName: 'contour' } };
}
