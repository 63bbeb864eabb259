/** Policies that a base has beside ours: which of them open more than `networkPolicies.mode: restricted` does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { applyToStream } from '../support/function.ts';

const test = suite('policies of the base');

const read = (name: string) =>
  readFileSync(join(packageRoot, 'test/cases/network-policies', name), 'utf8');

/** Whether the function says that a policy for the API server's pods, or for others, opens more. */
function opensMore(spec: string, { namespace = 'ml', labels = '{ run: ma-api }' } = {}): boolean {
  const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: of-the-base, namespace: ${namespace} }
spec:
  podSelector: { matchLabels: ${labels} }
${spec.replace(/^/gm, '  ')}
`;
  const input = Buffer.from(`${read('input.yaml')}${policy}`);
  const { status, stderr } = applyToStream(Buffer.from(read('config.yaml')), input);
  assert.is(status, 0, stderr);
  return stderr.includes('[network-policy-adds]');
}

const ENVOY = 'podSelector: { matchLabels: { run: ma-envoy, tier: edge } }';
const ingress = (peer: string, port: string) =>
  `ingress: [{ from: [{ ${peer} }], ports: [{ ${port} }] }]`;
const egress = (peer: string, port: string) =>
  `egress: [{ to: [{ ${peer} }], ports: [{ ${port} }] }]`;
const nginx = (pods: string) =>
  `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }${pods}`;

const cases: readonly [name: string, spec: string, adds: boolean][] = [
  ['the same peer and port', ingress(ENVOY, 'port: 15566'), false],
  ['the protocol written out', ingress(ENVOY, 'protocol: TCP, port: 15566'), false],
  ['another protocol', ingress(ENVOY, 'protocol: UDP, port: 15566'), true],
  ['another port', ingress(ENVOY, 'port: 15567'), true],
  ['a range of ports', ingress(ENVOY, 'port: 15566, endPort: 15600'), true],
  ['every port', `ingress: [{ from: [{ ${ENVOY} }] }]`, true],
  ['every peer', 'ingress: [{ ports: [{ port: 15566 }] }]', true],
  ['nobody', 'ingress: []', false],
  [
    'fewer pods',
    ingress(
      'podSelector: { matchLabels: { run: ma-envoy, tier: edge, canary: "1" } }',
      'port: 15566',
    ),
    false,
  ],
  ['more pods', ingress('podSelector: { matchLabels: { run: ma-envoy } }', 'port: 15566'), true],
  [
    'the own namespace by its name',
    ingress(
      `${ENVOY}, namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ml } }`,
      'port: 15566',
    ),
    false,
  ],
  [
    'these pods in every namespace',
    ingress(`${ENVOY}, namespaceSelector: {}`, 'port: 15566'),
    true,
  ],
  [
    'the entry in its namespace',
    ingress(nginx(', podSelector: { matchLabels: { app: controller } }'), 'port: 15566'),
    false,
  ],
  ["all pods of the entry's namespace", ingress(nginx(''), 'port: 15566'), true],
  ['a smaller range', egress('ipBlock: { cidr: 192.0.2.1/32 }', 'port: 443'), false],
  ['a larger range', egress('ipBlock: { cidr: 192.0.2.0/24 }', 'port: 443'), true],
  ['an address instead of pods', ingress('ipBlock: { cidr: 10.0.0.1/32 }', 'port: 15566'), true],
];

for (const [name, spec, adds] of cases)
  test(`${name}: ${adds ? 'opens more' : 'opens nothing more'}`, () => {
    assert.is(opensMore(spec), adds);
  });

const WIDE = 'ingress: [{}]';

test('says nothing of other pods, and of other namespaces', () => {
  assert.is(opensMore(WIDE), true);
  assert.is(opensMore(WIDE, { labels: '{ run: somebody-else }' }), false);
  assert.is(opensMore(WIDE, { namespace: 'elsewhere' }), false);
});

test('compares expressions with those of the config', () => {
  const manager = { labels: '{ run: ma-manager }' };
  const sre = (values: string) =>
    ingress(
      `namespaceSelector: { matchExpressions: [{ key: team, operator: In, values: [${values}] }] }`,
      'port: 8091',
    );
  assert.is(opensMore(sre('sre'), manager), false);
  assert.is(opensMore(sre('sre, ml'), manager), true);
});

test.run();
