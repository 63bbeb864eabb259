/** argocd/ and flux/ against the overlays that they are for: test/e2e/argocd/ runs Argo CD's own code on them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, parseAllDocuments } from 'yaml';
import { packageRoot } from '../src/build/paths.ts';
import { environmentText, readEnvironment } from '../src/cli/environment-file.ts';
import { builtOverlay, OVERLAYS } from './support/overlays.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const environments = OVERLAYS.map((name) => {
  const file = `overlays/${name}/environment.yaml`;
  const { environment, problems } = readEnvironment(read(file), file);
  if (!environment) throw new Error(JSON.stringify(problems));
  return { name, file, environment };
});
const project = parse(read('argocd/project.yaml'));
const set = parse(read('argocd/applicationset.yaml'));

/** What an overlay renders. */
async function resourcesOf(name: (typeof OVERLAYS)[number]) {
  return parseAllDocuments(await builtOverlay(name)).map((document) => document.toJS());
}

const schema = suite('argocd/environment.schema.json');
const isValid = new Ajv().compile(JSON.parse(read('argocd/environment.schema.json')));

for (const { name, file, environment } of environments)
  schema(`${name}: the file is what new would write, and valid`, () => {
    assert.is(read(file), environmentText(environment, '../../argocd/environment.schema.json'));
    assert.ok(isValid(parse(read(file))));
  });

schema('takes and refuses what the reader does', () => {
  const sound = { cluster: 'a', namespace: 'b', stage: 'c', sync: 'auto' };
  const wrong = [
    ...['cluster', 'namespace', 'stage', 'sync'].flatMap((key) => [
      { ...sound, [key]: undefined },
      { ...sound, [key]: 1 },
      { ...sound, [key]: 'a b' },
      { ...sound, [key]: '' },
    ]),
    { ...sound, stage: 'A' },
    { ...sound, namespace: 'a'.repeat(64) },
    { ...sound, stages: 'c' },
    [],
  ];
  for (const [index, value] of [sound, ...wrong].entries()) {
    const json = JSON.parse(JSON.stringify(value));
    assert.is(isValid(json), index === 0, JSON.stringify(json));
    assert.is(readEnvironment(JSON.stringify(json), 'x').problems.length === 0, index === 0);
  }
});
schema.run();

const argocd = suite('argocd');

argocd(
  'the project permits the kinds without a namespace that the overlays have, and Namespaces',
  async () => {
    const found = new Set(['/Namespace']);
    for (const { name } of environments)
      for (const { apiVersion, kind, metadata } of await resourcesOf(name))
        if (metadata.namespace === undefined)
          found.add(`${apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : ''}/${kind}`);
    const permitted = project.spec.clusterResourceWhitelist.map(
      ({ group, kind }: { group: string; kind: string }) => `${group}/${kind}`,
    );
    assert.equal(permitted.sort(), [...found].sort());
  },
);

argocd(
  'the project permits the clusters and namespaces that the environments have, and no others',
  async () => {
    const found = new Set<string>();
    for (const { name, environment } of environments) {
      found.add(`${environment.cluster}/${environment.namespace}`);
      for (const { metadata } of await resourcesOf(name))
        if (metadata.namespace) found.add(`${environment.cluster}/${metadata.namespace}`);
    }
    const permitted = project.spec.destinations.map(
      ({ name, namespace }: { name: string; namespace: string }) => `${name}/${namespace}`,
    );
    assert.equal(permitted.sort(), [...found].sort());
  },
);

argocd('every stage has one step, whatever it is called', () => {
  const { steps } = set.spec.strategy.rollingSync;
  const stepsOf = (labels: Record<string, string>) =>
    steps.filter(
      ({ matchExpressions }: { matchExpressions: Record<string, string | string[]>[] }) =>
        matchExpressions.every(
          ({ key, operator, values }) =>
            (values as string[]).includes(labels[key as string] ?? '') === (operator === 'In'),
        ),
    ).length;
  for (const stage of ['dev', 'staging', 'production', 'canary']) {
    assert.is(stepsOf({ stage, sync: 'auto' }), 1, stage);
    assert.is(stepsOf({ stage, sync: 'manual' }), 0, stage);
  }
});

argocd('the address of the repository is said in the same way everywhere', () => {
  const { repoURL } = set.spec.generators[0].git;
  assert.match(repoURL, /^https:\/\/git\.example\.com\//);
  assert.is(set.spec.template.spec.source.repoURL, repoURL);
  assert.equal(project.spec.sourceRepos, [repoURL]);
  assert.is(set.spec.template.spec.project, project.metadata.name);
});
argocd.run();

const flux = suite('flux');
for (const source of ['git', 'oci'])
  flux(`${source}: a file for each environment, for its folder`, () => {
    const files = readdirSync(join(packageRoot, 'flux', source));
    assert.equal(files.sort(), environments.map(({ name }) => `${name}.yaml`).sort());
    for (const { name } of environments) {
      const text = read(`flux/${source}/${name}.yaml`);
      const [from, kustomization] = parseAllDocuments(text).map((document) => document.toJS());
      assert.equal(kustomization.spec.sourceRef, { kind: from.kind, name: from.metadata.name });
      assert.is(kustomization.metadata.name, `michelangelo-${name}`);
      if (source === 'oci') assert.ok(from.spec.url.endsWith(`/${name}`));
      else {
        assert.is(from.spec.url, set.spec.generators[0].git.repoURL);
        assert.is(kustomization.spec.path, `./rendered/${name}`);
        assert.equal(from.spec.sparseCheckout, [`rendered/${name}`]);
      }
      // The same everywhere but for the name.
      assert.is(text.replaceAll(name, 'dev'), read(`flux/${source}/dev.yaml`));
    }
  });
flux.run();
