/** Routes of the base that a Gateway of the config takes the place of. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gateway } from '../../src/rules/gateway.ts';
import { ABSENT, ROUTED } from './manifests.ts';
import { apply } from './support.ts';

const test = suite('route-losses');

const found = (documents: readonly string[], drop = '') =>
  apply(gateway, `${ABSENT}entry: { gateway: { className: eg, drop: [${drop}] } }`, ...documents)
    .problems.filter(({ code }) => code === 'entry-loses')
    .map(({ resource, found: lost }) => [resource?.name, lost]);
const changed = (from: string, to: string) => ROUTED.map((text) => text.replace(from, to));

test('is silent about routes that say no more than the one that is made', () => {
  assert.equal(found(ROUTED), []);
});

test('names filters, hosts and paths of others', () => {
  const filtered = changed(
    'backendRefs: [{ name: michelangelo-envoy }]',
    'backendRefs: [{ name: michelangelo-envoy }], filters: [{ type: URLRewrite }], sessionPersistence: {}',
  );
  assert.equal(found(filtered), [['web', '`URLRewrite`, `sessionPersistence`']]);
  assert.equal(found(filtered, 'URLRewrite, sessionPersistence'), []);
  assert.equal(found(changed('[app.old]', '[app.old, blog]')), [['web', '`blog`']]);
  const more =
    'backendRefs: [{ name: michelangelo-envoy }] }, { matches: [{ path: { value: /docs } }], backendRefs: [{ name: docs }]';
  assert.equal(found(changed('backendRefs: [{ name: michelangelo-envoy }]', more)), [
    ['web', '`/docs`'],
  ]);
});

test('names a route of others whose host leaves its Gateway', () => {
  const page = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: page }
spec:
  parentRefs: [{ name: edge, sectionName: app }]
  hostnames: [app.old]
  rules: [{ backendRefs: [{ name: page }] }]
`;
  assert.equal(found([...ROUTED, page]), [['page', undefined]]);
  assert.equal(found([...ROUTED, page], 'page'), []);
});

test.run();
