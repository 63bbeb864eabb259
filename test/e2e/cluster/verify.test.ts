/**
 * `verify` against two real Kubernetes APIs: the cluster of the manifests, and a compute cluster with a kubeconfig of its own. kubectl is a
 * real one but for `exec` and `debug`, which need a kubelet: a program in its place runs the words behind `--` here, where curl finds the real API
 * of the compute cluster.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../support/command-line.ts';
import { bundled } from '../../support/kustomize.ts';
import { projectWith } from '../../support/small-overlay.ts';
import { folderWith } from '../../support/temporary.ts';
import { makeCertificate } from '../support/certificates.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { listen, unusedPort } from '../support/listen.ts';
import { type Keep, standFor } from '../support/stand.ts';
import { startTlsEntry } from '../support/tls-entry.ts';
import { until } from '../support/until.ts';
import { kubectlTool, provideKubectl } from '../tools.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { type Manifest, manifestsOf, namespace, namespacesOf } from './manifests.ts';

interface JsonLine {
  tried: string;
  status: string;
  came: string;
  means: string;
}

const configFor = (host: string, port: number) => `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.example.com
  tls: {mode: ca, trust: preinstalled}
  entry: {ingress: {controller: ingress-nginx}}
  computeClusters: [{name: gpu, server: "https://${host}:${port}"}]
`;

/** In the place of upstream's own definition, which its API server makes when it starts: of `Cluster` only that there is such a kind. */
const CLUSTER_DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusters.michelangelo.api}
spec:
  group: michelangelo.api
  names: {kind: Cluster, plural: clusters, singular: cluster}
  scope: Namespaced
  versions:
    - name: v2
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

const INGRESS_CLASS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx' },
  spec: { controller: 'k8s.io/ingress-nginx' },
};
const CA_SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'internal-ca-key-pair', namespace: 'cert-manager' },
  stringData: { 'tls.crt': 'NOT-TO-BE-SHOWN', 'tls.key': 'NOT-TO-BE-SHOWN' },
};

const CLUSTER_SECRETS = [
  ['cluster-gpu-client-token', 'token'],
  ['cluster-gpu-ca-data', 'cadata'],
].map(([name = '', key = '']) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'default' },
  stringData: { [key]: 'NOT-TO-BE-SHOWN' },
}));

/** What stands where the API's and the app's hosts lead: nothing, since another test has them. */
const NOWHERE = ['api', 'app'].flatMap((name) => ['--resolve', `${name}.ml.example.com:127.9.9.9`]);

/** The base's. */
const STORE = 's3.us-east-1.amazonaws.com';

const TO_GPU = 'controller manager to compute cluster gpu';
/** The hosts' own, which nothing serves here. */
const HOSTS = ['TLS with api.ml.example.com:443', 'TLS with app.ml.example.com:443'];

const verify = suite('verify in two clusters');
const stand = standFor(verify, start);

async function start(keep: Keep) {
  const own = await startControlPlane(keep);
  const gpu = await startControlPlane(keep);
  await applyDefinitions(own.api, ['cert-manager']);
  await own.api.apply(CLUSTER_DEFINITION);
  const gpuHost = hostIn(gpu);
  const project = projectWith({
    production: { config: configFor(gpuHost, 6443) },
  });
  const kubectl = await realKubectl();
  const routes = await startPublicSide(keep);
  const env = {
    ...process.env,
    KUSTOMIZE: bundled.command,
    // Where curl finds the API and the object store, in the place of DNS.
    CURL_HOME: routes.folder,
    PATH: `${folderWith({ kubectl: withoutKubelet(kubectl) })}:${process.env.PATH}`,
  };
  const rendered = await run(['render', 'overlays/production'], { cwd: project, env });
  const manifests = manifestsOf(rendered.stdout);
  for (const name of [...namespacesOf(manifests), 'cert-manager', 'default'])
    await own.api.apply(namespace(name));
  for (const one of [INGRESS_CLASS, CA_SECRET, ...CLUSTER_SECRETS, ...manifests])
    await until('it to be taken', async () => {
      await own.api.apply(one);
      return true;
    });
  const [manager] = manifests.filter(
    ({ kind, metadata }) => kind === 'Deployment' && /controllermgr/.test(metadata.name),
  );
  await startPod(kubectl, own, 'michelangelo', 'manager-1', manager?.spec.selector.matchLabels);
  await startPod(kubectl, gpu, 'default', 'ray-head', { 'ray.io/is-ray-node': 'yes' });

  const look = async (words: readonly string[] = [], { host = gpuHost, port = 6443 } = {}) => {
    writeFileSync(join(project, 'overlays/production/domain.yaml'), configFor(host, port));
    const clusters = [
      '--kubeconfig',
      own.kubeconfig,
      '--compute-kubeconfig',
      `gpu=${gpu.kubeconfig}`,
    ];
    const result = await run(
      ['verify', 'overlays/production', '--json', ...NOWHERE, ...clusters, ...words],
      { cwd: project, env },
    );
    const { lines } = JSON.parse(result.stdout) as { lines: JsonLine[] };
    const failed = lines.filter(({ status }) => status === 'failed').map(({ tried }) => tried);
    const status = (tried: string) => lines.find((line) => line.tried.startsWith(tried))?.status;
    return { ...result, lines, status, failed: failed.filter((tried) => !HOSTS.includes(tried)) };
  };
  return { own, gpu, kubectl, look, keep, routes };
}

