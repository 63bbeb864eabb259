/**
 * A real Kubernetes API takes argocd/ and flux/, and after a server-side apply of the environments by Argo CD's field manager, Argo CD's
 * structured diff finds nothing that differs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/build/paths.ts';
import { buildWith, newest } from '../../support/kustomize.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { applyDefinitions, waitForDefinitions } from '../cluster/definitions.ts';
import type { KubernetesApi } from '../cluster/kubernetes.ts';
import {
  documentsOf,
  type Manifest,
  manifestsOf,
  namespace,
  namespacesOf,
} from '../cluster/manifests.ts';
import { standFor } from '../support/stand.ts';
import { askArgocd } from './ask.ts';
import { gitopsDefinitionsTool } from './programs.ts';

const MANAGER = 'argocd-controller';
const tests = suite('Argo CD and Flux in a cluster');

const cluster = standFor(tests, async (keep) => {
  const plane = await startControlPlane(keep);
  await applyDefinitions(plane.api, ['cert-manager', 'gateway-api', 'prometheus-operator']);
  return plane;
});

for (const name of ['production', 'onprem'])
  tests(`${name}: in sync after a server-side apply`, async () => {
    const manifests = await rendered(name);
    await applyAll(cluster().api, manifests);
    assert.equal(await differences(manifests), []);
  });

tests(
  'gateway-acme: in sync is what the function adds of Gateway API and cert-manager',
  async () => {
    const text = readFileSync(join(packageRoot, 'test/cases/gateway-acme/expected.yaml'), 'utf8');
    const manifests = manifestsOf(text).filter(({ apiVersion }) =>
      /^(gateway\.networking\.k8s|cert-manager)\.io\//.test(apiVersion),
    );
    assert.ok(manifests.some(({ kind }) => kind === 'ClusterIssuer'));
    await applyAll(cluster().api, manifests);
    assert.equal(await differences(manifests), []);
  },
);

tests('routes and Gateways without their defaults would differ for ever', async () => {
  const manifests = (await rendered('onprem')).filter(({ kind }) => /Route$/.test(kind));
  const bare = JSON.parse(JSON.stringify(manifests), (key, value) =>
    ['group', 'kind', 'weight'].includes(key) && value !== 'TLSRoute' && value !== 'HTTPRoute'
      ? undefined
      : value,
  ) as Manifest[];
  await applyAll(cluster().api, bare);
  assert.is((await differences(bare)).length, manifests.length);
});

tests('the files of argocd/ and flux/ are what their kinds allow', async () => {
  const { api } = cluster();
  const folder = gitopsDefinitionsTool.path;
  const definitions = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  await Promise.all(definitions.map((definition) => api.apply(definition)));
  await waitForDefinitions(api);
  const paths = [
    'argocd/applicationset.yaml',
    'argocd/project.yaml',
    ...['flux/git', 'flux/oci'].flatMap((name) =>
      readdirSync(join(packageRoot, name)).map((file) => `${name}/${file}`),
    ),
  ];
  for (const name of ['argocd', 'flux-system']) await api.apply(namespace(name));
  for (const path of paths)
    for (const text of documentsOf(readFileSync(join(packageRoot, path), 'utf8')))
      await api.apply(text, { dryRun: true });
});
tests.run();

async function rendered(name: string): Promise<Manifest[]> {
  const { status, stdout, stderr } = await buildWith(newest, `overlays/${name}`);
  assert.is(status, 0, stderr);
  return manifestsOf(stdout);
}

async function applyAll(api: KubernetesApi, manifests: readonly Manifest[]): Promise<void> {
  for (const name of namespacesOf(manifests)) await api.apply(namespace(name));
  await Promise.all(manifests.map((each) => api.apply(each, { manager: MANAGER })));
}

/** What Argo CD would call OutOfSync. */
async function differences(manifests: readonly Manifest[]): Promise<unknown[]> {
  const file = join(temporaryFolder(), 'objects.yaml');
  writeFileSync(file, manifests.map((each) => `---\n${JSON.stringify(each)}\n`).join(''));
  return await askArgocd<unknown[]>('diff', [cluster().kubeconfig, file]);
}
