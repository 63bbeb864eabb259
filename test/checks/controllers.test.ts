/** Our base behind each Ingress controller: nothing breaks, and what is taken away of its own settings is found. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load.ts';
import { CONTROLLERS, type ControllerName } from '../../src/controllers/index.ts';
import { applyToStream } from '../support/function.ts';
import { buildWith, bundled } from '../support/kustomize.ts';
import {
  find,
  findingsIn,
  type Manifest,
  manifestsIn,
  newIn,
  planted,
  type Stream,
} from './support.ts';

const test = suite('controllers');

/** Controllers whose Ingress cannot carry gRPC as our API server speaks it, and the Gateway that the refusal proposes for it. */
const GATEWAYS: Partial<Record<ControllerName, string>> = {
  gke: 'gke-l7-global-external-managed',
  cilium: 'cilium',
};
/** Controllers that have no time to set on an entry: it is a limit, which says what to set instead. */
const WITHOUT_TIMEOUTS: readonly ControllerName[] = ['traefik', 'istio'];

let base: Promise<Buffer> | undefined;
const streams = new Map<string, Stream>();

/** What the function makes of our base for a controller, and says. */
async function applied(controller: ControllerName, gateway?: string) {
  base ??= buildWith(bundled, 'base').then(({ stdout }) => Buffer.from(stdout));
  const mode = CONTROLLERS[controller].tls.entry ? 'secret' : 'external';
  const api = gateway === undefined ? '' : `, api: { gateway: { className: ${gateway} } }`;
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec:
  domain: ml.example.com
  tls: { mode: ${mode} }
  entry: { ingress: { controller: ${controller} }${api} }
`;
  return { config, ...applyToStream(Buffer.from(config), await base) };
}

async function behind(controller: ControllerName): Promise<Stream> {
  const known = streams.get(controller);
  if (known) return known;
  const { config, stdout, stderr, status } = await applied(controller, GATEWAYS[controller]);
  assert.is(status, 0, stderr);
  const { settings } = loadConfig(config);
  const stream = { name: controller, manifests: manifestsIn(stdout), settings };
  streams.set(controller, stream);
  return stream;
}

const apiIngress = (manifests: Manifest[]) => find(manifests, 'Ingress', 'apiserver');
const apiService = (manifests: Manifest[]) => find(manifests, 'Service', 'apiserver');

/** The codes of errors beyond those of the sound stream. */
async function foundAfter(controller: ControllerName, plant: (manifests: Manifest[]) => void) {
  const stream = await behind(controller);
  const found = newIn(findingsIn(stream), findingsIn(planted(stream, plant)));
  return found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

function without(holder: Manifest, keys: object = {}): void {
  for (const key of Object.keys(keys)) delete holder.metadata.annotations[key];
}

for (const controller of Object.keys(CONTROLLERS) as ControllerName[]) {
  const { grpc, timeouts } = CONTROLLERS[controller];

  test(`${controller}: what the function makes has no error`, async () => {
    const found = findingsIn(await behind(controller));
    const errors = found.filter(({ severity }) => severity === 'error');
    assert.equal(
      errors.map(({ code, message }) => `${code} ${message}`),
      [],
    );
  });

  if (GATEWAYS[controller] !== undefined) {
    test(`${controller}: the API on its Ingress is refused`, async () => {
      const { status, stderr } = await applied(controller);
      assert.is(status, 1);
      assert.match(stderr, `className: ${GATEWAYS[controller]}`);
    });
    continue;
  }

  test(`${controller}: an entry that is not told of gRPC is found`, async () => {
    const codes = await foundAfter(controller, (manifests) => {
      without(apiIngress(manifests), grpc?.ingress);
      without(apiService(manifests), grpc?.service);
      for (const port of apiService(manifests).spec.ports) {
        delete port.appProtocol;
        port.name = `port-${port.port}`;
      }
    });
    assert.ok(codes.includes('grpc-over-http1'), codes.join());
  });

  test(`${controller}: ${WITHOUT_TIMEOUTS.includes(controller) ? 'has no' : 'missing'} timeouts`, async () => {
    const codes = await foundAfter(controller, (manifests) => {
      without(apiIngress(manifests), timeouts?.ingress);
      without(apiService(manifests), timeouts?.service);
    });
    assert.equal(codes, WITHOUT_TIMEOUTS.includes(controller) ? [] : ['entry-timeouts']);
  });

  test(`${controller}: an entry on another host is found`, async () => {
    const codes = await foundAfter(controller, (manifests) => {
      for (const rule of apiIngress(manifests).spec.rules) rule.host = 'api.elsewhere.example';
    });
    // What calls the API has the right host: it is not told to follow.
    assert.equal(codes, ['entry-host']);
  });
}

test.run();
