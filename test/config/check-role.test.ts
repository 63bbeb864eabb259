import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labels, problemsOf, settingsOf } from './fixtures.ts';

const cluster = { name: 'gpu', server: 'https://k8s.gpu.example.com:6443' };
const compute = {
  role: 'compute',
  computeCluster: 'gpu',
  computeClusters: [cluster],
  tls: undefined,
};

const cases: [name: string, spec: Record<string, unknown>, problems: string[]][] = [
  ['takes the compute side without tls', {}, []],
  ['takes it with plain HTTP', { tls: { mode: 'none' } }, []],
  ['takes it with TLS in front', { tls: { mode: 'external' } }, []],
  [
    'refuses a mode that makes certificates, once',
    { tls: { mode: 'acme' } },
    ['config-conflict spec.tls.mode'],
  ],
  ['wants the cluster', { computeCluster: undefined }, ['config-required spec.computeCluster']],
  ['wants its entry', { computeClusters: [] }, ['config-value spec.computeCluster']],
  ['wants an entry of that name', { computeCluster: 'cpu' }, ['config-value spec.computeCluster']],
  ['takes the ConfigMap of task pods', { taskPods: { configMap: 'own' } }, []],
  [
    'refuses the Service of another cluster',
    { taskPods: { apiAddress: 'service' } },
    ['config-conflict spec.taskPods.apiAddress'],
  ],
  ['refuses workers', { worker: {} }, ['config-conflict spec.worker']],
  ['refuses an entry', { entry: {} }, ['config-conflict spec.entry']],
  [
    'refuses a role that is not looked for',
    { absent: ['task-pods', 'envoy'] },
    ['config-conflict spec.absent[1]'],
  ],
];
for (const [name, spec, expected] of cases)
  test(name, () => assert.equal(labels(problemsOf({ ...compute, ...spec })), expected));

test('a control plane is for no compute cluster', () => {
  assert.equal(labels(problemsOf({ computeCluster: 'gpu', computeClusters: [cluster] })), [
    'config-conflict spec.computeCluster',
  ]);
});

test('task pods of a compute cluster use the public address without TLS too', () => {
  assert.is(settingsOf({ ...compute, tls: { mode: 'none' } }).apiAddress, 'public');
  assert.is(settingsOf({ tls: { mode: 'none' } }).apiAddress, 'service');
});

test('policies ask for every address that task pods need', () => {
  const taskPods = { namespaces: ['default'] };
  const ask = (more: Record<string, unknown>, egress: Record<string, unknown>[] = []) =>
    problemsOf({
      ...compute,
      computeClusters: [{ ...cluster, ...more }],
      networkPolicies: { mode: 'restricted', egress },
    }).map(({ path, expected = '' }) => /`to: ([a-z-]+)`/.exec(expected)?.[1] ?? path);
  const given = ['public-api', 'object-store'].map((to) => ({ to, cidrs: ['192.0.2.1'] }));
  const cidrs = ['192.0.2.1'];
  assert.equal(ask({ taskPods }), ['public-api', 'object-store', 'kubernetes-api']);
  assert.equal(ask({ taskPods, cidrs }), ['public-api', 'object-store']);
  assert.equal(ask({ taskPods, cidrs }, given), []);
  assert.equal(ask({ cidrs }, given), ['spec.computeClusters[0].taskPods.namespaces']);
  const misspelt = problemsOf({
    ...compute,
    computeCluster: 'gpuu',
    computeClusters: [{ ...cluster, taskPods, cidrs }],
    networkPolicies: { mode: 'restricted', egress: given },
  });
  assert.equal(
    misspelt.map(({ path }) => path),
    ['spec.computeCluster'],
  );
  const own = { to: 'package-mirror', cidrs };
  assert.equal(ask({ taskPods, cidrs }, [...given, { ...own, ports: [8081] }]), []);
  assert.equal(ask({ taskPods, cidrs }, [...given, own]), ['spec.networkPolicies.egress[2].ports']);
  assert.equal(ask({ taskPods, cidrs }, [...given, { ...own, ports: [1], for: ['worker'] }]), [
    'spec.networkPolicies.egress[2].for',
  ]);
});

test.run();
