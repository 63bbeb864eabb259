import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gateway } from '../../src/rules/gateway.ts';
import { getIn, type JsonObject } from '../../src/yaml/json.ts';
import { ABSENT, BASE, ROUTED } from './manifests.ts';
import { apply } from './support.ts';

const test = suite('gateway');

const PARENT = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };

const SECRET = 'tls: { mode: secret }\n';
const OWN = 'entry: { gateway: { className: contour } }\n';
const OTHERS = 'entry: { gateway: { parentRefs: [{ name: edge, namespace: infra }] } }\n';

const run = (spec: string, documents = BASE) => apply(gateway, ABSENT + spec, ...documents);
const added = (spec: string, name: string, documents = BASE) =>
  run(spec, documents).added.find((addition) => addition.name === name)?.json;
const names = (spec: string, documents = BASE) =>
  run(spec, documents).added.map(({ name }) => name);
const listeners = (spec: string) =>
  (
    getIn(added(spec, 'Gateway michelangelo-envoy-entry'), ['spec', 'listeners']) as JsonObject[]
  ).map(({ name, port, protocol }) => [name, port, protocol].join(' '));

test('makes one Gateway and a route for each role', () => {
  assert.equal(names(SECRET + OWN), [
    'Gateway michelangelo-envoy-entry',
    'HTTPRoute michelangelo-apiserver',
    'HTTPRoute michelangelo-envoy',
    'HTTPRoute michelangelo-apiserver-redirect',
    'HTTPRoute michelangelo-envoy-redirect',
  ]);
});

test('gives each host a listener with its own certificate, and one for plain HTTP', () => {
  const made = added(SECRET + OWN, 'Gateway michelangelo-envoy-entry');
  assert.equal(getIn(made, ['spec', 'listeners', 0]), {
    name: 'https-api-ml-example-com',
    hostname: 'api.ml.example.com',
    allowedRoutes: { namespaces: { from: 'Same' } },
    port: 443,
    protocol: 'HTTPS',
    tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'api-tls' }] },
  });
  assert.equal(listeners(`port: 8443\n${SECRET}${OWN}`), [
    'https-api-ml-example-com 8443 HTTPS',
    'http-api-ml-example-com 80 HTTP',
    'https-app-ml-example-com 8443 HTTPS',
    'http-app-ml-example-com 80 HTTP',
  ]);
});

test("listens without TLS where there is none, and on port 80 behind somebody else's", () => {
  assert.equal(listeners(`port: 8080\ntls: { mode: none }\n${OWN}`), [
    'http-api-ml-example-com 8080 HTTP',
    'http-app-ml-example-com 8080 HTTP',
  ]);
  assert.equal(listeners(`tls: { mode: external }\n${OWN}`), [
    'http-api-ml-example-com 80 HTTP',
    'http-app-ml-example-com 80 HTTP',
  ]);
  assert.equal(names(`tls: { mode: none }\n${OWN}`).length, 3);
});

test('leaves the certificate to a map where one is named', () => {
  const annotations = 'annotations: { networking.gke.io/certmap: ours }';
  const spec = `tls: { mode: external }\nentry: { gateway: { className: gke, ${annotations} } }`;
  const [first] = getIn(added(spec, 'Gateway michelangelo-envoy-entry'), [
    'spec',
    'listeners',
  ]) as JsonObject[];
  assert.is(first?.['protocol'], 'HTTPS');
  assert.is(first?.['tls'], undefined);
});

test('sends requests of an alias through listeners of its own', () => {
  const spec = `${SECRET}${OWN}hosts: { aliases: { api: [api.new.example.com] } }`;
  assert.equal(getIn(added(spec, 'HTTPRoute michelangelo-apiserver'), ['spec', 'parentRefs']), [
    { ...PARENT, name: 'michelangelo-envoy-entry', sectionName: 'https-api-ml-example-com' },
    { ...PARENT, name: 'michelangelo-envoy-entry', sectionName: 'https-api-new-example-com' },
  ]);
});

test('tells listeners of hosts apart that differ in a hyphen and a dot alone', () => {
  const aliases = 'hosts: { aliases: { app: [a-b.example.com, a.b.example.com] } }';
  const made = listeners(`tls: { mode: none }\n${aliases}\n${OWN}`);
  assert.is(new Set(made).size, 4);
  assert.ok(made.includes('http-app-ml-example-com 80 HTTP'));
});

