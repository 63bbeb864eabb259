/** A base that is on the Gateway API already, and a config that says nothing of entries. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { routes } from '../../src/rules/routes.ts';
import { ABSENT, ROUTED } from './manifests.ts';
import { apply } from './support.ts';

const test = suite('routes');

const SECRET = 'tls: { mode: secret }\n';
const run = (spec: string, documents = ROUTED) => apply(routes, ABSENT + spec, ...documents);
const changed = (...pairs: [from: string, to: string][]) =>
  ROUTED.map((text) => pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text));
const codes = (spec: string, documents = ROUTED) =>
  run(spec, documents).problems.map(({ code }) => code);

const HOSTS = [
  'replace GRPCRoute grpc /spec/hostnames/0 "api.ml.example.com" <- spec.domain',
  'replace HTTPRoute to-https /spec/hostnames/0 "api.ml.example.com" <- spec.domain',
  'replace HTTPRoute to-https /spec/hostnames/1 "app.ml.example.com" <- spec.domain',
  'replace HTTPRoute web /spec/hostnames/0 "app.ml.example.com" <- spec.domain',
  'replace Gateway edge /spec/listeners/0/hostname "api.ml.example.com" <- spec.domain',
  'replace Gateway edge /spec/listeners/1/hostname "app.ml.example.com" <- spec.domain',
];

test('writes hosts into routes, redirects and listeners, and leaves Secrets', () => {
  assert.equal(run(SECRET).edits.sort(), [...HOSTS].sort());
});

test('leaves hosts of others in a route, with their listeners', () => {
  const documents = changed(
    ['[app.old]', '[app.old, blog]'],
    ['[api.old, app.old]', '[shop, api.old, app.old]'],
  );
  assert.equal(
    run(SECRET, documents).edits.sort(),
    HOSTS.map((edit) =>
      edit
        .replace('to-https /spec/hostnames/1', 'to-https /spec/hostnames/2')
        .replace('to-https /spec/hostnames/0', 'to-https /spec/hostnames/1'),
    ).sort(),
  );
});

test('tells two listeners of one placeholder apart by the routes that name them', () => {
  const documents = changed(['api.old', 'DOMAIN_NOT_SET'], ['app.old', 'DOMAIN_NOT_SET']);
  const listeners = run(SECRET, documents).edits.filter((edit) => edit.includes('/hostname"'));
  assert.equal(
    listeners,
    HOSTS.filter((edit) => edit.includes('/hostname"')),
  );
});

test('gives an alias a listener of its own, and names it in the route', () => {
  const { edits } = run(`${SECRET}hosts: { aliases: { api: [api.new.example.com] } }`);
  const field = '<- spec.hosts.aliases.api[0]';
  const parent = '{"name":"edge","sectionName":"api-api-new-example-com"}';
  assert.ok(edits.includes(`add GRPCRoute grpc /spec/parentRefs/1 ${parent} ${field}`));
  assert.ok(edits.includes(`add GRPCRoute grpc /spec/hostnames/1 "api.new.example.com" ${field}`));
  const main = '/spec/listeners/0/hostname "api.ml.example.com" <- spec.domain';
  assert.ok(edits.includes(`replace Gateway edge ${main}`));
  const listener = edits.find((edit) => edit.startsWith('add Gateway edge /spec/listeners/1 '));
  assert.match(`${listener}`, /"api-api-new-example-com","hostname":"api.new.example.com"/);
  assert.match(`${listener}`, /"a-api-new-example-com"/);
});

test('lets the annotation of a Gateway that asks for certificates follow the issuer', () => {
  const annotated = changed([
    'name: edge }\nspec',
    'name: edge, annotations: { cert-manager.io/issuer: old } }\nspec',
  ]);
  const of = (spec: string) =>
    run(spec, annotated).edits.filter((edit) => edit.includes('cert-manager'));
  assert.equal(of('tls: { mode: issuer, issuer: { name: ours } }'), [
    'add Gateway edge /metadata/annotations/cert-manager.io~1cluster-issuer "ours" <- spec.tls.issuer.name',
    'remove Gateway edge /metadata/annotations/cert-manager.io~1issuer <- spec.tls.mode',
  ]);
  assert.equal(of(SECRET), [
    'remove Gateway edge /metadata/annotations/cert-manager.io~1issuer <- spec.tls.mode',
  ]);
});

test('refuses a listener that does not take the new host', () => {
  assert.equal(codes(SECRET, changed(['hostname: api.old', 'hostname: "*.old"'])), [
    'target-shape',
  ]);
  assert.equal(codes(SECRET, changed(['hostname: api.old', 'hostname: "*.ml.example.com"'])), []);
});

test('refuses a Gateway that ends TLS where there is none', () => {
  assert.equal(codes('tls: { mode: none }'), ['entry-refused', 'entry-refused']);
});

test('refuses a route that opens TLS before Envoy', () => {
  const { problems } = run('tls: { mode: secret, terminateAt: envoy }');
  assert.equal(
    problems.map(({ code, resource }) => [code, resource?.name]),
    [['entry-refused', 'web']],
  );
});

test('keeps each certificate of a listener that has one for every kind of key', () => {
  const documents = changed(['[{ name: a }]', '[{ name: a }, { name: a-ecdsa }]']);
  assert.not(run(SECRET, documents).edits.some((edit) => edit.includes('certificateRefs')));
});

test('names the issuer that gives way, and does not change it for listeners of others', () => {
  const spec = 'tls: { mode: issuer, issuer: { name: ours } }\n';
  const asking: [string, string] = [
    'metadata: { name: edge }',
    'metadata: { name: edge, annotations: { cert-manager.io/issuer: theirs } }',
  ];
  const named = run(spec, changed(asking)).problems;
  assert.equal(
    named.map(({ code, found }) => [code, found]),
    [['value-replaced', '`theirs`']],
  );
  const shop =
    '{ name: shop, hostname: shop, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: s }] } }';
  const shared = changed(asking, ['    - { name: plain', `    - ${shop}\n    - { name: plain`]);
  const { edits, problems } = run(spec, shared);
  assert.equal(
    problems.map(({ code, found }) => [code, found]),
    [['entry-refused', 'an issuer of Secrets `s`']],
  );
  assert.not(edits.some((edit) => edit.includes('annotations')));
});

test('leaves everything to a Gateway of the config, but redirects on one that exists', () => {
  assert.equal(run(`${SECRET}entry: { gateway: { className: a } }`).edits, []);
  const { edits } = run(`${SECRET}entry: { gateway: { parentRefs: [{ name: edge }] } }`);
  assert.ok(edits.length > 0 && edits.every((edit) => edit.includes('to-https')));
});

test.run();
