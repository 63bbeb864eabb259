/** `new --compute-of`: the compute side of a control plane, by flags and by questions. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import type { Io } from '../../../src/cli/io.ts';
import { makePlan } from '../../../src/cli/new/plan.ts';
import { repeatCommand } from '../../../src/cli/new/repeat.ts';
import type { Asker, Choice } from '../../../src/cli/questions.ts';
import { run } from '../../support/command-line.ts';
import { bundled } from '../../support/kustomize.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const withBundled = ['--kustomize', bundled.command];
const make = ['new', 'main-gpu', '--compute-of', 'main', '--cluster', 'gpu', ...withBundled];

const GPU = {
  name: 'gpu',
  server: 'https://k8s.gpu.example.com:6443',
  cidrs: ['203.0.113.10/32'],
  managed: false,
  taskPods: { namespaces: ['ml-jobs'], podSelector: { matchLabels: { job: 'yes' } } },
};

const MAIN = {
  domain: 'ml.example.com',
  port: 8443,
  hosts: { api: 'grpc.example.com', aliases: { api: ['api.old.example.com'] } },
  tls: { mode: 'ca', trust: 'preinstalled' },
  entry: { ingress: { controller: 'traefik' } },
  objectStore: { region: 'eu-central-1', endpoint: 'https://minio.example.com:9000' },
  computeClusters: [{ name: 'cpu', server: 'https://k8s.cpu.example.com' }, GPU],
  controlPlane: { egressCidrs: ['198.51.100.4'] },
};

/** A project with a control plane that lists two clusters. */
function project(spec: object = MAIN): string {
  const folder = temporaryFolder();
  for (const name of ['base', 'plugin'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  cpSync(join(packageRoot, 'overlays/onprem'), join(folder, 'overlays/main'), { recursive: true });
  const config = {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: 'main' },
    spec,
  };
  writeFileSync(join(folder, 'overlays/main/domain.yaml'), JSON.stringify(config));
  return folder;
}

function specOf(cwd: string, name: string) {
  return parse(readFileSync(join(cwd, `overlays/${name}/domain.yaml`), 'utf8')).spec;
}

const compute = suite('new --compute-of');

compute('takes what both sides say alike, and nothing else', async () => {
  const cwd = project();
  const { status, stdout, stderr } = await run(make, { cwd });
  assert.is(status, 0, stderr);
  assert.equal(specOf(cwd, 'main-gpu'), {
    role: 'compute',
    computeCluster: 'gpu',
    domain: 'ml.example.com',
    hosts: { api: 'grpc.example.com' },
    port: 8443,
    objectStore: MAIN.objectStore,
    computeClusters: [GPU],
    controlPlane: MAIN.controlPlane,
  });
  const kustomization = readFileSync(join(cwd, 'overlays/main-gpu/kustomization.yaml'), 'utf8');
  const { resources, namespace, namePrefix } = parse(kustomization);
  assert.equal([resources, namespace, namePrefix], [['../../base/compute'], undefined, undefined]);
  assert.match(stderr, 'trust the CA that signs grpc.example.com');
  for (const step of [
    'Secret aws-credentials of the cluster, namespace ml-jobs',
    'kubectl --context gpu create namespace ml-jobs',
    'render overlays/main-gpu | kubectl --context gpu apply',
    'cluster-gpu-client-token --from-file=token=/dev/stdin',
    'cluster-gpu-ca-data --from-file=cadata=/dev/stdin',
    'check overlays/main overlays/main-gpu',
    'ma-overlays new main-gpu --compute-of overlays/main --cluster gpu',
  ])
    assert.ok(stdout.includes(step), step);
});

compute('both sides agree', async () => {
  const cwd = project();
  await run(make, { cwd });
  const both = ['overlays/main', 'overlays/main-gpu'];
  const { stdout } = await run(['check', ...both, ...withBundled], { cwd });
  assert.not.match(stdout, /compute-(differs|not-listed)/);
  const file = join(cwd, 'overlays/main-gpu/domain.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('port: 8443', 'port: 443'));
  const again = await run(['check', ...both, ...withBundled], { cwd });
  assert.is(again.status, 1);
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((text) => /^ {2}port/.test(text));
  assert.match(again.stdout, `overlays/main-gpu/domain.yaml:${line + 1}:`);
  assert.match(again.stdout, 'the public port is 443 here, and 8443 in overlays/main');
});

compute('plain HTTP stays plain', async () => {
  const cwd = project({ ...MAIN, tls: { mode: 'none' }, hosts: undefined });
  const { status, stderr } = await run(make, { cwd });
  assert.is(status, 0, stderr);
  const { tls, hosts } = specOf(cwd, 'main-gpu');
  assert.equal([tls, hosts], [{ mode: 'none' }, undefined]);
});

compute('--set gives what only this side has', async () => {
  const cwd = project();
  const egress = '[{to: public-api, cidrs: [192.0.2.1]}, {to: object-store, cidrs: [192.0.2.2]}]';
  const set = ['--set', `networkPolicies={mode: restricted, egress: ${egress}}`];
  const { status, stderr } = await run([...make, ...set], { cwd });
  assert.is(status, 0, stderr);
  assert.is(specOf(cwd, 'main-gpu').networkPolicies.egress[1].to, 'object-store');
});

compute('the example in comments becomes valid', async () => {
  const cwd = project();
  await run(make, { cwd });
  const file = join(cwd, 'overlays/main-gpu/domain.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/^ {2}# (?=(?:networkPolicies| ))/gm, '  '));
  assert.ok(specOf(cwd, 'main-gpu').networkPolicies);
  const { status, stdout } = await run(['check', 'overlays/main-gpu', ...withBundled], { cwd });
  assert.is(status, 0, stdout);
});

const REFUSED: [name: string, words: string[], message: string][] = [
  [
    'a cluster that is not listed',
    ['--compute-of', 'main', '--cluster', 'tpu'],
    'which has cpu, gpu',
  ],
  ['a choice that nobody made', ['--compute-of', 'main'], '--cluster with one of cpu, gpu'],
  ['a cluster without its control plane', ['--cluster', 'gpu'], 'no meaning without --compute-of'],
  [
    'what the control plane says',
    ['--compute-of', 'main', '--cluster', 'gpu', '--domain', 'a.example.com', '--port', '443'],
    '--domain, --port cannot go with it',
  ],
  ['an overlay that is not there', ['--compute-of', 'mian'], 'mian'],
];
for (const [name, words, message] of REFUSED)
  compute(`refuses ${name}, and writes nothing`, async () => {
    const cwd = project();
    const { status, stderr } = await run(['new', 'side', ...words, ...withBundled], { cwd });
    assert.is(status, 2);
    assert.ok(stderr.includes(message), stderr);
    assert.not(existsSync(join(cwd, 'overlays/side')));
  });

compute('refuses a control plane without clusters, and another compute cluster', async () => {
  const { computeClusters, controlPlane, ...rest } = MAIN;
  const none = project(rest);
  const empty = await run(make, { cwd: none });
  assert.is(empty.status, 2);
  assert.match(empty.stderr, 'overlays/main lists no compute cluster');
  const cwd = project();
  await run(make, { cwd });
  const words = ['new', 'side', '--compute-of', 'main-gpu', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'itself the environment of a compute cluster');
});

compute('a base without a compute side is named', async () => {
  const cwd = project();
  const words = [...make, '--base', 'base/task-pods'];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'base/task-pods/compute is not there');
});

/** Answers in their order; what was offered is kept. */
function answering(...answers: string[]): Asker & { offered: Choice[][] } {
  const offered: Choice[][] = [];
  const next = async () => answers.shift() as string;
  return {
    offered,
    text: next,
    select: (_, choices) => {
      offered.push([...choices]);
      return next();
    },
    confirm: async () => true,
  };
}

const planned = (cwd: string, asker: Asker, options = {}) =>
  makePlan('side', 'overlays/side', { set: [], ...options }, asker, async () => undefined, {
    cwd,
    env: {},
  } as unknown as Io);

compute('asks which side it is, and which cluster', async () => {
  const asker = answering('overlays/main', 'gpu');
  const plan = await planned(project(), asker);
  assert.equal(plan.compute, { of: 'overlays/main', cluster: 'gpu' });
  const [sides, clusters] = asker.offered.map((choices) => choices.map(({ value }) => value));
  assert.equal(sides, ['', 'overlays/main']);
  assert.equal(clusters, ['cpu', 'gpu']);
  const command = repeatCommand('side', plan, { set: [] });
  assert.is(command, 'npx ma-overlays new side --compute-of overlays/main --cluster gpu');
});

compute('does not ask for the side where flags say it', async () => {
  const asker = answering();
  const options = { computeOf: 'main', cluster: 'gpu' };
  const plan = await planned(project(), asker, options);
  assert.equal(plan.compute, { of: 'overlays/main', cluster: 'gpu' });
  assert.equal(asker.offered, []);
});

compute.run();
