/** What is installed in the cluster and how old it may be, through a kubectl that gives set answers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterLine } from '../../../src/cli/verify/cluster-line.ts';
import { Kubectl } from '../../../src/cli/verify/kubectl.ts';
import type { Line } from '../../../src/cli/verify/line.ts';
import { versionLines } from '../../../src/cli/verify/version-lines.ts';
import { needed, type Program, REQUIREMENTS } from '../../../src/surface/requirements.ts';
import type { Surface } from '../../../src/surface/surface.ts';
import { type FakeAnswers, fakeKubectl, REACHED } from '../../support/fake-kubectl.ts';
import { ioWith, linesOf, surfaceOfCase, surfaceOfText } from '../../support/live-lines.ts';

const SWITCH = 'whether cert-manager looks at Gateways';

async function linesIn(surface: Surface, answers: FakeAnswers): Promise<Map<string, Line>> {
  const kubectl = new Kubectl({}, ioWith({ PATH: fakeKubectl({ ...REACHED, ...answers }) }));
  const cluster = clusterLine(surface, kubectl);
  const lines = await linesOf([cluster, ...versionLines(surface, kubectl, cluster)]);
  return new Map(lines.slice(1).map((line) => [line.tried, line]));
}

const manifest = (apiVersion: string, kind: string, rest = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: ml}\n${rest}`;
const GATEWAY = 'gateway.networking.k8s.io/v1';
const pod = (spec: string) =>
  manifest('apps/v1', 'Deployment', `spec: {template: {spec: ${spec}}}\n`);
const issuer = (solver: string) =>
  manifest('cert-manager.io/v1', 'Issuer', `spec: {acme: {solvers: [{http01: ${solver}}]}}\n`);

const rows = suite('what is needed');

for (const [program, version, text] of [
  ['Kubernetes', 'v1.31', manifest(GATEWAY, 'TLSRoute')],
  ['Kubernetes', 'v1.30', pod('{containers: [{lifecycle: {preStop: {sleep: {seconds: 1}}}}]}')],
  ['Kubernetes', 'v1.29', pod('{initContainers: [{restartPolicy: Always}]}')],
  ['Kubernetes', 'v1.24', pod('{initContainers: [{name: x}]}')],
  ['Gateway API', 'v1.5.0', manifest(GATEWAY, 'TLSRoute')],
  ['Gateway API', undefined, manifest('gateway.networking.k8s.io/v1alpha2', 'TLSRoute')],
  ['Gateway API', 'v1.4.0', manifest(GATEWAY, 'BackendTLSPolicy')],
  ['Gateway API', 'v1.2.0', manifest(GATEWAY, 'HTTPRoute', 'spec: {rules: [{timeouts: {}}]}\n')],
  ['Gateway API', 'v1.1.0', manifest(GATEWAY, 'GRPCRoute')],
  ['Gateway API', 'v1.0.0', manifest(GATEWAY, 'Gateway')],
  ['cert-manager', undefined, manifest(GATEWAY, 'Gateway')],
  ['cert-manager', 'v1.15.0', issuer('{gatewayHTTPRoute: {}}')],
  ['cert-manager', 'v1.12.0', issuer('{ingress: {ingressClassName: nginx}}')],
  ['cert-manager', 'v1.0.0', issuer('{ingress: {class: nginx}}')],
  ['Prometheus operator', '0.45.0', manifest('monitoring.coreos.com/v1', 'Probe')],
  ['Prometheus operator', '0.31.0', manifest('monitoring.coreos.com/v1', 'PrometheusRule')],
  ['Prometheus operator', undefined, pod('{containers: []}')],
] as const)
  rows(`${program} ${version ?? 'is not needed'}: ${text.replaceAll('\n', ' ').trim()}`, () => {
    assert.is(needed(program, surfaceOfText(text))?.version, version);
  });

rows('the shipped base needs what its fields need', () => {
  assert.is(needed('cert-manager', surfaceOfCase('gateway-acme'))?.version, 'v1.15.0');
  assert.is(needed('cert-manager', surfaceOfCase('tls-acme'))?.version, 'v1.12.0');
  assert.is(needed('cert-manager', surfaceOfCase('tls-secret')), undefined);
  assert.is(needed('Gateway API', surfaceOfCase('tls-at-envoy-gateway'))?.version, 'v1.5.0');
});

rows.run();

const versions = suite('versions in a cluster');

for (const [program, crd, metadata, text] of [
  [
    'the Gateway API',
    'httproutes.gateway.networking.k8s.io',
    (version: string) => ({ annotations: { 'gateway.networking.k8s.io/bundle-version': version } }),
    manifest(GATEWAY, 'BackendTLSPolicy'),
  ],
  [
    'cert-manager',
    'certificates.cert-manager.io',
    (version: string) => ({ labels: { 'app.kubernetes.io/version': version } }),
    issuer('{ingress: {ingressClassName: nginx}}'),
  ],
  [
    'the Prometheus operator',
    'prometheusrules.monitoring.coreos.com',
    (version: string) => ({ annotations: { 'operator.prometheus.io/version': version } }),
    manifest('monitoring.coreos.com/v1', 'Probe'),
  ],
] as const)
  versions(`${program}: new enough, too old, not said, not there`, async () => {
    const surface = surfaceOfText(text);
    const name = program.replace('the ', '') as Program;
    const wanted = REQUIREMENTS.find((row) => row.program === name && row.isUsed?.(surface));
    const lineFor = async (answer?: object) => {
      const found = await linesIn(surface, answer ? { [`get crd/${crd}`]: answer } : {});
      assert.equal([...found.keys()], [`version of ${program}`]);
      return found.get(`version of ${program}`);
    };
    const good = await lineFor({ metadata: metadata(wanted?.version ?? '') });
    assert.is(good?.status, 'ok', good?.means);
    assert.match(good?.means ?? '', `needs ${wanted?.version}`);
    assert.is((await lineFor({ metadata: metadata('v0.1.0') }))?.status, 'failed');
    assert.is((await lineFor({ metadata: {} }))?.status, 'warning');
    assert.is((await lineFor())?.came, `no ${crd}`);
  });

versions('nothing is asked where nothing is needed', async () => {
  assert.equal([...(await linesIn(surfaceOfCase('tls-secret'), {})).keys()], []);
});

versions.run();

const gateways = suite(SWITCH);
const acme = surfaceOfCase('gateway-acme');
const controller = (args: readonly string[], more: object = {}) => ({
  items: [
    {
      metadata: { name: 'cert-manager', namespace: 'certs' },
      spec: { template: { spec: { containers: [{ name: 'controller', args, ...more }] } } },
    },
  ],
});

async function switchLine(deployments: object, more: FakeAnswers = {}): Promise<Line> {
  const lines = await linesIn(acme, { 'get deployments': deployments, ...more });
  return lines.get(SWITCH) as Line;
}

for (const [args, status] of [
  [['--v=2', '--enable-gateway-api'], 'ok'],
  [['--enable-gateway-api=true'], 'ok'],
  [['--enable-gateway-api=false'], 'failed'],
  [['--v=2'], 'failed'],
  [['--feature-gates=A=true,ExperimentalGatewayAPISupport=true'], 'failed'],
  [['--enable-gateway-api-listenerset'], 'failed'],
  [['--config=/elsewhere/config.yaml'], 'warning'],
] as const)
  gateways(`${args.join(' ')}: ${status}`, async () => {
    assert.is((await switchLine(controller(args))).status, status);
  });

for (const [text, status] of [
  ['enableGatewayAPI: true\n', 'ok'],
  ['enableGatewayAPI: false\n', 'failed'],
  ['kind: ControllerConfiguration\n', 'failed'],
  ['[', 'failed'],
] as const)
  gateways(`a config with ${JSON.stringify(text)}: ${status}`, async () => {
    const deployments = controller(['--config=/var/cert-manager/config/config.yaml'], {
      volumeMounts: [{ name: 'config', mountPath: '/var/cert-manager/config' }],
    });
    const [item] = deployments.items;
    Object.assign(item?.spec.template.spec ?? {}, {
      volumes: [{ name: 'config', configMap: { name: 'cert-manager' } }],
    });
    const configMap = { data: { 'config.yaml': text } };
    const line = await switchLine(deployments, {
      'get configmap/cert-manager -n certs': configMap,
    });
    assert.is(line.status, status, line.came);
  });

gateways('no controller, and no right to look', async () => {
  assert.is((await switchLine({ items: [] })).status, 'warning');
  const forbidden = {
    status: 1,
    stderr: 'Error from server (Forbidden): deployments is forbidden',
  };
  assert.is((await switchLine(forbidden)).status, 'not tried');
});

gateways('nothing is asked where certificates come another way', async () => {
  for (const name of ['gateway-secret', 'tls-acme'])
    assert.not.ok((await linesIn(surfaceOfCase(name), {})).has(SWITCH));
});

gateways.run();
