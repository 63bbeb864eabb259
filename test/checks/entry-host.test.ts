/** An entry with the wrong host is at fault, and not everything that calls the right one. */
import { test } from 'uvu';
import { changeIn, plantEach, type StreamName } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const INGRESSES: readonly StreamName[] = ['production', 'sound.yaml', 'sound-contour.yaml'];
const wrong = changeIn(INGRESSES, 'entry-host');
const fine = changeIn(['sound.yaml', 'sound-contour.yaml'], undefined);

const backendOf = ({ spec }: Manifest) => spec.rules[0].http.paths[0].backend;
const hostOf = ({ spec }: Manifest) => spec.rules[0].host;

function ingressTo(manifests: readonly Manifest[], word: string): Manifest {
  return manifests.find(
    (one) => one.kind === 'Ingress' && backendOf(one).service.name.includes(word),
  );
}

const entries = (manifests: readonly Manifest[]) => ({
  api: ingressTo(manifests, 'apiserver'),
  app: ingressTo(manifests, 'envoy'),
});

/** Gives an Ingress another host, in its rules and TLS blocks. */
function move({ spec }: Manifest, host: string): void {
  const { host: old } = spec.rules[0];
  spec.rules[0].host = host;
  for (const block of spec.tls ?? [])
    block.hosts = block.hosts.map((name: string) => (name === old ? host : name));
}

/** Adds a host to an Ingress. */
function add({ spec }: Manifest, host: string): void {
  spec.rules.push({ ...structuredClone(spec.rules[0]), host });
  spec.tls?.[0]?.hosts.push(host);
}

const routeTo = (manifests: readonly Manifest[], kind: string): Manifest =>
  manifests.find((one) => one.kind === kind && one.spec.hostnames);

await plantEach([
  wrong("the API's entry has the app's host", (manifests) => {
    const { api, app } = entries(manifests);
    move(api, hostOf(app));
  }),
  wrong("the app's entry has the API's host", (manifests) => {
    const { api, app } = entries(manifests);
    move(app, hostOf(api));
  }),
  wrong('the hosts are swapped', (manifests) => {
    const { api, app } = entries(manifests);
    const [one, other] = [hostOf(api), hostOf(app)];
    move(api, other);
    move(app, one);
  }),
  wrong('the backends are swapped', (manifests) => {
    const { api, app } = entries(manifests);
    const [one, other] = [backendOf(api), backendOf(app)];
    api.spec.rules[0].http.paths[0].backend = other;
    app.spec.rules[0].http.paths[0].backend = one;
    // How long streams may live follows the backend.
    for (const { metadata } of [api, app])
      metadata.annotations['nginx.ingress.kubernetes.io/proxy-send-timeout'] = '3600';
  }),
  wrong("the app's entry leads to the API", (manifests) => {
    const { api, app } = entries(manifests);
    app.spec.rules[0].http.paths[0].backend = structuredClone(backendOf(api));
  }),
  wrong("the API's entry takes the app's host as well", (manifests) => {
    const { api, app } = entries(manifests);
    add(api, hostOf(app));
  }),
  wrong("the app's entry takes the API's host as well", (manifests) => {
    const { api, app } = entries(manifests);
    add(app, hostOf(api));
  }),
  wrong('page and CORS agree, and the entry has a slip', (manifests) => {
    const { app } = entries(manifests);
    move(app, `x${hostOf(app)}`);
  }),
  fine('the app is served under a second host', (manifests) => {
    const { app } = entries(manifests);
    const host = hostOf(app);
    add(app, `www.${host}`);
    editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
      const text = JSON.stringify(root).replaceAll(
        `"exact":"https://${host}"`,
        `"exact":"https://${host}"},{"exact":"https://www.${host}"`,
      );
      Object.assign(root, JSON.parse(text));
    });
  }),
]);

await plantEach([
  changeIn(['sound.yaml'], 'worker-address')(
    'a worker and an entry disagree, and nothing tells who is right',
    (manifests) => move(entries(manifests).api, 'calls.ml.acme.io'),
  ),
  changeIn(['sound-gateway.yaml', 'onprem'], 'entry-host')(
    "a route to Envoy has the API's host",
    (manifests) => {
      const app = manifests.find(
        ({ kind, spec }) =>
          /Route$/.test(kind) &&
          JSON.stringify(spec.rules).includes('envoy') &&
          !spec.rules[0].filters,
      );
      const api = routeTo(manifests, 'GRPCRoute') ?? find(manifests, 'HTTPRoute', 'apiserver');
      app.spec.hostnames = [...api.spec.hostnames];
    },
  ),
]);

test.run();
