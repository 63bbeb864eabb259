/**
 * `networkPolicies.mode: restricted`: who may talk to whom, for every pair of components and those around them, computed from what the
 * function writes by a simulator of its own, and compared with tables that are written by hand.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { applyToStream } from '../support/function.ts';
import { buildWith, bundled } from '../support/kustomize.ts';
import { type End, HOME, isIsolated, podsIn, tableOf } from '../support/network-policies.ts';
import { builtOverlay } from '../support/overlays.ts';

const tables = suite('who may talk to whom');

/** A pod that is none of the stream's. */
function pod(name: string, namespace: string, labels = {}, namespaceLabels = {}): End {
  pods += 1;
  const ip = `10.244.7.${pods}`;
  return { name, ip, pod: { namespace, labels, ports: {} }, namespaceLabels };
}
let pods = 0;
const address = (name: string, ip: string): End => ({ name, ip });

/** Those around the components that every cluster has. */
const around = (namespace: string): End[] => [
  pod('neighbour', namespace, { app: 'neighbour' }),
  pod('stranger', 'default', { app: 'stranger' }),
  pod('kube-dns', 'kube-system', { 'k8s-app': 'kube-dns' }),
  pod('metrics-server', 'kube-system', { 'k8s-app': 'metrics-server' }),
  pod('impostor', 'default', { 'k8s-app': 'kube-dns' }),
  address('node-local-dns', '169.254.20.10'),
  address('internet', '1.1.1.1'),
  address('internet-6', '2606:4700::1111'),
];

interface Scenario {
  name: string;
  stream: () => Promise<string> | string;
  namespace: string;
  others: End[];
  /** `a, b -> c, d: TCP 1, UDP 1`: each of the left may reach each of the right, on every port behind the colon. */
  table: string;
}

const read = (path: string) => readFileSync(join(packageRoot, path));
const golden = (name: string) => () => String(read(`test/cases/${name}/expected.yaml`));