test('redirects to the public port', () => {
  const filters = ['spec', 'rules', 0, 'filters', 0, 'requestRedirect'];
  const redirect = (spec: string) =>
    getIn(added(spec + OWN, 'HTTPRoute michelangelo-envoy-redirect'), filters);
  assert.equal(redirect(SECRET), { scheme: 'https', statusCode: 301 });
  assert.equal(redirect(`port: 8443\n${SECRET}`), { scheme: 'https', port: 8443, statusCode: 301 });
});

test('passes TLS through to Envoy', () => {
  const spec = `tls: { mode: secret, terminateAt: envoy }\n${OWN}`;
  assert.ok(names(spec).includes('TLSRoute michelangelo-envoy'));
  assert.not.ok(names(spec).includes('HTTPRoute michelangelo-envoy'));
  assert.ok(listeners(spec).includes('tls-app-ml-example-com 443 TLS'));
});

test('takes a route of the base that has the name for its own, among others', () => {
  const documents = ROUTED.map((text) =>
    text.replace('{ name: web }', '{ name: michelangelo-envoy }'),
  );
  const own = run(SECRET + OWN, documents).added.filter(({ isOwn }) => isOwn);
  assert.equal(
    own.map(({ name }) => name),
    ['HTTPRoute michelangelo-envoy'],
  );
});

test('says which protocol the API speaks', () => {
  assert.equal(run(SECRET + OWN).edits, [
    'add Service michelangelo-apiserver /spec/ports/0/appProtocol "kubernetes.io/h2c" <- spec.entry.gateway',
  ]);
});

test('makes two Gateways where the entries differ', () => {
  const spec = `${SECRET}entry: { api: { gateway: { className: a } }, app: { gateway: { className: b } } }`;
  assert.equal(names(spec).slice(0, 2), [
    'Gateway michelangelo-apiserver-entry',
    'Gateway michelangelo-envoy-entry',
  ]);
});

test('attaches to a Gateway that exists, and says what its owner has to do', () => {
  const { problems } = run(SECRET + OTHERS);
  assert.equal(names(SECRET + OTHERS), [
    'HTTPRoute michelangelo-apiserver',
    'HTTPRoute michelangelo-envoy',
  ]);
  assert.equal(
    problems.map(({ severity, path, expected }) => [severity, path, expected]),
    [
      [
        'warning',
        'spec.entry.gateway.parentRefs',
        '`tls.certificateRefs` with `api-tls`, `app-tls`',
      ],
    ],
  );
  assert.equal(run(`tls: { mode: external }\n${OTHERS}`).problems, []);
  const passing = run(`tls: { mode: secret, terminateAt: envoy }\n${OTHERS}`).problems;
  assert.equal(passing.length, 2);
});

test("takes the place of the base's own routes and Gateways", () => {
  assert.equal(run(SECRET + OWN, ROUTED).removed.sort(), [
    'GRPCRoute grpc <- spec.entry.gateway',
    'Gateway edge <- spec.entry.gateway',
    'HTTPRoute to-https <- spec.entry.gateway',
    'HTTPRoute web <- spec.entry.gateway',
  ]);
});

test('removes a route of the same name but of another kind', () => {
  const documents = ROUTED.map((text) =>
    text.replace('name: grpc }', 'name: michelangelo-apiserver }'),
  );
  assert.ok(
    run(SECRET + OWN, documents).removed.includes(
      'GRPCRoute michelangelo-apiserver <- spec.entry.gateway',
    ),
  );
});

test("leaves the base's Gateway to others that use it", () => {
  const shop = '    - { name: shop, hostname: shop.example.com, protocol: HTTP, port: 80 }\n';
  const documents = ROUTED.map((text) =>
    text.replace('spec:\n  listeners:\n', `spec:\n  listeners:\n${shop}`),
  );
  const { removed, edits } = run(SECRET + OWN, documents);
  assert.not.ok(removed.some((line) => line.startsWith('Gateway')));
  assert.equal(
    edits.filter((line) => line.includes('Gateway edge /spec/listeners')),
    [1, 1].map((index) => `remove Gateway edge /spec/listeners/${index} <- spec.entry.gateway`),
  );
});

test('leaves a redirect to the role that stays', () => {
  const spec = `${SECRET}entry: { api: { gateway: { className: a } } }`;
  assert.equal(run(spec, ROUTED).removed, ['GRPCRoute grpc <- spec.entry.gateway']);
});

test('refuses a Gateway of this build that does not take the hosts', () => {
  const spec = `${SECRET}entry: { gateway: { parentRefs: [{ name: edge, sectionName: api }] } }`;
  const errors = run(spec, ROUTED).problems.filter(({ severity }) => severity === 'error');
  assert.equal(
    errors.map(({ code, path }) => `${code} ${path}`),
    ['target-shape spec.listeners', 'target-shape spec.listeners'],
  );
});

test.run();
