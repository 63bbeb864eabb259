import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ingress } from '../../src/rules/ingress.ts';
import { secretOf } from '../../src/rules/ingress-tls.ts';
import { apply, service } from './support.ts';

const test = suite('ingress');

const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const ABSENT = 'absent: [app-entry]\n';

const rule = (host: string, name = 'michelangelo-apiserver') =>
  `{ host: ${host}, http: { paths: [{ path: /, backend: { service: { name: ${name} } } }] } }`;
const entry = (rules: string, tls = '') => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: grpc }
spec:
  ${tls === '' ? '' : `tls: [${tls}]`}
  rules: [${rules}]
`;
const edits = (spec: string, document: string) =>
  apply(ingress, ABSENT + spec, API, document).edits;

test('writes host and Secret, each with the field that it follows from', () => {
  const spec = 'tls: { mode: secret, secrets: { api: wildcard } }';
  assert.equal(edits(spec, entry(rule('old'), '{ hosts: [old], secretName: mine }')), [
    'replace Ingress grpc /spec/rules/0/host "api.ml.example.com" <- spec.domain',
    'replace Ingress grpc /spec/tls/0/hosts/0 "api.ml.example.com" <- spec.domain',
    'replace Ingress grpc /spec/tls/0/secretName "wildcard" <- spec.tls.secrets.api',
  ]);
});

test('leaves rules and TLS blocks of other hosts alone', () => {
  const document = entry(
    `${rule('other', 'else')}, ${rule('old')}`,
    '{ hosts: [other], secretName: theirs }, { hosts: [old], secretName: michelangelo-apiserver-tls }',
  );
  assert.equal(edits('', document), [
    'replace Ingress grpc /spec/rules/1/host "api.ml.example.com" <- spec.domain',
    'replace Ingress grpc /spec/tls/1/hosts/0 "api.ml.example.com" <- spec.domain',
  ]);
});

test('takes TLS away where it ends elsewhere', () => {
  const spec = 'tls: { mode: external }';
  assert.ok(
    edits(spec, entry(rule('old'), '{ hosts: [old], secretName: x }')).includes(
      'remove Ingress grpc /spec/tls <- spec.tls.mode',
    ),
  );
});

test('says that an Ingress with a default backend alone has no rule', () => {
  const document = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: grpc }
spec: { defaultBackend: { service: { name: michelangelo-apiserver } } }
`;
  const { problems } = apply(ingress, ABSENT, API, document);
  assert.equal(
    problems.map(({ code, path }) => [code, path]),
    [['target-missing', 'spec.rules']],
  );
});

test('asks for the certificate by annotation, and takes stale requests away', () => {
  const annotated = (annotations: string) =>
    entry(rule('old')).replace('name: grpc }', `name: grpc, annotations: { ${annotations} } }`);
  const marks = (spec: string, annotations: string) =>
    edits(spec, annotated(annotations)).filter((edit) => edit.includes('/annotations/'));
  const stale = 'cert-manager.io/issuer: old, kubernetes.io/tls-acme: "true"';
  const gone = ['cert-manager.io~1issuer', 'kubernetes.io~1tls-acme'].map(
    (key) => `remove Ingress grpc /metadata/annotations/${key} <- spec.tls.mode`,
  );
  const issuer = 'tls: { mode: issuer, issuer: { name: ours } }';
  assert.equal(marks(issuer, stale), [
    'add Ingress grpc /metadata/annotations/cert-manager.io~1cluster-issuer "ours" <- spec.tls.issuer.name',
    ...gone,
  ]);
  for (const mode of ['secret', 'external', 'none'])
    assert.equal(marks(`tls: { mode: ${mode} }`, stale), gone);
  // One who makes the Secrets may let an issuer of another kind do it.
  const given = 'entry: { ingress: { annotations: { cert-manager.io/issuer: theirs } } }';
  assert.equal(marks(given, 'cert-manager.io/issuer: theirs'), []);
});

test('turns redirects off where there is no TLS and no controller is named', () => {
  const document = entry(rule('old')).replace(
    'name: grpc }',
    'name: grpc, annotations: { haproxy.org/ssl-redirect: "true", alb.ingress.kubernetes.io/ssl-redirect: "443" } }',
  );
  assert.equal(
    edits('tls: { mode: none }', document).filter((edit) => edit.includes('redirect')),
    [
      'replace Ingress grpc /metadata/annotations/haproxy.org~1ssl-redirect "false" <- spec.tls.mode',
      'remove Ingress grpc /metadata/annotations/alb.ingress.kubernetes.io~1ssl-redirect <- spec.tls.mode',
    ],
  );
});

test('goes away where a Gateway takes over, and stays while both are set', () => {
  const gateway = 'gateway: { className: contour }';
  const removed = (spec: string, document = entry(rule('old'))) =>
    apply(ingress, ABSENT + spec, API, document).removed;
  assert.equal(removed(`entry: { ${gateway} }`), ['Ingress grpc <- spec.entry.gateway']);
  assert.equal(removed(`entry: { ingress: { className: a }, ${gateway} }`), []);
  assert.equal(
    removed(`entry: { ${gateway} }`, entry(`${rule('old')}, ${rule('b', 'other')}`)),
    [],
  );
});

