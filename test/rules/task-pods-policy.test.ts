/** What task pods of a compute cluster may reach, by the policies of a golden case, for every pair of ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { type End, isOpen } from '../support/network-policies.ts';

const text = readFileSync(join(packageRoot, 'test/cases/compute-restricted/expected.yaml'), 'utf8');
const policies = parseAllDocuments(text)
  .map((document) => document.toJS())
  .filter(({ kind }) => kind === 'NetworkPolicy');

const RAY = { 'ray.io/is-ray-node': 'yes' };
let last = 0;
const pod = (name: string, namespace: string, labels: Record<string, string>): End => {
  last += 1;
  return { name, ip: `10.244.0.${last}`, pod: { namespace, labels, ports: {} } };
};
const address = (name: string, ip: string): End => ({ name, ip });

const PODS = [
  pod('head', 'default', { ...RAY, 'ray.io/node-type': 'head' }),
  pod('worker', 'default', RAY),
  pod('elsewhere', 'ml-jobs', RAY),
  pod('other', 'default', { app: 'other' }),
  pod('kuberay', 'ray-system', { app: 'kuberay-operator' }),
  pod('dns', 'kube-system', { 'k8s-app': 'kube-dns' }),
  pod('store', 'minio', { app: 'minio' }),
  pod('near store', 'minio', { app: 'console' }),
];
const ADDRESSES = [
  address('node dns', '169.254.20.10'),
  address('metadata', '169.254.169.254'),
  address('api server', '10.0.0.7'),
  address('public api', '198.51.100.20'),
  address('public api, IPv6', '2001:db8::20'),
  address('mirror', '192.0.2.7'),
  address('internet', '93.184.216.34'),
];
const ALL = [...PODS, ...ADDRESSES];
const PORTS = [53, 443, 6379, 6443, 8081, 9000, 10002];

/** `TCP 443`; DNS alone has UDP as well. */
function openTo(from: End, to: End): string {
  const found = (['TCP', 'UDP'] as const).flatMap((protocol) =>
    PORTS.filter((port) => isOpen(from, to, protocol, port, policies)).map(
      (port) => `${protocol} ${port}`,
    ),
  );
  return found.length === 2 * PORTS.length ? 'all' : found.join(', ');
}

/** Of pods that a policy is about; by hand. */
const FROM_TASK_POD: Readonly<Record<string, string>> = {
  dns: 'TCP 53, UDP 53',
  'node dns': 'TCP 53, UDP 53',
  store: 'TCP 9000',
  'api server': 'TCP 6443',
  'public api': 'TCP 443',
  'public api, IPv6': 'TCP 443',
  mirror: 'TCP 8081',
};
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  head: { ...FROM_TASK_POD, worker: 'all' },
  worker: { ...FROM_TASK_POD, head: 'all' },
  elsewhere: FROM_TASK_POD,
};

for (const from of PODS)
  test(`${from.name} reaches what it may, and nothing else`, () => {
    const others = ALL.filter((to) => to !== from);
    const table = Object.fromEntries(others.map((to) => [to.name, openTo(from, to)]));
    const own = EXPECTED[from.name];
    const expected = others.map(({ name }) => [name, own ? (own[name] ?? '') : 'all']);
    assert.equal(table, Object.fromEntries(expected));
  });

test.run();
