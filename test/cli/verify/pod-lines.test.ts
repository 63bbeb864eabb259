/** Calls from inside of pods, through a kubectl that gives set answers: what it and curl say, and what the lines make of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterLine } from '../../../src/cli/verify/cluster-line.ts';
import { clustersOf, computeLines } from '../../../src/cli/verify/compute-lines.ts';
import { Kubectl } from '../../../src/cli/verify/kubectl.ts';
import type { Line } from '../../../src/cli/verify/line.ts';
import { targetsOf } from '../../../src/cli/verify/targets.ts';
import { taskPodLines } from '../../../src/cli/verify/task-pod-lines.ts';
import { type FakeAnswers, fakeKubectl, REACHED } from '../../support/fake-kubectl.ts';
import { ioWith, linesOf, surfaceOfCase, surfaceOfText } from '../../support/live-lines.ts';

const MANIFESTS = `apiVersion: v1
kind: ConfigMap
metadata: {name: manager-config, namespace: michelangelo}
data: {base.yaml: "controllermgr: {metricsBindAddress: ':8091'}\\n"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: manager, namespace: michelangelo}
spec:
  selector: {matchLabels: {app: manager}}
  template:
    metadata: {labels: {app: manager}}
    spec:
      containers: [{name: main, image: manager}]
      volumes: [{name: config, configMap: {name: manager-config}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: michelangelo-config, namespace: default}
data: {REGISTRY_ENDPOINT: "api.ml.example.com:443", REGISTRY_INSECURE: "false", AWS_ENDPOINT_URL: "https://s3.example.com"}
`;
const CLUSTER = `---
apiVersion: michelangelo.api/v2
kind: Cluster
metadata: {name: gpu, namespace: ma-system}
spec: {kubernetes: {rest: {host: https://gpu.example.com, port: "6443", tokenTag: t, caDataTag: c}}}
`;

const pods = (name: string, phase = 'Running') => ({
  items: [{ metadata: { name, namespace: 'here' }, status: { phase } }],
});
const NO_CURL = {
  status: 1,
  stderr:
    'error: Internal error occurred: exec failed: exec: "curl": executable file not found in $PATH: unknown\n',
};

interface Parts {
  answers: FakeAnswers;
  text?: string;
  isAllowed?: boolean;
  /** What the command line says of the compute cluster. */
  context?: string;
}

async function linesWith({
  answers,
  text = MANIFESTS + CLUSTER,
  isAllowed = false,
  context,
}: Parts) {
  const folder = fakeKubectl({ ...REACHED, ...answers });
  const io = ioWith({ PATH: folder });
  const surface = surfaceOfText(text);
  const own = new Kubectl({}, io);
  const cluster = clusterLine(surface, own);
  const debug = { isAllowed, image: 'curlimages/curl' };
  const lines = await linesOf([
    cluster,
    ...computeLines(surface, own, cluster, debug),
    ...taskPodLines(surface, own, cluster, () => new Kubectl({ context }, io), debug),
  ]);
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  return { lines, calls };
}

const lineOf = (lines: readonly Line[], tried: string) => {
  const found = lines.find((line) => line.tried.startsWith(tried));
  assert.ok(found, `${tried}: ${lines.map((line) => line.tried).join('; ')}`);
  return found as Line;
};

const names = suite('compute clusters');

names('Cluster resources have host and port apart', () => {
  assert.equal(clustersOf(surfaceOfText(CLUSTER)), [
    { name: 'gpu', server: 'https://gpu.example.com:6443' },
  ]);
  assert.equal(clustersOf(surfaceOfText(CLUSTER.replace('michelangelo.api', 'other.api'))), []);
});

