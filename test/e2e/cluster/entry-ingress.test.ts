/**
 * The rendered Ingresses in a real entry controller: through the Kubernetes API to Contour, whose Envoy is called from
 * outside. Variants of the same environment, each without one mark, show that every mark is needed.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusName } from '../support/grpc-client.ts';
import { standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { PORTS, startBackends } from './backends.ts';
import { ARRIVAL, startContour } from './contour.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { addEntryTests, assertStreamNeeds } from './entry-tests.ts';
import { type Manifest, withAnnotation } from './manifests.ts';
import { renderEntry, serveEntry } from './rendered-entry.ts';

/** What Contour wants to be told. */
const H2C = 'projectcontour.io/upstream-protocol.h2c';
const TIMEOUT = 'projectcontour.io/response-timeout';
const REDIRECT = 'ingress.kubernetes.io/force-ssl-redirect';

const ingress = suite('Ingress in Contour');

const stand = standFor(ingress, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour']);
  const { address } = await startContour(keep, kubeconfig);
  const first = await render('ml.example.com');
  const backends = await startBackends(keep, first.configJson);

  const serve = ({ domain, manifests }: typeof first, without?: string) => {
    if (without !== undefined) assert.ok(manifests.some((manifest) => hasMark(manifest, without)));
    const kept = without ? manifests.map((each) => withAnnotation(each, without)) : manifests;
    const listeners = { address, https: 8443, http: 8080 };
    return serveEntry(keep, api, backends, { domain, manifests: kept }, () => listeners);
  };
  const [complete, withoutH2c, withoutTimeout, withoutRedirect] = await Promise.all([
    serve(first),
    serve(await render('no-h2c.example.com'), H2C),
    serve(await render('no-timeout.example.com'), TIMEOUT),
    serve(await render('no-redirect.example.com'), REDIRECT),
  ]);
  return { backends, complete, withoutH2c, withoutTimeout, withoutRedirect };
});

addEntryTests(ingress, stand);

ingress(`without ${REDIRECT} nothing is redirected`, async () => {
  const { entry } = stand().withoutRedirect;
  assert.is((await entry.plain(entry.app, '/')).status, 200);
});

ingress(`without ${H2C} gRPC fails, and with it again it works`, async () => {
  const { entry, apply } = stand().withoutH2c;
  const error = await entry.ask('hello').then(() => undefined, statusName);
  assert.is(error, 'UNAVAILABLE');
  await apply((await render('no-h2c.example.com')).manifests);
  assert.is(await until('gRPC', () => entry.ask('hello'), ARRIVAL), 'hello');
});

ingress(`a silent stream lives on, and dies without ${TIMEOUT}`, async () => {
  const { complete, withoutTimeout } = stand();
  await assertStreamNeeds(complete.entry, withoutTimeout.entry);
});

ingress.run();

async function render(domain: string) {
  const rendered = await renderEntry(domain, { ingress: { controller: 'contour' } });
  return { ...rendered, manifests: rendered.manifests.map(withContourMarks) };
}

function hasMark({ metadata }: Manifest, mark: string): boolean {
  return metadata.annotations?.[mark] !== undefined;
}

/** Stands in for what `spec.entry.ingress.controller: contour` writes; to be deleted once it does. */
function withContourMarks(manifest: Manifest): Manifest {
  if (manifest.kind === 'Service')
    return manifest.spec.ports.some(({ port }: { port: number }) => port === PORTS.api)
      ? withAnnotation(manifest, H2C, String(PORTS.api))
      : manifest;
  const marked = withAnnotation(withAnnotation(manifest, TIMEOUT, '3600s'), REDIRECT, 'true');
  return { ...marked, spec: { ...marked.spec, ingressClassName: 'contour' } };
}
