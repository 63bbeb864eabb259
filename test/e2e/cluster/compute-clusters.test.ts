/**
 * A compute cluster of the config in a real Kubernetes API: the Cluster is taken, kubectl makes its Secrets by the commands of the page, and
 * who may read them is as the page says. One API server is both clusters.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot, toolsFolder } from '../../../src/build/paths.ts';
import { buildWith, bundled } from '../../support/kustomize.ts';
import { standFor } from '../support/stand.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { Refusal } from './kubernetes.ts';
import { type Manifest, manifestsOf, namespace, namespacesOf } from './manifests.ts';

const SECRETS = '/api/v1/namespaces/default/secrets';
const MANAGER = 'system:serviceaccount:michelangelo:michelangelo-controllermgr';

/** What the compute cluster gives its ServiceAccount. */
const GIVEN = { token: 'eyJ.a.b', 'ca.crt': '-----BEGIN CERTIFICATE-----\nAA==\n' };

const clusters = suite('compute clusters');

const stand = standFor(clusters, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, []);
  const { status, stdout, stderr } = await buildWith(bundled, 'overlays/production');
  assert.is(status, 0, stderr);
  const manifests = manifestsOf(stdout).filter(
    ({ apiVersion, kind }) => apiVersion.startsWith('rbac.') || kind === 'Cluster',
  );
  for (const name of namespacesOf(manifests)) await api.apply(namespace(name));
  for (const manifest of manifests) await api.apply(manifest);
  await api.apply(secret('somebody-elses', {}));
  await api.apply(secret('ray-manager-token', GIVEN));
  const page = readFileSync(join(packageRoot, 'docs/compute-clusters.md'), 'utf8');
  const env = {
    KUBECONFIG: withContext(kubeconfig, 'gpu'),
    PATH: [process.env.PATH, toolsFolder].join(delimiter),
  };
  const commands = [...page.matchAll(/^\$ (kubectl --context gpu .*)$/gm)].map(([, line]) => line);
  for (const command of commands) await execa('sh', ['-c', command ?? ''], { env });
  return api;
});

clusters('are where the controller manager looks', async () => {
  const { kind, spec } = JSON.parse(
    await stand().read('/apis/michelangelo.api/v2/namespaces/ma-system/clusters/gpu'),
  );
  assert.is(kind, 'Cluster');
  const { host, port } = spec.kubernetes.rest;
  assert.is(`${host}:${port}`, 'https://k8s.gpu.ml.example.com:6443');
});

clusters('have Secrets that the controller manager reads, and no other', async () => {
  const contentOf = async (name: string, key: string) => {
    const { data } = JSON.parse(await stand().read(`${SECRETS}/${name}`, MANAGER));
    return Buffer.from(data[key], 'base64').toString();
  };
  assert.is(await contentOf('cluster-gpu-client-token', 'token'), GIVEN.token);
  assert.is(await contentOf('cluster-gpu-ca-data', 'cadata'), GIVEN['ca.crt']);
  assert.is(await statusOf(`${SECRETS}/somebody-elses`, MANAGER), 403);
  assert.is(await statusOf(SECRETS, MANAGER), 403);
  assert.is(await statusOf('/api/v1/namespaces/michelangelo/secrets/any', MANAGER), 403);
});

clusters('have Secrets that no other program reads', async () => {
  const worker = MANAGER.replace('controllermgr', 'worker');
  assert.is(await statusOf(`${SECRETS}/cluster-gpu-client-token`, worker), 403);
});

clusters.run();

async function statusOf(path: string, user: string): Promise<number> {
  try {
    await stand().read(path, user);
    return 200;
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

function secret(name: string, stringData: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' }, stringData };
}

/** A copy of a kubeconfig in which another context leads to the same place. */
function withContext(kubeconfig: string, name: string): string {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  config.contexts.push({ ...config.contexts[0], name });
  const path = join(dirname(kubeconfig), 'kubeconfig-of-both');
  writeFileSync(path, JSON.stringify(config));
  return path;
}
