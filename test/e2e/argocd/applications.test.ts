/** argocd/ through Argo CD's own code: the Applications that are made, what a named version of kustomize renders, the health of routes. */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import { run } from '../../support/command-line.ts';
import { buildWith, newest } from '../../support/kustomize.ts';
import { OVERLAYS } from '../../support/overlays.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';
import { type Manifest, manifestsOf, nameOf } from '../cluster/manifests.ts';
import { askArgocd } from './ask.ts';
import { gitopsDefinitionsTool } from './programs.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

/** A repository of somebody who uses all of this. */
const repository = temporaryFolder();
for (const name of ['base', 'overlays', 'argocd'])
  cpSync(join(packageRoot, name), join(repository, name), { recursive: true });
const git = (...words: string[]) => execa('git', words, { cwd: repository });
await git('init', '--quiet');
await git('add', '--all');

interface Application {
  metadata: { name: string; labels: Record<string, string>; finalizers?: string[] };
  spec: {
    source: { path: string };
    destination: { name: string; namespace: string };
    syncPolicy: { automated?: { prune: boolean } };
  };
}

const SET = 'argocd/applicationset.yaml';
const PROJECT = 'argocd/project.yaml';
const applicationsOf = (root: string) =>
  askArgocd<Application[]>('applications', [root, join(root, SET), join(root, PROJECT)]);

const sets = suite('ApplicationSet');

sets('makes one Application for each environment, of its rendered manifests', async () => {
  const made = await applicationsOf(repository);
  const wanted = OVERLAYS.map((name) => {
    const { cluster, namespace, stage, sync } = parse(read(`overlays/${name}/environment.yaml`));
    return {
      name: `michelangelo-${name}`,
      labels: { stage, sync },
      path: `rendered/${name}`,
      destination: { name: cluster, namespace },
      automated: sync === 'auto' ? { prune: true } : undefined,
      // What runs stays when the Application goes.
      finalizers: undefined,
    };
  });
  const found = made.map(({ metadata, spec }) => ({
    name: metadata.name,
    labels: metadata.labels,
    path: spec.source.path,
    destination: spec.destination,
    automated: spec.syncPolicy.automated,
    finalizers: metadata.finalizers,
  }));
  const byName = (left: { name: string }, right: { name: string }) =>
    left.name < right.name ? -1 : 1;
  assert.equal(found.sort(byName), wanted.sort(byName));
});

sets('stops for all environments where one file lacks a key', async () => {
  const root = temporaryFolder();
  cpSync(repository, root, { recursive: true });
  const file = join(root, 'overlays/dev/environment.yaml');
  writeFileSync(file, read('overlays/dev/environment.yaml').replace('stage:', 'stages:'));
  const error = await applicationsOf(root).catch(String);
  assert.match(String(error), /map has no entry for key "stage"/);
});
sets.run();

const named = suite('a named version of kustomize');
const VERSION = 'ma-overlays-v0.1.0';

/** What the image puts into the repo server, and an argocd-cm that has its path. */
function installed(): string {
  const home = temporaryFolder();
  cpSync(join(packageRoot, 'argocd/named-kustomize/kustomize'), join(home, 'kustomize'));
  cpSync(join(packageRoot, 'plugin'), join(home, 'plugin'), { recursive: true });
  const text = read('argocd/named-kustomize/argocd-cm.yaml');
  const path = '/opt/ma-overlays/v0.1.0/kustomize';
  assert.match(text, path);
  return join(
    folderWith({ 'argocd-cm.yaml': text.replace(path, join(home, 'kustomize')) }),
    'argocd-cm.yaml',
  );
}

for (const name of ['production', 'onprem'])
  named(`${name}: the repo server renders what render does`, async () => {
    const words = [repository, join(repository, 'overlays', name), installed(), VERSION];
    const env = { MA_KUSTOMIZE: newest.command, HOME: '' };
    const built = await askArgocd<Manifest[]>('build', words, env);
    const { status, stdout, stderr } = await run(
      ['render', `overlays/${name}`, '--kustomize', newest.command],
      { cwd: repository },
    );
    assert.is(status, 0, stderr);
    assert.equal(sorted(built), sorted(manifestsOf(stdout)));
  });

named(
  'a version that argocd-cm lacks is an error, and so is a plugin home that is missing',
  async () => {
    const configMap = installed();
    const words = [repository, join(repository, 'overlays/dev'), configMap];
    const env = { MA_KUSTOMIZE: newest.command };
    const unknown = await askArgocd('build', [...words, 'ma-overlays-v0.2.0'], env).catch(String);
    assert.match(String(unknown), /kustomize version ma-overlays-v0\.2\.0 is not registered/);
    const program = parse(readFileSync(configMap, 'utf8')).data[`kustomize.path.${VERSION}`];
    rmSync(join(program, '../plugin'), { recursive: true });
    const missing = await askArgocd('build', [...words, VERSION], env).catch(String);
    assert.match(String(missing), /unable to find plugin root/);
  },
);

