/** What the cluster has to have, through a kubectl that gives set answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterLine } from '../../../src/cli/verify/cluster-line.ts';
import { Kubectl } from '../../../src/cli/verify/kubectl.ts';
import type { Line } from '../../../src/cli/verify/line.ts';
import { prerequisiteLines } from '../../../src/cli/verify/prerequisites.ts';
import { workerLines } from '../../../src/cli/verify/worker-lines.ts';
import type { Surface } from '../../../src/surface/surface.ts';
import { type FakeAnswers, fakeKubectl, REACHED } from '../../support/fake-kubectl.ts';
import { ioWith, linesOf, surfaceOfCase, surfaceOfText } from '../../support/live-lines.ts';
import { folderWith } from '../../support/temporary.ts';

const nginx = surfaceOfCase('controller-ingress-nginx');
const gateway = surfaceOfCase('gateway-secret');
const ca = surfaceOfCase('tls-ca');

async function linesIn(surface: Surface, answers: FakeAnswers, context?: string): Promise<Line[]> {
  const kubectl = new Kubectl({ context }, ioWith({ PATH: fakeKubectl(answers) }));
  const cluster = clusterLine(surface, kubectl);
  return linesOf([
    cluster,
    ...prerequisiteLines(surface, kubectl, cluster),
    ...workerLines(surface, kubectl, cluster),
  ]);
}

const statusOf = (lines: readonly Line[], tried: string) => {
  const found = lines.filter((line) => line.tried.startsWith(tried));
  assert.is(found.length, 1, `${tried}: ${lines.map((line) => line.tried).join('; ')}`);
  return found[0] as Line;
};
const KEYS = { keys: 'tls.crt tls.key ' };
const CLASS = { spec: { controller: 'k8s.io/ingress-nginx' } };

const reach = suite('whether the cluster is reached');

reach('its version and the context that kubectl takes by itself', async () => {
  const [line] = await linesIn(nginx, REACHED);
  assert.is(line?.status, 'ok');
  assert.is(line?.came, 'v1.34.1, context test');
});

reach('a version that is too old for a field', async () => {
  const old = {
    ...REACHED,
    'get --raw /version': { major: '1', minor: '23', gitVersion: 'v1.23.4-gke.1' },
  };
  const [line, next] = await linesIn(nginx, old);
  assert.is(line?.status, 'failed');
  assert.is(next?.status, 'not tried');
});

reach('pods that sleep before they stop need 1.30', async () => {
  const sleeping = surfaceOfText(`apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy, namespace: ml}
spec:
  template:
    spec:
      containers: [{name: envoy, lifecycle: {preStop: {sleep: {seconds: 5}}}}]
`);
  const with29 = { major: '1', minor: '29', gitVersion: 'v1.29.4' };
  const [old] = await linesIn(sleeping, { ...REACHED, 'get --raw /version': with29 });
  assert.is(old?.status, 'failed');
  assert.is((await linesIn(sleeping, REACHED))[0]?.status, 'ok');
});

reach('what is no Kubernetes API is called so', async () => {
  const [line] = await linesIn(nginx, { ...REACHED, 'get --raw /version': '<html>login</html>' });
  assert.is(line?.means, 'what answers is not a Kubernetes API');
});

reach('no kubectl, no context, no rights: not tried, and why', async () => {
  const empty = new Kubectl({}, ioWith({ PATH: '/nowhere' }));
  const [without] = await linesOf([clusterLine(nginx, empty)]);
  assert.is(without?.means, 'there is no kubectl on PATH');
  const [unset] = await linesIn(nginx, {
    'config current-context': { status: 1, stderr: 'not set' },
  });
  assert.is(unset?.status, 'not tried');
  const forbidden = {
    status: 1,
    stderr: 'Error from server (Forbidden): ingressclasses is forbidden\n',
  };
  const lines = await linesIn(nginx, { ...REACHED, 'get ingressclass': forbidden });
  assert.is(statusOf(lines, 'IngressClass').status, 'not tried');
  assert.match(statusOf(lines, 'IngressClass').means, 'this account may not look');
});

reach(
  'a cluster that does not answer is a failed line, and a context that is named is passed on',
  async () => {
    const refused = {
      status: 1,
      stderr: 'The connection to the server 10.0.0.1:6443 was refused\n',
    };
    const lines = await linesIn(
      nginx,
      {
        '--context prod config current-context': 'prod',
        '--context prod get --raw /version': refused,
      },
      'prod',
    );
    assert.equal([...new Set(lines.map(({ status }) => status))], ['failed', 'not tried']);
    assert.match(lines[0]?.came ?? '', 'was refused');
    assert.is(lines[0]?.command, 'kubectl --context prod get --raw /version');
  },
);

reach('a kubectl that hangs is stopped in time', async () => {
  const folder = folderWith({ kubectl: '#!/bin/sh\nexec sleep 60\n' });
  const hanging = new Kubectl({}, ioWith({ PATH: `${folder}:${process.env.PATH}` }));
  const begun = Date.now();
  const [line] = await linesOf([clusterLine(nginx, hanging)], 1);
  assert.is(line?.status, 'failed');
  assert.ok(Date.now() - begun < 30_000);
});

reach.run();

const prerequisites = suite('prerequisites');

prerequisites('an IngressClass: its controller is the one of the config', async () => {
  const lineFor = async (answer?: object) =>
    statusOf(
      await linesIn(nginx, { ...REACHED, ...(answer && { 'get ingressclass/nginx': answer }) }),
      'IngressClass nginx',
    );
  assert.is((await lineFor(CLASS)).status, 'ok');
  assert.is((await lineFor()).status, 'failed');
  const other = await lineFor({ spec: { controller: 'nginx.org/ingress-controller' } });
  assert.is(other.status, 'failed');
  assert.match(other.means, 'the config says ingress-nginx');
});

prerequisites('a GatewayClass is accepted, a Gateway programmed', async () => {
  const conditions = (type: string, status: string) => ({
    spec: { controllerName: 'example.com/gateway' },
    status: { conditions: [{ type, status, reason: 'Pending' }] },
  });
  for (const status of ['True', 'False', 'Unknown']) {
    const lines = await linesIn(gateway, {
      ...REACHED,
      'get gatewayclass/': conditions('Accepted', status),
      'get gateway/': conditions('Programmed', status),
    });
    const wanted = status === 'True' ? 'ok' : 'failed';
    assert.is(statusOf(lines, 'GatewayClass').status, wanted);
    assert.is(statusOf(lines, 'Gateway ').status, wanted);
  }
});

prerequisites('kinds that the manifests have, and the version of the Gateway API', async () => {
  const kinds = { resources: [{ kind: 'Gateway' }, { kind: 'HTTPRoute' }, { kind: 'HTTPRoute' }] };
  const crd = (version: string) => ({
    metadata: { annotations: { 'gateway.networking.k8s.io/bundle-version': version } },
  });
  const raw = 'get --raw /apis/gateway.networking.k8s.io/v1';
  const lines = await linesIn(gateway, { ...REACHED, [raw]: kinds, 'get crd': crd('v1.4.0') });
  assert.is(statusOf(lines, 'kinds of gateway').status, 'ok');
  assert.is(statusOf(lines, 'version of the Gateway API').status, 'ok');
  const fewer = await linesIn(gateway, {
    ...REACHED,
    [raw]: { resources: [{ kind: 'Gateway' }] },
    'get crd': crd('v1.0.0'),
  });
  assert.is(statusOf(fewer, 'kinds of gateway').came, 'without HTTPRoute');
  assert.is(statusOf(fewer, 'version of the Gateway API').status, 'failed');
  const none = await linesIn(gateway, REACHED);
  assert.is(statusOf(none, 'kinds of gateway').status, 'failed');
});

prerequisites("cert-manager's kinds, and the Secret of the CA in its namespace", async () => {
  const certificates = {
    resources: ['Certificate', 'ClusterIssuer', 'Issuer'].map((kind) => ({ kind })),
  };
  const raw = 'get --raw /apis/cert-manager.io/v1';
  const secret = 'get secret/internal-ca-key-pair -n cert-manager';
  const lines = await linesIn(ca, { ...REACHED, [raw]: certificates, [secret]: KEYS });
  assert.is(statusOf(lines, 'kinds of cert-manager.io/v1').status, 'ok');
  assert.is(statusOf(lines, 'Secret cert-manager/internal-ca-key-pair').status, 'ok');
  const without = await linesIn(ca, REACHED);
  assert.is(statusOf(without, 'kinds of cert-manager.io/v1').status, 'failed');
  assert.is(statusOf(without, 'Secret cert-manager/internal-ca-key-pair').status, 'failed');
});

prerequisites(
  'Secrets that people make: the names of their keys, and nothing else, are asked for',
  async () => {
    const secrets = surfaceOfCase('tls-secret');
    const folder = fakeKubectl({ ...REACHED, 'get secret': { keys: 'tls.crt ' } });
    const kubectl = new Kubectl({}, ioWith({ PATH: folder }));
    const cluster = clusterLine(secrets, kubectl);
    const lines = await linesOf([cluster, ...prerequisiteLines(secrets, kubectl, cluster)]);
    const found = lines.filter(({ tried }) => tried.startsWith('Secret '));
    assert.is(found.length, 2);
    for (const line of found) assert.is(line.came, 'without tls.key');
    const calls = readFileSync(join(folder, 'calls'), 'utf8')
      .split('\n')
      .filter((call) => call.includes('secret'));
    for (const call of calls)
      assert.match(
        call,
        '-o go-template={"keys":"{{range $key, $value := .data}}{{$key}} {{end}}"}',
      );
  },
);

prerequisites('one Secret for both entries of a Cluster has to have both keys', async () => {
  const registered = surfaceOfText(`apiVersion: michelangelo.api/v2
kind: Cluster
metadata: {name: gpu, namespace: ma-system}
spec:
  kubernetes:
    rest: {host: "https://k8s.example.com", port: "6443", tokenTag: shared, caDataTag: shared}
`);
  const answers = { ...REACHED, 'get secret/shared -n default': { keys: 'cadata ' } };
  const found = statusOf(await linesIn(registered, answers), 'Secret default/shared');
  assert.is(found.came, 'without token');
});

prerequisites('nothing but reading is ever asked for', async () => {
  for (const surface of [nginx, gateway, ca]) {
    const folder = fakeKubectl(REACHED);
    const kubectl = new Kubectl({}, ioWith({ PATH: folder }));
    const cluster = clusterLine(surface, kubectl);
    await linesOf([
      cluster,
      ...prerequisiteLines(surface, kubectl, cluster),
      ...workerLines(surface, kubectl, cluster),
    ]);
    for (const call of readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'))
      assert.match(call, /^(?:config current-context$|get )/);
  }
});

prerequisites.run();

const worker = suite('worker.address in the cluster');

worker('as the overlay says, an older one, none', async () => {
  const [target] = ca.workers;
  assert.ok(target);
  const live = (text: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: target.resource.name, namespace: target.resource.namespace },
    data: { [target.key]: text },
  });
  const lineFor = async (answer?: object) =>
    statusOf(
      await linesIn(ca, { ...REACHED, ...(answer && { 'get configmap': answer }) }),
      'worker.address',
    );
  const own = await lineFor(live(target.resource.document(target.key)?.text ?? ''));
  assert.is(own.status, 'ok', own.came);
  const old = await lineFor(live('worker:\n  address: api.old.example.com:443\n  useTLS: true\n'));
  assert.is(old.status, 'failed');
  assert.is(old.came, 'api.old.example.com:443 with TLS');
  assert.is((await lineFor()).status, 'failed');
});

worker('a name that looks like a flag is a name', async () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: --kubeconfig=evil}
data: {base.yaml: "worker: {address: 'a.test:443'}"}
`;
  const folder = fakeKubectl(REACHED);
  const kubectl = new Kubectl({}, ioWith({ PATH: folder }));
  const surface = surfaceOfText(text);
  const cluster = clusterLine(surface, kubectl);
  await linesOf([cluster, ...workerLines(surface, kubectl, cluster)]);
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  assert.is(calls.at(-1), 'get configmap/--kubeconfig=evil -o json');
});

worker.run();