test('leaves other hosts of an Ingress and their certificates where a role leaves it', () => {
  const rules = [rule('old'), rule('partner'), rule('other', 'else')].join(', ');
  const tls = ['old', 'partner', 'other'].map(
    (host) => `{ hosts: [${host}], secretName: ${host} }`,
  );
  const document = entry(rules, `${tls.join(', ')}, { secretName: fallback }`);
  assert.equal(edits('entry: { gateway: { className: contour } }', document), [
    'remove Ingress grpc /spec/rules/0 <- spec.entry.gateway',
    'remove Ingress grpc /spec/tls/0 <- spec.domain',
  ]);
});

const blocksOf = (spec: string, rules: string, tls: string) =>
  edits(spec, entry(rules, tls)).filter((edit) => edit.includes('/spec/tls'));
const HOST = '"api.ml.example.com" <- spec.domain';

test('keeps the Secret of the base, and a block without one', () => {
  const moved = [`replace Ingress grpc /spec/tls/0/hosts/0 ${HOST}`];
  assert.equal(blocksOf('', rule('old'), '{ hosts: [old], secretName: corp }'), moved);
  assert.equal(blocksOf('', rule('old'), '{ hosts: [old] }'), moved);
  const issued = blocksOf(
    'tls: { mode: issuer, issuer: { name: x } }',
    rule('old'),
    '{ hosts: [old] }',
  );
  assert.equal(issued, [
    ...moved,
    'add Ingress grpc /spec/tls/0/secretName "michelangelo-apiserver-tls" <- spec.tls.mode',
  ]);
});

test('follows its host in a block that it shares, and takes only its own Secret out', () => {
  const rules = `${rule('old')}, ${rule('blog', 'blog')}`;
  const tls = '{ hosts: [old, blog], secretName: both }';
  assert.equal(blocksOf('', rules, tls), [`replace Ingress grpc /spec/tls/0/hosts/0 ${HOST}`]);
  assert.equal(blocksOf('tls: { mode: secret, secrets: { api: mine } }', rules, tls), [
    'add Ingress grpc /spec/tls/0 {"hosts":["api.ml.example.com"],"secretName":"mine"} <- spec.domain',
    'remove Ingress grpc /spec/tls/1/hosts/0 <- spec.domain',
  ]);
});

test('leaves a wildcard that another host needs, and one that covers the new host', () => {
  const wildcard = '{ hosts: ["*.old"], secretName: wild }';
  const rules = `${rule('api.old')}, ${rule('blog.old', 'blog')}`;
  assert.equal(blocksOf('', rules, wildcard), [
    'add Ingress grpc /spec/tls/1 {"hosts":["api.ml.example.com"],"secretName":"wild"} <- spec.domain',
  ]);
  assert.equal(blocksOf('', rule('api.old'), wildcard), [
    `replace Ingress grpc /spec/tls/0/hosts/0 ${HOST}`,
  ]);
  const above = '{ hosts: ["*.ml.example.com"], secretName: wild }';
  assert.equal(blocksOf('', rule('old.ml.example.com'), above), []);
});

test('never touches a block of a host that is not its own', () => {
  const vpn = '{ hosts: [vpn], secretName: vpn }';
  for (const mode of ['none', 'external'])
    assert.equal(blocksOf(`tls: { mode: ${mode} }`, rule('api.ml.example.com'), vpn), []);
});

test('takes the old host as the pattern where it is an alias now', () => {
  const spec = 'hosts: { aliases: { api: [old.example.com] } }';
  const [rules] = edits(spec, entry(`${rule('old.example.com')}, ${rule('partner')}`));
  assert.match(`${rules}`, /^add Ingress grpc \/spec\/rules\/0 \{"host":"api.ml.example.com"/);
});

test('a block without hosts has the Secret of the main host, where all rules are ours, and of no alias', () => {
  const blocks = (spec: string, rules: string) =>
    edits(spec, entry(rules, '{ secretName: shared }')).filter((edit) => edit.includes('/tls'));
  const beside = `${rule('old')}, ${rule('other.example.com', 'other')}`;
  const block = (index: number, host: string, secretName: string) =>
    `add Ingress grpc /spec/tls/${index} ${JSON.stringify({ hosts: [host], secretName })} <- `;
  const ours = 'add Ingress grpc /spec/tls/0/hosts ["api.ml.example.com"] <- spec.domain';
  assert.equal(blocks('', rule('old')), [ours]);
  assert.equal(blocks('', beside), [
    `${block(1, 'api.ml.example.com', 'michelangelo-apiserver-tls')}spec.domain`,
  ]);
  assert.equal(blocks('hosts: { aliases: { api: [two.example.com] } }', rule('old')), [
    ours,
    `${block(1, 'two.example.com', 'shared-two-example-com')}spec.hosts.aliases.api[0]`,
  ]);
});

test('a block with an empty name has no Secret of its own', () => {
  assert.is(secretOf({ secretName: 'api-tls' }), 'api-tls');
  assert.is(secretOf({ secretName: '' }), undefined);
});

test.run();