named('its patches, and that of the sidecar, fit what Argo CD installs', async () => {
  const installed = join(gitopsDefinitionsTool.path, 'installed');
  const files = readdirSync(installed);
  const folder = temporaryFolder();
  cpSync(installed, folder, { recursive: true });
  const patch = (kind: string, name: string, file: string) => ({
    target: { kind, name },
    patch: JSON.stringify({ kind, metadata: { name }, ...parse(read(file)) }),
  });
  const patches = [
    patch('Deployment', 'argocd-repo-server', 'argocd/named-kustomize/repo-server.yaml'),
    patch('Deployment', 'argocd-repo-server', 'argocd/sidecar/repo-server.yaml'),
    patch('ConfigMap', 'argocd-cm', 'argocd/named-kustomize/argocd-cm.yaml'),
    patch('ConfigMap', 'argocd-cm', 'argocd/health.yaml'),
  ];
  writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: files, patches }));
  const { status, stdout, stderr } = await buildWith(newest, folder);
  assert.is(status, 0, stderr);
  const find = (wanted: string) =>
    manifestsOf(stdout).find(({ kind }) => kind === wanted) ?? assert.unreachable(wanted);
  const { data } = find('ConfigMap') as Manifest;
  for (const file of ['named-kustomize/argocd-cm.yaml', 'health.yaml'])
    for (const [key, value] of Object.entries(parse(read(`argocd/${file}`)).data))
      assert.is(data[key], value);
  const { containers, initContainers, volumes } = (find('Deployment') as Manifest).spec.template
    .spec;
  // Nothing of Argo CD's own is replaced.
  assert.is(containers.length, 2);
  assert.is(initContainers.length, 2);
  const mounts: { name: string; mountPath: string; readOnly?: boolean }[][] = [
    ...containers,
    ...initContainers,
  ].map(({ volumeMounts }) => volumeMounts);
  for (const { name } of mounts.flat())
    assert.ok(
      volumes.some((volume: { name: string }) => volume.name === name),
      name,
    );
  const server = mounts.find((all) => all.some(({ mountPath }) => mountPath.startsWith('/app/')));
  assert.ok(server?.find(({ name }) => name.startsWith('ma-overlays'))?.readOnly);
  // What the sidecar is started with, and where it answers, is where Argo CD has it.
  for (const shared of ['var-files', 'plugins']) {
    const paths = mounts.flat().filter(({ name }) => name === shared);
    assert.is(paths.length, 2);
    assert.is(new Set(paths.map(({ mountPath }) => mountPath)).size, 1);
  }
});

named('calls kustomize as it is for all but builds', async () => {
  const home = temporaryFolder();
  symlinkSync(join(packageRoot, 'plugin'), join(home, 'plugin'));
  cpSync(join(packageRoot, 'argocd/named-kustomize/kustomize'), join(home, 'kustomize'));
  const echo = folderWith({ echo: '#!/bin/sh\necho "${PATH%%:*} $KUSTOMIZE_PLUGIN_HOME $*"\n' });
  const env = { MA_KUSTOMIZE: join(echo, 'echo') };
  const say = async (...words: string[]) =>
    (await execa(join(home, 'kustomize'), words, { env })).stdout;
  const homes = `${home}/bin ${home}/plugin`;
  assert.is(await say('version'), `${homes} version`);
  assert.is(
    await say('build', 'a b', '--load-restrictor=x'),
    `${homes} build --enable-alpha-plugins a b --load-restrictor=x`,
  );
  assert.is(await say(), `${homes} `);
});
named.run();

const health = suite('health');
const condition = (type: string, status: string, observedGeneration = 2) => ({
  type,
  status,
  observedGeneration,
  message: `${type} is ${status}`,
});
type Conditions = ReturnType<typeof condition>[];
const SHAPES = {
  TLSRoute: (all: Conditions[]) => ({
    parents: all.map((conditions) => ({ parentRef: { name: 'entry' }, conditions })),
  }),
  BackendTLSPolicy: (all: Conditions[]) => ({
    ancestors: all.map((conditions) => ({ ancestorRef: { name: 'entry' }, conditions })),
  }),
};
const accepted = [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')];
const STATES: [name: string, all: Conditions[] | undefined, status: string][] = [
  ['fresh', undefined, 'Progressing'],
  ['unclaimed', [], 'Progressing'],
  ['accepted', [accepted], 'Healthy'],
  ['refused', [[condition('Accepted', 'False')]], 'Degraded'],
  ['unresolved', [[condition('Accepted', 'True'), condition('ResolvedRefs', 'False')]], 'Degraded'],
  ['half', [accepted, []], 'Progressing'],
  ['outdated', [[condition('Accepted', 'True', 1)]], 'Progressing'],
  ['outdated-refusal', [[condition('Accepted', 'False', 1)]], 'Progressing'],
];

for (const [kind, shape] of Object.entries(SHAPES))
  health(`${kind}: follows what its parents say`, async () => {
    const objects = STATES.map(([name, all]) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { name, generation: 2 },
      ...(all && { status: shape(all) }),
    }));
    const file = folderWith({
      'objects.yaml': objects.map((one) => JSON.stringify(one)).join('\n---\n'),
    });
    const found = await askArgocd<{ name: string; status: string; message: string }[]>('health', [
      configMapOf('argocd/health.yaml'),
      join(file, 'objects.yaml'),
    ]);
    assert.equal(
      found.map(({ name, status }) => [name, status]),
      STATES.map(([name, , status]) => [name, status]),
    );
    assert.match(
      found.find(({ name }) => name === 'refused')?.message ?? '',
      /entry: Accepted is False/,
    );
  });

health('Argo CD has none of its own for these kinds', async () => {
  const objects = Object.keys(SHAPES).map((kind) =>
    JSON.stringify({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name: 'a' } }),
  );
  const folder = folderWith({
    'objects.yaml': objects.join('\n---\n'),
    'argocd-cm.yaml': 'data: {}\n',
  });
  const files = ['argocd-cm.yaml', 'objects.yaml'].map((name) => join(folder, name));
  const found = await askArgocd<{ status?: string }[]>('health', files);
  assert.equal(
    found.map(({ status }) => status),
    [undefined, undefined],
  );
});
health.run();

function configMapOf(path: string): string {
  assert.ok(existsSync(join(packageRoot, path)));
  return join(packageRoot, path);
}

function sorted(manifests: readonly Manifest[]): Manifest[] {
  return [...manifests].sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}
