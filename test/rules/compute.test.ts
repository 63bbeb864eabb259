/** What is made for compute clusters, beside what the golden cases show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { taskPodsPolicy } from '../../src/rules/task-pods-policy.ts';
import { getIn, list } from '../../src/yaml/json.ts';
import { applyToStream } from '../support/function.ts';
import { apply } from './support.ts';

const test = suite('compute clusters');

const CLUSTERS = `computeClusters:
  - name: gpu
    server: https://k8s.gpu.example.com
    cidrs: [203.0.113.10]
    taskPods:
      namespaces: [default]
      podSelector: { matchLabels: { app: task } }
`;

const TARGETS = ['dns', 'public-api', 'object-store'];

/** The ports that task pods may reach at one target, as `protocol port`. */
function portsTo(wanted: string, more = ''): string[] {
  const egress = TARGETS.map((to, index) => `{ to: ${to}, cidrs: [198.51.100.${index + 1}] }`);
  const spec = `role: compute
computeCluster: gpu
${CLUSTERS}networkPolicies: { mode: restricted, egress: [${egress.join(', ')}] }
${more}`;
  const { added } = apply(taskPodsPolicy, spec);
  const rules = list(getIn(added[0]?.json, ['spec', 'egress']));
  const address = `198.51.100.${TARGETS.indexOf(wanted) + 1}/32`;
  return rules
    .filter((rule) => JSON.stringify(rule).includes(address))
    .flatMap(({ ports }) => list(ports).map(({ protocol, port }) => `${protocol} ${port}`));
}

const STORE = (endpoint: string) => `objectStore: { endpoint: "${endpoint}", useIam: true }\n`;

test('task pods reach the store at its own port', () => {
  assert.equal(portsTo('object-store'), ['TCP 443']);
  assert.equal(portsTo('object-store', STORE('https://s3.example.com')), ['TCP 443']);
  assert.equal(portsTo('object-store', STORE('http://minio.example.com')), ['TCP 80']);
  assert.equal(portsTo('object-store', STORE('http://minio.example.com:9000')), ['TCP 9000']);
});

test('task pods reach DNS by both protocols, and the public API at its port', () => {
  assert.equal(portsTo('dns'), ['UDP 53', 'TCP 53']);
  assert.equal(portsTo('public-api'), ['TCP 443']);
  assert.equal(portsTo('public-api', 'port: 8443\n'), ['TCP 8443']);
});

test('a Cluster keeps the sync options that the config has for all that it adds', () => {
  const read = (name: string) =>
    readFileSync(join(packageRoot, 'test/cases/compute-clusters', name), 'utf8');
  const optionsWith = (annotations: string) => {
    const config = read('config.yaml').replace(/^metadata:\n/m, `metadata:\n${annotations}`);
    const { stdout, stderr } = applyToStream(Buffer.from(config), Buffer.from(read('input.yaml')));
    assert.match(stdout, /^kind: Cluster$/m, stderr);
    return [...new Set([...stdout.matchAll(/sync-options: (.*)/g)].map(([, text]) => text))];
  };
  assert.equal(optionsWith(''), ['SkipDryRunOnMissingResource=true']);
  const given = '  annotations: { argocd.argoproj.io/sync-options: Prune=false }\n';
  assert.equal(optionsWith(given), ['Prune=false,SkipDryRunOnMissingResource=true', 'Prune=false']);
});

test.run();