names('a compute side looks from its own cluster, at the API and nothing of the page', async () => {
  const surface = surfaceOfCase('compute-self-managed');
  const io = ioWith({ PATH: fakeKubectl({ ...REACHED, 'get pods': { items: [] } }) });
  const own = new Kubectl({}, io);
  const nobody = () => assert.unreachable('another cluster is asked') as never;
  const cluster = clusterLine(surface, own);
  const debug = { isAllowed: false, image: 'none' };
  const lines = await linesOf([cluster, ...taskPodLines(surface, own, cluster, nobody, debug)]);
  assert.is(lineOf(lines, 'a task pod').status, 'not tried');
  assert.ok(targetsOf(surface).hosts.every(({ roles }) => roles.join() === 'api'));
  assert.is(targetsOf(surface).page, undefined);
});

names.run();

const TO_GPU = 'controller manager to compute cluster gpu';
const compute = suite('from the controller manager to a compute cluster');

for (const [title, answer, status, said] of [
  ['ready', '200', 'ok', 'HTTP 200'],
  ['who asks who calls is there', '401', 'ok', 'HTTP 401'],
  ['or forbids', '403', 'ok', 'HTTP 403'],
  ['another program', '404', 'failed', 'HTTP 404'],
  ['not ready', '500', 'warning', 'HTTP 500'],
  [
    'nothing listens',
    {
      status: 1,
      stdout: '000',
      stderr:
        'curl: (7) Failed to connect to gpu.example.com port 6443\ncommand terminated with exit code 7\n',
    },
    'failed',
    'curl: (7)',
  ],
  [
    'packets are dropped',
    {
      status: 1,
      stdout: '000',
      stderr: 'curl: (28) Connection timed out after 3000 milliseconds\n',
    },
    'failed',
    'curl: (28)',
  ],
  ['no curl in the image', NO_CURL, 'not tried', 'nothing'],
  [
    'kubectl may not exec',
    {
      status: 1,
      stderr:
        'Error from server (Forbidden): pods "manager-1" is forbidden: cannot create resource "pods/exec"\n',
    },
    'not tried',
    'nothing',
  ],
  [
    'the connection to the kubelet fails',
    { status: 1, stderr: 'error: unable to upgrade connection: dial tcp\n' },
    'failed',
    'kubectl: error',
  ],
] as const)
  compute(`${title}: ${status}`, async () => {
    const answers = { 'get pods': pods('manager-1'), 'exec -n here manager-1': answer };
    const { lines } = await linesWith({ answers });
    const line = lineOf(lines, TO_GPU);
    assert.is(line.status, status, line.means);
    assert.match(line.came, said);
    assert.match(
      line.command,
      /^kubectl exec -n michelangelo deployment\/manager -- curl .*https:\/\/gpu\.example\.com:6443\/readyz$/,
    );
  });

compute('refused and dropped have meanings of their own', async () => {
  const meaning = async (code: number) => {
    const stderr = `curl: (${code}) said\n`;
    const answers = { 'get pods': pods('manager-1'), exec: { status: 1, stdout: '000', stderr } };
    return lineOf((await linesWith({ answers })).lines, TO_GPU).means;
  };
  assert.match(await meaning(7), 'the address refuses');
  assert.match(await meaning(28), 'a network policy');
  assert.match(await meaning(6), 'the name has no address there');
});

compute('a manager that does not run is the line that fails', async () => {
  const { lines } = await linesWith({ answers: { 'get pods': pods('manager-1', 'Pending') } });
  assert.is(lineOf(lines, 'pod of the controller manager').status, 'failed');
  assert.is(lineOf(lines, TO_GPU).status, 'not tried');
});

compute(
  'without the flag nothing is put into a pod, with it an ephemeral container is',
  async () => {
    const answers = {
      'get pods': pods('manager-1'),
      exec: NO_CURL,
      'debug -n here manager-1': '401',
    };
    const without = await linesWith({ answers });
    assert.is(lineOf(without.lines, TO_GPU).status, 'not tried');
    assert.match(lineOf(without.lines, TO_GPU).means, '--allow-debug-containers');
    assert.not.ok(without.calls().some((call) => call.startsWith('debug')));
    const allowed = await linesWith({ answers, isAllowed: true });
    assert.is(lineOf(allowed.lines, TO_GPU).status, 'ok');
    const debugs = allowed.calls().filter((call) => call.startsWith('debug'));
    assert.match(debugs[0] ?? '', '--image=curlimages/curl -- curl');
  },
);