verify(
  'healthy: prerequisites, the worker, and the connection to the compute cluster',
  async () => {
    const { failed, status, stdout } = await stand().look();
    assert.equal(failed, []);
    for (const tried of [
      'Kubernetes API',
      'IngressClass nginx',
      'kinds of cert-manager.io/v1',
      'kinds of michelangelo.api/v2',
      'Secret cert-manager/internal-ca-key-pair',
      'Secret default/cluster-gpu-client-token',
      'Secret default/cluster-gpu-ca-data',
      'worker.address in ConfigMap',
      'pod of the controller manager',
      TO_GPU,
      'Kubernetes API of compute cluster gpu',
      'a task pod in gpu',
    ])
      assert.is(status(tried), 'ok', tried);
    assert.not.match(stdout, 'NOT-TO-BE-SHOWN');
    assert.not.match(stdout, Buffer.from('NOT-TO-BE-SHOWN').toString('base64'));
  },
);

verify('nothing is changed in either cluster', async () => {
  const { own, gpu, look } = stand();
  const versions = () => Promise.all([own, gpu].map(everything));
  const before = await versions();
  await look();
  assert.equal(await versions(), before);
});

verify('a compute API at whose port nothing listens', async () => {
  const { failed, lines } = await stand().look([], { port: 6444 });
  assert.equal(
    failed.map((tried) => tried.slice(0, TO_GPU.length)),
    [TO_GPU],
  );
  assert.match(
    lines.find(({ tried }) => tried.startsWith(TO_GPU))?.means ?? '',
    'the address refuses',
  );
});

verify('a compute API behind something that drops what comes, within the time', async () => {
  const { keep, look } = stand();
  const silent = keep(await listen(createServer(() => {})));
  const begun = Date.now();
  const { failed } = await look(['--timeout', '20'], { host: '127.0.0.1', port: silent.port });
  assert.equal(
    failed.map((tried) => tried.slice(0, TO_GPU.length)),
    [TO_GPU],
  );
  // For ever, without the time that was given.
  assert.ok(Date.now() - begun < 40_000);
});

verify('an API and a store that task pods do not reach', async () => {
  const { look, routes } = stand();
  const dead = await unusedPort();
  routes.lead({ api: dead });
  const first = await look();
  assert.equal(first.failed, ['task pod in gpu to the API (https://api.ml.example.com:443)']);
  routes.lead({ store: dead });
  const second = await look();
  assert.is(second.failed.length, 1);
  assert.match(second.failed[0] ?? '', 'task pod in gpu to the object store');
  routes.lead({});
});

