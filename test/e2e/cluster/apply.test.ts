/**
 * A real Kubernetes API accepts what is rendered: server-side apply with strict field validation, every overlay and
 * every golden case that has an empty file `apply` beside its expected.yaml.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/build/paths.ts';
import { buildWith, bundled } from '../../support/kustomize.ts';
import { standFor } from '../support/stand.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { Refusal } from './kubernetes.ts';
import { documentsOf, type Manifest, manifestsOf, namespace, namespacesOf } from './manifests.ts';
import { definitionNames } from './programs.ts';

const apply = suite('Kubernetes API');

const cluster = standFor(apply, async (keep) => {
  const { api } = await startControlPlane(keep);
  await applyDefinitions(api, definitionNames);
  return api;
});

for (const name of readdirSync(join(packageRoot, 'overlays')))
  apply(`accepts overlay ${name}`, async () => {
    const { status, stdout, stderr } = await buildWith(bundled, `overlays/${name}`);
    assert.is(status, 0, stderr);
    assert.equal(await refusals(stdout), []);
  });

const cases = join(packageRoot, 'test/cases');
for (const name of readdirSync(cases).filter((name) => existsSync(join(cases, name, 'apply'))))
  apply(`accepts case ${name}`, async () => {
    const expected = readFileSync(join(cases, name, 'expected.yaml'), 'utf8');
    // Cases share names, with fields that cannot be changed: none is stored.
    assert.equal(await refusals(expected, { dryRun: true }), []);
  });

apply('refuses a host that the function has not written', async () => {
  const { status, stdout, stderr } = await buildWith(bundled, 'base');
  assert.is(status, 0, stderr);
  const ingresses = manifestsOf(stdout).filter(({ kind }) => kind === 'Ingress');
  assert.is(ingresses.length, 2);
  for (const ingress of ingresses)
    assert.match(await refusal(ingress), /422 .*Invalid value: "a(?:pi|pp)\.DOMAIN_NOT_SET"/);
});

apply('refuses a field that does not exist', async () => {
  const service = { ...metadata('v1', 'Service'), spec: { ports: [{ port: 80, prot: 80 }] } };
  assert.match(await refusal(service), /\.prot: field not declared in schema/);
  const spec = { secretName: 'a', issuerRef: { name: 'a' }, dnsName: ['ml.example.com'] };
  const certificate = { ...metadata('cert-manager.io/v1', 'Certificate'), spec };
  assert.match(await refusal(certificate), /\.spec\.dnsName: field not declared in schema/);
});

apply('refuses what a CustomResourceDefinition forbids by a rule', async () => {
  const listener = { port: 80, protocol: 'HTTP', hostname: 'api.ml.example.com' };
  const gateway = {
    ...metadata('gateway.networking.k8s.io/v1', 'Gateway'),
    spec: {
      gatewayClassName: 'contour',
      listeners: ['one', 'two'].map((name) => ({ name, ...listener })),
    },
  };
  assert.match(await refusal(gateway), /port, protocol and hostname must be unique/);
});

apply.run();

/** What the API server says against a stream of manifests, whose namespaces are made first. */
async function refusals(stream: string, options = { dryRun: false }): Promise<string[]> {
  const api = cluster();
  const manifests = manifestsOf(stream);
  assert.ok(manifests.length > 0, 'renders something');
  for (const name of namespacesOf(manifests)) await api.apply(namespace(name));
  // As text where it can be: the API server reads YAML in its own way, and refuses a key that stands twice.
  const texts = documentsOf(stream);
  const given = texts.length === manifests.length ? texts : manifests;
  const problems = await Promise.all(
    given.map((each) => api.apply(each, options).catch(messageOf)),
  );
  return problems.filter((problem) => problem !== undefined);
}

async function refusal(manifest: Manifest): Promise<string> {
  const problem = await cluster().apply(manifest).catch(messageOf);
  assert.ok(problem, 'is refused');
  return problem ?? '';
}

function messageOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  throw error;
}

function metadata(apiVersion: string, kind: string): Manifest {
  return { apiVersion, kind, metadata: { name: 'example', namespace: 'default' } };
}