/** What the function makes of a stream, with a config that ends in these lines. */
function made(input: Buffer, spec: string): string {
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec:
  domain: ml.example.com
${spec.trim().replace(/^/gm, '  ')}
`;
  const { stdout, stderr, status } = applyToStream(Buffer.from(config), input);
  assert.is(status, 0, stderr);
  return stdout;
}

const CHART = `
  egress:
    - { to: kubernetes-api, cidrs: [192.0.2.1] }
    - { to: workflow-engine, podSelector: { matchLabels: { app: cadence } }, ports: [7833] }
    - { to: object-store, podSelector: { matchLabels: { app: minio } }, ports: [9000] }
`;
const chartAround = (): End[] => [
  pod('entry', 'edge', { app: 'entry' }),
  pod('notebook', 'project-a', { app: 'notebook' }),
  pod('prometheus', 'monitoring'),
  pod('engine', 'ml-system', { app: 'cadence' }),
  pod('engine-elsewhere', 'default', { app: 'cadence' }),
  pod('store', 'ml-system', { app: 'minio' }),
  address('kubernetes', '192.0.2.1'),
];
/** Both ways in lead to the same three Services. */
const CHART_TABLE = `
  apiserver, controllermgr -> kubernetes: TCP 443, TCP 6443
  apiserver, controllermgr, envoy, worker -> kube-dns, node-local-dns: TCP 53, UDP 53
  controllermgr, worker -> engine: TCP 7833
  controllermgr, worker -> store: TCP 9000
  worker, envoy -> apiserver: TCP 15566
  entry -> apiserver: TCP 15566
  entry -> envoy: TCP 8081
  entry -> ui: TCP 80
  notebook -> apiserver: TCP 15566
`;

const scenarios: Scenario[] = [
  {
    name: 'the overlay production',
    stream: () => builtOverlay('production'),
    namespace: 'michelangelo',
    others: [
      pod('entry', 'ingress-nginx', { 'app.kubernetes.io/component': 'controller' }),
      pod('beside-entry', 'ingress-nginx', { 'app.kubernetes.io/component': 'webhook' }),
      pod('prometheus', 'monitoring', { app: 'prometheus' }),
      pod('solver', 'michelangelo', { 'acme.cert-manager.io/http01-solver': 'true' }),
      address('public-entry', '203.0.113.20'),
      address('compute', '203.0.113.10'),
      address('kubernetes-service', '192.0.2.1'),
      address('kubernetes-node', '192.0.2.17'),
      address('kubernetes-neighbour', '192.0.2.32'),
      address('engine', '198.51.100.33'),
      address('store', '198.51.100.65'),
      address('pod-identity', '169.254.170.23'),
      address('metadata', '169.254.169.254'),
    ],
    table: `
      apiserver, controllermgr -> kubernetes-service, kubernetes-node: TCP 443, TCP 6443
      apiserver, controllermgr, envoy, worker -> kube-dns, node-local-dns: TCP 53, UDP 53
      controllermgr, worker -> engine: TCP 7233
      controllermgr, worker -> store: TCP 443
      controllermgr, worker -> pod-identity: TCP 80
      worker -> entry, public-entry: TCP 443
      controllermgr -> compute: TCP 6443
      envoy -> apiserver: TCP 15566
      envoy -> ui: TCP 80
      entry -> apiserver: TCP 15566
      entry -> envoy: TCP 8081
      entry -> solver: TCP 8089
      prometheus -> controllermgr: TCP 8083, TCP 8091
      prometheus -> envoy: TCP 9902
    `,
  },
  {
    name: 'a base with other labels, a database and an identity provider, IPv6 among the addresses',
    stream: golden('network-policies'),
    namespace: 'ml',
    others: [
      pod('entry', 'ingress-nginx', { app: 'controller' }),
      pod('edge', 'edge'),
      pod('prometheus', 'sre', {}, { team: 'sre' }),
      address('prometheus-outside', '192.0.2.200'),
      pod('solver', 'ml', { 'acme.cert-manager.io/http01-solver': 'true' }),
      address('dns-service', '10.96.0.10'),
      address('public-entry', '203.0.113.10'),
      address('kubernetes', '192.0.2.1'),
      address('kubernetes-6', '2001:db8::1'),
      address('kubernetes-6-neighbour', '2001:db8::2'),
      pod('engine', 'temporal', { app: 'frontend' }),
      pod('beside-engine', 'temporal', { app: 'history' }),
      address('store', '198.51.100.200'),
      address('pod-identity', '169.254.170.23'),
      address('database', '2001:db8:1:2::3'),
      address('identity', '198.51.100.8'),
      address('slack', '203.0.113.65'),
      address('gpu', '203.0.113.129'),
      address('gpu-6', '2001:db8:9::10'),
      address('gpu-neighbour', '203.0.113.128'),
      address('spot', '203.0.113.130'),
      address('named', '203.0.113.131'),
    ],
    table: `
      api, manager -> kubernetes, kubernetes-6: TCP 443, TCP 6443
      api, manager -> database: TCP 3306
      api -> identity: TCP 443
      api, envoy, worker, notification, manager -> kube-dns, node-local-dns, dns-service: TCP 53, UDP 53
      worker, notification, manager -> engine: TCP 17233
      worker, manager -> store: TCP 443
      worker, manager -> pod-identity: TCP 80
      worker -> public-entry: TCP 443
      worker, notification -> slack: TCP 443
      manager -> gpu, gpu-6: TCP 6443
      manager -> spot, named: TCP 443
      envoy -> api: TCP 15566
      envoy -> ui: TCP 8080
      entry -> api: TCP 15566
      entry -> envoy: TCP 8081
      edge -> solver: TCP 8089
      prometheus, prometheus-outside -> manager: TCP 8091
    `,
  },
  {
    name: 'plain Pods with prefix and suffix, an engine in another namespace, policies of the base that add up',
    stream: golden('network-policies-plain-pods'),
    namespace: 'ml-eu',
    others: [
      address('entry', '198.51.100.9'),
      address('entry-6', '2001:db8:e::9'),
      pod('prometheus', 'monitoring', { app: 'prometheus' }),
      pod('notebook', 'project-a', {}, { team: 'ml' }),
      address('kubernetes', '192.0.2.2'),
    ],
    // The last three are those of the base, which the function warns of.
    table: `
      apiserver, controllermgr -> kubernetes: TCP 16443
      apiserver, controllermgr, envoy, worker -> kube-dns, node-local-dns: TCP 53, UDP 53
      worker, envoy -> apiserver: TCP 14566
      worker -> cadence: TCP 7933
      entry, entry-6 -> apiserver: TCP 14566
      entry, entry-6 -> envoy: TCP 8081
      prometheus -> controllermgr: TCP 8091
      notebook -> apiserver: TCP 14566
      ui -> kube-dns: TCP 53, UDP 53
      neighbour -> kube-dns: TCP 53, UDP 53
      entry -> ui: everything
    `,
  },
  ...(
    [
      ['the chart on one host, by Ingresses', 'ingress: { controller: ingress-nginx }'],
      [
        'the same by a Gateway, whose routes are made in the same run',
        'gateway: { className: envoy-gateway }',
      ],
    ] as const
  ).map(([name, entry]) => ({
    name,
    stream: () =>
      made(
        read('test/layouts/one-host/chart.yaml'),
        `
hosts: { app: one.example.org }
tls: { mode: secret }
worker: { apiAddress: service }
entry: { ${entry} }
networkPolicies:
  mode: restricted
  from:
    entry: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: edge } } }
    clients: { podSelector: { matchLabels: { app: notebook } }, namespaceSelector: {} }
