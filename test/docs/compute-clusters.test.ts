/** The page about compute clusters shows what overlays/production has, what is made of it, and the commands that `new` prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { secretCommands } from '../../src/cli/new/cluster-steps.ts';
import { connectionOf } from '../../src/manifests/cluster.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { buildWith, bundled } from '../support/kustomize.ts';
import { builtOverlay } from '../support/overlays.ts';
import { projectWith } from '../support/small-overlay.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

const docs = suite('compute clusters');
const page = read('docs/compute-clusters.md');
const [config, ...shown] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) =>
  parse(text ?? ''),
);
const surface = surfaceOf(splitDocuments(Buffer.from(await builtOverlay('production'))));

docs('shows the config of the overlay', () => {
  const { spec } = parse(read('overlays/production/domain.yaml'));
  assert.equal(config.spec.computeClusters, spec.computeClusters);
  assert.equal(config.spec.controlPlane, spec.controlPlane);
});

docs('shows what is made of it', () => {
  const made = shown.filter(({ metadata }) => metadata?.namespace !== undefined);
  assert.is(made.length, 2);
  for (const wanted of made) {
    const { kind, metadata } = wanted;
    const found = surface.manifests.named(kind, metadata.name, metadata.namespace)?.json;
    const { metadata: written, ...rest } = found ?? {};
    const { metadata: _, ...own } = wanted;
    assert.equal(rest, own);
    assert.is((written as { namespace: string }).namespace, metadata.namespace);
  }
});

docs('shows the policies of the other side', () => {
  const { spec } = parse(read('overlays/production-gpu/domain.yaml'));
  const [own] = shown.flatMap(({ networkPolicies }) => networkPolicies ?? []);
  assert.equal(own, spec.networkPolicies);
});

docs('patches a Cluster after the function, as the page says', async () => {
  const kustomization = shown.find(({ transformers }) => transformers);
  const patch = shown.find(({ kind }) => kind === 'PatchTransformer');
  const overlay = read('overlays/production/kustomization.yaml');
  const cwd = projectWith({
    production: {
      kustomization: stringify({ ...parse(overlay), ...kustomization }),
      config: read('overlays/production/domain.yaml'),
      files: { 'skus.yaml': stringify(patch) },
    },
  });
  const { status, stdout, stderr } = await buildWith(bundled, 'overlays/production', { cwd });
  assert.is(status, 0, stderr);
  const cluster = parseAllDocuments(stdout)
    .map((document) => document.toJS())
    .find(({ kind }) => kind === 'Cluster');
  assert.equal(cluster.spec.kubernetes.skus, [{ gpu: 8, gpuSku: 'a100' }]);
});

docs('shows the commands for the Secrets', () => {
  const commands = surface.manifests
    .ofKind('Cluster')
    .flatMap((cluster) => secretCommands(cluster.name, connectionOf(cluster)));
  assert.is(commands.length, 2);
  for (const command of commands) assert.ok(page.includes(`\n$ ${command}\n`), command);
});

docs.run();
