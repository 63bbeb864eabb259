/**
 * The rendered Ingresses in a real entry controller: through the Kubernetes API to Contour, whose Envoy is called from
 * outside. Variants of the same environment, each without one mark, show that every mark is needed.
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
import { withAnnotation } from './manifests.ts';
import { type RenderedEntry, renderEntry, serveEntry } from './rendered-entry.ts';

/** What Contour wants to be told. */
const H2C = 'projectcontour.io/upstream-protocol.h2c';
const TIMEOUT = 'projectcontour.io/response-timeout';
const REDIRECT = 'ingress.kubernetes.io/force-ssl-redirect';

const ingress = suite('Ingress in Contour');

const stand = standFor(ingress, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour']);
  const first = await render('ml.example.com');
  const noH2c = without(H2C, await render('no-h2c.example.com'));
  const noTimeout = without(TIMEOUT, await render('no-timeout.example.com'));
  const noRedirect = without(REDIRECT, await render('no-redirect.example.com'));

  const { address } = await startContour(keep, kubeconfig);
  const backends = await startBackends(keep, first.configJson);
  const listeners = { address, https: 8443, http: 8080 };
  const serve = (rendered: RenderedEntry) =>
    serveEntry(keep, api, backends, rendered, () => listeners);
  const [complete, withoutH2c, withoutTimeout, withoutRedirect] = await Promise.all([
    serve(first),
    serve(noH2c),
    serve(noTimeout),
    serve(noRedirect),
  ]);
  return { backends, complete, withoutH2c, withoutTimeout, withoutRedirect };
});

addEntryTests(ingress, stand);

ingress(`without ${REDIRECT} nothing is redirected`, async () => {
  const { entry } = stand().withoutRedirect;
  assert.is((await entry.plain(entry.app, '/')).status, 200);
  const { failed } = await stand().withoutRedirect.verify();
  const redirects = [entry.api, entry.app].map((host) => `redirect from http://${host}/`);
  assert.equal(
    failed.filter((tried) => /redirect from|certificate|gRPC call/.test(tried)),
    redirects,
  );
});

ingress(`without ${H2C} gRPC fails, and with it again it works`, async () => {
  const { entry, apply, verify } = stand().withoutH2c;
  const error = await entry.ask('hello').then(() => undefined, statusName);
  assert.is(error, 'UNAVAILABLE');
  const { failed, ok } = await verify();
  assert.ok(failed.includes(`gRPC call to ${entry.api}:443`));
  assert.ok(ok.includes(`ALPN of ${entry.api}`));
  await apply((await render('no-h2c.example.com')).manifests);
  assert.is(await until('gRPC', () => entry.ask('hello'), ARRIVAL), 'hello');
});

ingress(`a silent stream lives on, and dies without ${TIMEOUT}`, async () => {
  const { complete, withoutTimeout } = stand();
  await assertStreamNeeds(complete.entry, withoutTimeout.entry);
});

ingress.run();

function render(domain: string): Promise<RenderedEntry> {
  return renderEntry(domain, { ingress: { controller: 'contour' } });
}

/** The same entry without a mark, which it has to have. */
function without(mark: string, rendered: RenderedEntry): RenderedEntry {
  const marked = rendered.manifests.filter(({ metadata }) => metadata.annotations?.[mark]);
  assert.ok(marked.length > 0, `${mark} is rendered`);
  return { ...rendered, manifests: rendered.manifests.map((each) => withAnnotation(each, mark)) };
}
