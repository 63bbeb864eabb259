/** What is wrong with the page's own entry, where the config names no host for the page. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { page } from '../../src/rules/page.ts';
import { API, API_INGRESS, APP_INGRESS, ENVOY, ingress } from './manifests.ts';
import { apply, service } from './support.ts';

const test = suite('page');

const UI = service('michelangelo-ui', '[{ port: 80 }]');
const found = (host: string, spec = '') =>
  apply(
    page,
    `absent: [worker, controller-manager]\n${spec}`,
    API,
    ...ENVOY,
    API_INGRESS,
    APP_INGRESS,
    UI,
    ingress('ui', host, 'michelangelo-ui'),
  ).problems.map((problem) => problem.found);

test('a host of its own in the base has to be named, one that nobody knows has not', () => {
  assert.equal(found('page.old'), ['page.old for the page, app.old for the calls']);
  assert.equal(found('""'), []);
  assert.equal(found('app.old'), []);
  assert.equal(found('page.old', 'hosts: { ui: page.example.com }'), []);
});

test.run();
