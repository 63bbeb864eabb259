import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ingress } from '../../src/rules/ingress.ts';
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

test.run();