compute('without clusters there is no line', async () => {
  const { lines } = await linesWith({ answers: {}, text: MANIFESTS });
  assert.not.ok(lines.some(({ tried }) => tried.includes('controller manager')));
});

compute.run();

const tasks = suite('from a task pod');
const HEADERS =
  'HTTP/2 200 \r\ncontent-type: application/grpc\r\ngrpc-status: 12\r\ngrpc-message: unknown%20service\r\n\r\n200';

tasks('to the API by gRPC, and to the store by any answer', async () => {
  const answers = {
    'get pods -n default -l ray.io/is-ray-node=yes': pods('ray-head'),
    'exec -n here ray-head -- curl -sSk --http2': HEADERS,
    'exec -n here ray-head -- curl -sSk -o': '403',
  };
  const { lines } = await linesWith({ answers, text: MANIFESTS });
  const api = lineOf(lines, 'task pod to the API (https://api.ml.example.com:443)');
  assert.is(api.status, 'ok', api.means);
  assert.is(api.came, 'grpc-status 12 UNIMPLEMENTED (unknown service)');
  assert.equal(api.items, [9]);
  assert.is(
    lineOf(lines, 'task pod to the object store (https://s3.example.com:443)').status,
    'ok',
  );
});

tasks('a store with nothing behind it is not ready', async () => {
  const answers = {
    'get pods': pods('ray-head'),
    exec: HEADERS,
    'exec -n here ray-head -- curl -sSk -o': '503',
  };
  const { lines } = await linesWith({ answers, text: MANIFESTS });
  assert.is(lineOf(lines, 'task pod to the object store').status, 'warning');
});

tasks('a proxy without the API behind it, and no way at all', async () => {
  const lineFor = async (answer: string | object) => {
    const answers = { 'get pods': pods('ray-head'), exec: answer };
    return lineOf((await linesWith({ answers, text: MANIFESTS })).lines, 'task pod to the API');
  };
  assert.is((await lineFor('HTTP/2 502\r\ncontent-type: text/html\r\n\r\n502')).status, 'failed');
  assert.is(
    (await lineFor({ status: 1, stdout: '000', stderr: 'curl: (28) timed out\n' })).status,
    'failed',
  );
});

tasks('where none runs it is not tried, and says what was looked for', async () => {
  const { lines } = await linesWith({ answers: { 'get pods': { items: [] } }, text: MANIFESTS });
  assert.is(lineOf(lines, 'a task pod').status, 'not tried');
  assert.match(lineOf(lines, 'a task pod').means, 'ray.io/is-ray-node=yes runs in default');
});

tasks('in a compute cluster that the command line does not name it is not tried', async () => {
  const { lines } = await linesWith({ answers: { 'get pods': pods('manager-1'), exec: '401' } });
  assert.is(lineOf(lines, 'Kubernetes API of compute cluster gpu').status, 'not tried');
  assert.match(
    lineOf(lines, 'Kubernetes API of compute cluster gpu').means,
    '--compute-kubeconfig gpu=FILE',
  );
  assert.is(lineOf(lines, 'task pod in gpu to the API').status, 'not tried');
});

tasks('in a compute cluster it goes through its own context', async () => {
  const answers = {
    '--context gpu-admin get --raw /version': { major: '1', minor: '33', gitVersion: 'v1.33.0' },
    '--context gpu-admin get pods': pods('ray-head'),
    '--context gpu-admin exec': HEADERS,
  };
  const { lines } = await linesWith({ answers, context: 'gpu-admin' });
  assert.is(lineOf(lines, 'Kubernetes API of compute cluster gpu').came, 'v1.33.0');
  assert.is(lineOf(lines, 'task pod in gpu to the API').status, 'ok');
});

tasks.run();