verify('a class, a Secret and a pod that are not there: a line each', async () => {
  const { own, kubectl, look } = stand();
  const remove = (...words: string[]) =>
    execa(kubectl, ['--kubeconfig', own.kubeconfig, 'delete', '--wait=false', '--force', ...words]);
  await remove('ingressclass', 'nginx');
  assert.equal((await look()).failed, ['IngressClass nginx']);
  await own.api.apply({ ...INGRESS_CLASS, spec: { controller: 'nginx.org/ingress-controller' } });
  assert.equal((await look()).failed, ['IngressClass nginx']);
  await remove('ingressclass', 'nginx');
  await own.api.apply(INGRESS_CLASS);
  await remove('secret', 'internal-ca-key-pair', '-n', 'cert-manager');
  assert.equal((await look()).failed, ['Secret cert-manager/internal-ca-key-pair']);
  await own.api.apply(CA_SECRET);
  await remove('pod', 'manager-1', '-n', 'michelangelo');
  const { failed, status } = await look();
  assert.is(failed.length, 1);
  assert.match(failed[0] ?? '', 'pod of the controller manager');
  assert.is(status(TO_GPU), 'not tried');
});

verify('a kubeconfig that leads nowhere: one line, the rest is not tried', async () => {
  const { gpu, look } = stand();
  const nowhere = folderWith({
    kubeconfig: readFileSync(gpu.kubeconfig, 'utf8').replaceAll(':6443', ':6444'),
  });
  const { failed, status } = await look(['--kubeconfig', join(nowhere, 'kubeconfig')]);
  assert.equal(failed, ['Kubernetes API']);
  assert.is(status('IngressClass nginx'), 'not tried');
});

verify.run();

/** A gRPC server behind TLS, and something that refuses whom it does not know, in the place of an object store. */
async function startPublicSide(keep: Keep) {
  const pair = await makeCertificate(['api.ml.example.com', STORE]);
  const backend = keep(await startGrpcBackend());
  const api = keep(await startTlsEntry(pair, backend.port, ['h2']));
  const { key, certificate: cert } = pair;
  const store = keep(
    await listen(createHttps({ key, cert }, (_, response) => response.writeHead(403).end())),
  );
  const folder = folderWith({});
  const lead = (ports: { api?: number; store?: number }) =>
    writeFileSync(
      join(folder, '.curlrc'),
      `connect-to = "api.ml.example.com:443:127.0.0.1:${ports.api ?? api.port}"\nconnect-to = "${STORE}:443:127.0.0.1:${ports.store ?? store.port}"\n`,
    );
  lead({});
  return { folder, lead };
}

/** The one on PATH, or the one that was built of its own module. */
async function realKubectl(): Promise<string> {
  const missing = await provideKubectl();
  if (missing) throw new Error(missing);
  const { stdout, failed } = await execa('sh', ['-c', 'command -v kubectl'], { reject: false });
  return failed ? kubectlTool.path : stdout;
}

/** `exec` and `debug` run here what they would run in the pod. */
function withoutKubelet(kubectl: string): string {
  return `#!/bin/sh
case " $* " in
  *" exec "* | *" debug "*) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
esac
exec '${kubectl}' "$@"
`;
}

function hostIn({ kubeconfig }: ControlPlane): string {
  const { clusters } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string } }[];
  };
  return new URL(clusters[0]?.cluster.server ?? '').hostname;
}

/** A pod of which somebody says that it runs, as a kubelet would. */
async function startPod(
  kubectl: string,
  { api, kubeconfig }: ControlPlane,
  namespace: string,
  name: string,
  labels: Record<string, string>,
): Promise<void> {
  await until('the namespace', () => api.read(`/api/v1/namespaces/${namespace}`));
  const metadata = { name, namespace, labels };
  await api.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [{ name: 'main', image: 'none' }] },
  });
  const words = ['patch', 'pod', name, '-n', namespace, '--subresource=status', '--type=merge'];
  const status = JSON.stringify({ status: { phase: 'Running' } });
  await execa(kubectl, ['--kubeconfig', kubeconfig, ...words, '-p', status]);
}

/** Names and versions of what a line could have changed. */
async function everything({ api }: ControlPlane): Promise<string[]> {
  const paths = ['pods', 'configmaps', 'secrets', 'services', 'namespaces'];
  const found = await Promise.all(paths.map((path) => api.read(`/api/v1/${path}`)));
  return found.flatMap((text) =>
    (JSON.parse(text) as { items: Manifest[] }).items.map(({ metadata }) =>
      JSON.stringify([metadata.name, (metadata as { resourceVersion?: string }).resourceVersion]),
    ),
  );
}
