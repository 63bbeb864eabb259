/** An Ingress that serves hosts of others as well. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entryMarks } from '../../src/rules/entry-marks.ts';
import { ingress } from '../../src/rules/ingress.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { apply, service } from './support.ts';

const test = suite('shared-ingress');

const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const rule = (host: string, name: string) =>
  `{ host: ${host}, http: { paths: [{ path: /, backend: { service: { name: ${name} } } }] } }`;
const entry = (annotations = '', tls = '') => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: edge, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  tls: [${tls}]
  rules: [${rule('old', 'michelangelo-apiserver')}, ${rule('shop', 'shop')}]
`;
const refused = (spec: string, document: string, of: Rule = entryMarks) =>
  apply(of, `absent: [app-entry]\n${spec}`, API, document)
    .problems.filter(({ severity }) => severity === 'error')
    .map((problem) => problem.found);

const GRPC = 'nginx.ingress.kubernetes.io/backend-protocol: GRPC';
const SHOP_TLS = '{ hosts: [shop], secretName: shop }';

test('keeps the protocol, the redirect and the class that they need', () => {
  const nginx = 'entry: { ingress: { controller: ingress-nginx } }';
  assert.equal(refused(nginx, entry('', SHOP_TLS)), [
    '`nginx.ingress.kubernetes.io/backend-protocol`; `shop`',
  ]);
  assert.equal(refused(nginx, entry(GRPC, SHOP_TLS)), []);
  assert.equal(refused(nginx, entry(GRPC)), []);
  const haproxy = 'entry: { ingress: { controller: haproxy, className: nginx } }';
  assert.equal(refused(haproxy, entry('', SHOP_TLS)), []);
  assert.equal(refused(haproxy, entry()), [
    '`haproxy.org/ssl-redirect`, `haproxy.org/ssl-redirect-port`; `shop`',
  ]);
  assert.equal(refused('entry: { ingress: { className: other } }', entry()), ['the class; `shop`']);
  const none = 'tls: { mode: none }';
  const redirecting = entry('nginx.ingress.kubernetes.io/ssl-redirect: "true"');
  assert.equal(refused(none, redirecting, ingress), [
    '`nginx.ingress.kubernetes.io/ssl-redirect`; `shop`',
  ]);
});

test('keeps Services of others in a list', () => {
  const { edits, problems } = apply(
    entryMarks,
    'absent: [app-entry]\nentry: { ingress: { controller: nginx-inc } }',
    API,
    entry('nginx.org/grpc-services: "shop, michelangelo-apiserver"', SHOP_TLS),
  );
  assert.equal(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.equal(
    edits.filter((edit) => edit.includes('grpc-services')),
    [],
  );
});

test.run();