${CHART}`,
      ),
    namespace: 'ml-system',
    others: chartAround(),
    table: CHART_TABLE,
  })),
  {
    name: 'our base without a namespace, TLS at Envoy behind a Gateway, a store on an address',
    stream: async () => {
      const { status, stdout, stderr } = await buildWith(bundled, 'base');
      assert.is(status, 0, stderr);
      return made(
        Buffer.from(stdout),
        `
tls: { mode: secret, terminateAt: envoy, trust: preinstalled }
entry: { gateway: { className: envoy-gateway } }
objectStore: { endpoint: "http://[2001:db8::5]:9000", useIam: false, region: eu }
networkPolicies:
  mode: restricted
  from:
    entry: { podSelector: { matchLabels: { gateway: own } } }
  egress:
    - { to: kubernetes-api, cidrs: [192.0.2.0/24], ports: [6443] }
    - { to: public-api, podSelector: { matchLabels: { gateway: own } }, ports: [10443] }
    - { to: workflow-engine, cidrs: [198.51.100.7] }
    - { to: object-store, cidrs: [198.51.100.9], ports: [9001] }
`,
      );
    },
    namespace: HOME,
    others: [
      pod('entry', HOME, { gateway: 'own' }),
      pod('entry-elsewhere', 'default', { gateway: 'own' }),
      pod('prometheus', 'monitoring'),
      address('kubernetes', '192.0.2.1'),
      address('engine', '198.51.100.7'),
      address('store', '2001:db8::5'),
      address('second-store', '198.51.100.9'),
    ],
    table: `
      apiserver, controllermgr -> kubernetes: TCP 6443
      apiserver, controllermgr, envoy, worker -> kube-dns, node-local-dns: TCP 53, UDP 53
      controllermgr, worker -> engine: TCP 7233
      controllermgr, worker -> store: TCP 9000
      controllermgr, worker -> second-store: TCP 9001
      worker -> entry: TCP 10443
      envoy -> apiserver: TCP 15566
      envoy -> ui: TCP 80
      entry -> apiserver: TCP 15566
      entry -> envoy: TCP 8081
    `,
  },
];

/** The lines of a table one by one, in full names. */
function expanded(table: string, ends: readonly End[]): string[] {
  const named = (list: string) =>
    list.split(', ').map((word) => {
      const found =
        ends.find(({ name }) => name === word) ??
        ends.find(({ name }) => `-${name}-`.includes(`-${word}-`));
      assert.ok(found, `there is a ${word}`);
      return found?.name ?? '';
    });
  const open = new Map<string, string[]>();
  for (const line of table.trim().split('\n')) {
    const [, from = '', to = '', ports = ''] = /^(.*) -> (.*): (.*)$/.exec(line.trim()) ?? [];
    for (const left of named(from))
      for (const right of named(to)) {
        const pair = `${left} -> ${right}`;
        open.set(pair, [...(open.get(pair) ?? []), ...ports.split(', ')]);
      }
  }
  return [...open].map(([pair, ports]) => `${pair}: ${ports.sort(byPort).join(', ')}`).sort();
}

function byPort(left: string, right: string): number {
  const parts = (text: string) => text.split(' ') as [string, string];
  const [[protocol, port], [otherProtocol, otherPort]] = [parts(left), parts(right)];
  return protocol === otherProtocol
    ? Number(port) - Number(otherPort)
    : protocol < otherProtocol
      ? -1
      : 1;
}

for (const { name, stream, namespace, others, table } of scenarios) {
  const manifestsOf = async () =>
    parseAllDocuments(await stream()).map((document) => document.toJS());

  tables(name, async () => {
    const manifests = await manifestsOf();
    const ends = [...podsIn(manifests), ...others, ...around(namespace)];
    assert.equal(tableOf(ends, manifests).sort(), expanded(table, ends));
  });

  tables(`${name}: each policy is about the pods of one component`, async () => {
    const manifests = await manifestsOf();
    const made = manifests.filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && /-restricted$/.test(metadata.name),
    );
    assert.ok(made.length >= 5);
    for (const policy of made) {
      const held = podsIn(manifests).filter((end) => isIsolated(end, 'Ingress', [policy]));
      assert.equal(
        held.map((end) => `${end.name}-restricted`),
        [policy.metadata.name],
      );
      assert.ok(held.every((end) => isIsolated(end, 'Egress', [policy])));
    }
  });
}

tables.run();
