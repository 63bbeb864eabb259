import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument } from 'yaml';
import { packageRoot, schemaPath } from '../../src/build/paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import { CONTROLLERS } from '../../src/controllers/index.ts';
import { run } from '../support/command-line.ts';
import { applyToStream } from '../support/function.ts';
import { buildWith, bundled, rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const given = ['--domain', 'eu.ml.example.com', '--tls-mode', 'secret', '--controller', 'traefik'];
const withBundled = ['--kustomize', rememberingKustomize()];

/** A project with its own base, plugin and overlays, as a clone has them. */
function project(): string {
  const folder = temporaryFolder();
  for (const name of ['base', 'plugin', 'overlays'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  return folder;
}

function text(cwd: string, path: string): string {
  return readFileSync(join(cwd, path), 'utf8');
}

const fresh = suite('new');

fresh('makes two files that build with no edit, and says what to do next', async () => {
  const cwd = project();
  const { status, stdout, stderr } = await run(['new', 'eu', ...given, ...withBundled], { cwd });
  assert.is(status, 0, stderr);
  assert.match(stdout, 'made overlays/eu/: it builds and passes its checks');
  assert.match(stdout, 'make the TLS Secrets michelangelo-apiserver-tls and michelangelo-ui-tls');
  assert.match(stdout, 'point api.eu.ml.example.com and app.eu.ml.example.com at');
  assert.equal(readdirSync(join(cwd, 'overlays/eu')).sort(), ['domain.yaml', 'kustomization.yaml']);
  const kustomization = parseDocument(text(cwd, 'overlays/eu/kustomization.yaml')).toJS();
  assert.is(kustomization.namespace, 'michelangelo-eu');
  assert.is(kustomization.namePrefix, 'eu-');
  const built = await buildWith(bundled, 'overlays/eu', { cwd, pluginHome: join(cwd, 'plugin') });
  assert.is(built.status, 0, built.stderr);
  assert.match(built.stdout, 'eu.ml.example.com');
  assert.not.match(built.stdout, 'DOMAIN_NOT_SET');
});

fresh('the config begins with the line by which editors find the schema', async () => {
  const cwd = project();
  await run(['new', 'eu', ...given, ...withBundled], { cwd });
  const [line = ''] = text(cwd, 'overlays/eu/domain.yaml').split('\n');
  const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(line)?.[1] ?? '';
  assert.is(path, `../../${schemaPath}`);
  assert.ok(existsSync(join(cwd, 'overlays/eu', path)));
});

/** Combinations of flags, each for another form of the file. */
const FORMS: Record<string, string[]> = {
  acme: ['--tls-mode', 'acme', '--email', 'a@example.com', '--controller', 'ingress-nginx'],
  'acme staging': [
    ...['--tls-mode', 'acme', '--email', 'a@example.com'],
    ...['--acme-server', 'staging', '--controller', 'contour'],
  ],
  ca: ['--tls-mode', 'ca', '--set', 'worker.apiAddress=service', '--controller', 'haproxy'],
  'ca with trust': ['--tls-mode', 'ca', '--set', 'tls.trust=preinstalled', '--controller', 'kong'],
  issuer: ['--tls-mode', 'issuer', '--set', 'tls.issuer.name=own', '--controller', 'nginx-inc'],
  secret: ['--tls-mode', 'secret', '--controller', 'traefik'],
  gateway: ['--tls-mode', 'secret', '--gateway-class', 'contour'],
  'TLS at Envoy': [
    ...['--tls-mode', 'secret', '--set', 'tls.terminateAt=envoy'],
    ...['--gateway-class', 'contour'],
  ],
  external: ['--tls-mode', 'external', '--controller', 'alb'],
  none: ['--tls-mode', 'none', '--controller', 'traefik'],
};

/** With a namespace, as an overlay gives it one. */
const base = buildWith(bundled, 'overlays/eu', {
  cwd: projectWith({ eu: { kustomization: 'namespace: ml\nresources: [../../base]\n' } }),
});

/** What `--dry-run` shows as domain.yaml. */
async function shownConfig(cwd: string, words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['new', 'eu', ...words, '--dry-run'], { cwd });
  assert.is(status, 0, stderr);
  return stdout.split('# overlays/eu/domain.yaml\n')[1] ?? '';
}

for (const [form, flags] of Object.entries(FORMS))
  fresh(`${form}: valid as it is, and with each example whose comment mark goes`, async () => {
    const words = ['--domain', 'eu.ml.example.com', ...flags];
    const config = await shownConfig(packageRoot, words);
    const examples = exampleBlocks(config);
    assert.ok(examples.length >= 6, `${examples.length} examples`);
    for (const lines of [[], ...examples]) {
      const changed = uncomment(config, lines);
      assert.equal(loadConfig(changed).problems, [], changed);
      // The function takes its time: what two forms have in common is tried once.
      if (lines.length > 0 && form !== 'acme' && form !== 'gateway') continue;
      const result = applyToStream(Buffer.from(changed), Buffer.from((await base).stdout));
      assert.is(result.status, 0, `${changed}\n${result.stderr}`);
    }
  });

fresh('all examples together are valid', async () => {
  const config = await shownConfig(packageRoot, given);
  const changed = uncomment(config, exampleBlocks(config).flat());
  assert.equal(loadConfig(changed).problems, [], changed);
});

/** Numbers of the lines of each example: comment lines that are no sentence. */
function exampleBlocks(config: string): number[][] {
  const blocks: number[][] = [];
  for (const [number, line] of config.split('\n').entries()) {
    if (number === 0 || !/^\s*# /.test(line)) continue;
    if (/^\s*# [A-Z]/.test(line)) blocks.push([]);
    else blocks.at(-1)?.push(number);
  }
  return blocks;
}

function uncomment(config: string, numbers: readonly number[]): string {
  return config
    .split('\n')
    .map((line, number) => (numbers.includes(number) ? line.replace('# ', '') : line))
    .join('\n');
}

fresh('every value is printed as a value, whatever is in it', async () => {
  const nasty = 'x\nspec:\n  domain: evil.example.com # "\': {}\n---\n- !!binary &a *b';
  const annotations = `entry.ingress.annotations=${JSON.stringify({ 'example.com/k': nasty })}`;
  const config = await shownConfig(packageRoot, [...given, '--set', annotations]);
  const { spec } = parseDocument(config).toJS();
  assert.is(spec.domain, 'eu.ml.example.com');
  assert.is(spec.entry.ingress.annotations['example.com/k'], nasty);
  for (const flag of ['--domain', '--namespace', '--name-prefix']) {
    const words = ['new', 'eu', ...given, flag, nasty, '--dry-run'];
    assert.is((await run(words, { cwd: packageRoot })).status, 2);
  }
});

fresh('--set gives any field, with a value in YAML', async () => {
  const sets = ['port=8443', 'spec.workflowEngine={host: "t:7233", provider: temporal}'];
  const words = [...given, ...sets.flatMap((field) => ['--set', field])];
  const { spec } = parseDocument(await shownConfig(packageRoot, words)).toJS();
  assert.is(spec.port, 8443);
  assert.equal(spec.workflowEngine, { host: 't:7233', provider: 'temporal' });
});

fresh('--set refuses what is no field, no YAML, or not in the schema', async () => {
  for (const [field, message] of [
    ['port', 'not of the form FIELD=VALUE'],
    ['__proto__.x=1', 'not of the form FIELD=VALUE'],
    ['port=[', 'the value is not YAML'],
    ['prot=1', 'prot'],
    ['constructor.name=x', 'constructor'],
  ] as const) {
    const words = ['new', 'eu', ...given, '--set', field, '--dry-run'];
    const { status, stdout, stderr } = await run(words, { cwd: packageRoot });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  }
});

fresh('--dry-run shows the files and writes nothing', async () => {
  const cwd = project();
  const { status, stdout } = await run(['new', 'eu', ...given, '--dry-run'], { cwd });
  assert.is(status, 0);
  assert.match(stdout, '# overlays/eu/kustomization.yaml\n');
  assert.match(stdout, '# overlays/eu/domain.yaml\n');
  assert.not.ok(existsSync(join(cwd, 'overlays/eu')));
});

fresh('names the flag of every missing answer, and never guesses the controller', async () => {
  const cwd = project();
  for (const [words, flags] of [
    [[], ['--domain', '--tls-mode', '--controller or --gateway-class']],
    [
      [...given, '--gateway-class', 'contour'],
      ['exclude each other', '--controller traefik --set entry.gateway.className=contour'],
    ],
    [given.slice(0, 4), ['--controller or --gateway-class']],
    [[...given, '--tls-mode', 'acme'], ['--email']],
    [[...given, '--tls-mode', 'issuer'], ['--set tls.issuer.name']],
    [[...given, '--tls-mode', 'ca'], ['--set tls.trust']],
  ] as const) {
    const { status, stdout, stderr } = await run(['new', 'eu', ...words], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    for (const flag of flags) assert.match(stderr, flag);
    assert.not.ok(existsSync(join(cwd, 'overlays/eu')));
  }
});

for (const name of [
  'a/b',
  '../x',
  '..',
  '.',
  '',
  'Staging',
  'a_b',
  '-a',
  'a.b',
  'x'.repeat(64),
  'ü',
])
  fresh(`refuses the name ${JSON.stringify(name)}`, async () => {
    const cwd = project();
    const before = readdirSync(cwd, { recursive: true }).length;
    const { status, stderr } = await run(['new', '--', name], { cwd });
    assert.is(status, 2);
    assert.match(stderr, 'cannot be the name of an environment');
    assert.is(readdirSync(cwd, { recursive: true }).length, before);
  });

fresh('refuses what exists, also under a name that differs in case only', async () => {
  const cwd = folderWith({ 'base/kustomization.yaml': '', 'overlays/EU/note.txt': 'mine' });
  const { status, stderr } = await run(['new', 'eu', ...given], { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'overlays/EU exists already');
  assert.equal(readdirSync(join(cwd, 'overlays')), ['EU']);
});

fresh('refuses namespaces and prefixes that Kubernetes would', async () => {
  const cwd = project();
  for (const flags of [
    ['--namespace', 'A'],
    ['--namespace', ''],
    ['--name-prefix', '1-'],
    ['--name-prefix', 'A-'],
    ['--name-prefix', `${'x'.repeat(60)}-`],
  ])
    assert.is((await run(['new', 'eu', ...given, ...flags], { cwd })).status, 2, flags.join(' '));
});

fresh(
  'a prefix begins with a letter where the environment does not; an empty one means none',
  async () => {
    const cwd = project();
    const first = await run(['new', '2nd', ...given, '--dry-run'], { cwd });
    assert.match(first.stdout, 'namePrefix: env-2nd-');
    const none = await run(['new', 'eu', ...given, '--name-prefix', '', '--dry-run'], { cwd });
    assert.not.match(none.stdout, 'namePrefix');
  },
);

fresh('leaves nothing behind where the build fails', async () => {
  const cwd = folderWith({ 'base/kustomization.yaml': 'resources: [missing.yaml]\n' });
  const { status, stderr } = await run(['new', 'eu', ...given, ...withBundled], { cwd });
  assert.is(status, 1);
  assert.match(stderr, 'overlays/eu would not build: nothing was written');
  assert.not.match(stderr, '.new-eu');
  assert.equal(readdirSync(cwd), ['base']);
});

fresh('says how a compute cluster gets its Secrets, and what comes before and after', async () => {
  const cwd = project();
  const clusters = 'computeClusters=[{name: gpu, server: "https://k8s.example.com:6443"}]';
  const { status, stdout } = await run(['new', 'eu', ...given, '--set', clusters, ...withBundled], {
    cwd,
  });
  assert.is(status, 0);
  const steps = stdout.split('\n').filter((line) => line.startsWith('  - '));
  const placeOf = (text: string) => {
    const place = steps.findIndex((line) => line.includes(text));
    assert.ok(place >= 0, text);
    return place;
  };
  const places = [
    'kubectl create namespace ma-system',
    'create secret generic cluster-gpu-client-token --from-file=token=/dev/stdin',
    'create secret generic cluster-gpu-ca-data --from-file=cadata=/dev/stdin',
    '- npx ma-overlays render overlays/eu | kubectl apply',
    'once the API server runs, the same again',
  ].map(placeOf);
  assert.equal(
    places,
    [...places].sort((left, right) => left - right),
  );
});

fresh('names the Secrets that the base has', async () => {
  const cwd = project();
  const path = 'base/entry/ui-ingress.yaml';
  const named = text(cwd, path).replace('secretName: michelangelo-ui-tls', 'secretName: web-cert');
  writeFileSync(join(cwd, path), named);
  const { status, stdout, stderr } = await run(['new', 'eu', ...given, ...withBundled], { cwd });
  assert.is(status, 0, stderr);
  assert.match(stdout, 'make the TLS Secrets michelangelo-apiserver-tls and web-cert in');
});

fresh('refuses the hosts of another overlay, and names its file', async () => {
  const cwd = project();
  const words = ['new', 'eu', ...given, '--domain', 'ml.example.com'];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(
    stderr,
    'app.ml.example.com: overlays/production/domain.yaml is another environment with these hosts',
  );
  assert.not.ok(readdirSync(join(cwd, 'overlays')).includes('eu'));
});

fresh('looks at other overlays without waiting for what is not a file', async () => {
  const cwd = project();
  rmSync(join(cwd, 'overlays/dev/domain.yaml'));
  symlinkSync('/dev/zero', join(cwd, 'overlays/dev/domain.yaml'));
  rmSync(join(cwd, 'overlays/staging/domain.yaml'));
  execFileSync('mkfifo', [join(cwd, 'overlays/staging/domain.yaml')]);
  const words = ['new', 'eu', ...given, '--domain', 'ml.example.com', '--dry-run'];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'overlays/production/domain.yaml is another environment');
});

fresh('knows every controller', async () => {
  const cwd = project();
  for (const controller of Object.keys(CONTROLLERS)) {
    const words = ['new', 'eu', ...given, '--controller', controller, '--dry-run'];
    assert.is((await run(words, { cwd })).status, 0);
  }
  assert.is((await run(['new', 'eu', ...given, '--controller', 'ngnix'], { cwd })).status, 2);
});

fresh('takes another base by its path', async () => {
  const cwd = temporaryFolder();
  cpSync(join(packageRoot, 'base'), join(cwd, 'deploy/shared'), { recursive: true });
  const words = ['new', 'eu', ...given, '--base', 'deploy/shared/', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.match(text(cwd, 'overlays/eu/kustomization.yaml'), '- ../../deploy/shared\n');
  const missing = await run(['new', 'us', ...given, '--base', 'none'], { cwd });
  assert.is(missing.status, 2);
  assert.match(missing.stderr, '--base none is not a folder with a kustomization.yaml');
});

fresh('in an empty folder it wants --with-base, which copies base and plugin once', async () => {
  const cwd = temporaryFolder();
  const without = await run(['new', 'eu', ...given], { cwd });
  assert.is(without.status, 2);
  assert.match(without.stderr, '--with-base or --base');
  assert.equal(readdirSync(cwd), []);
  const first = await run(['new', 'eu', ...given, '--with-base', ...withBundled], { cwd });
  assert.is(first.status, 0, first.stderr);
  assert.equal(readdirSync(cwd).sort(), ['base', 'overlays', 'plugin']);
  assert.match(text(cwd, 'overlays/eu/domain.yaml'), `$schema=../../${schemaPath}\n`);
  const others = (domain: string) => [...given, '--domain', domain];
  const again = await run(
    ['new', 'la', ...others('la.example.com'), '--with-base', ...withBundled],
    { cwd },
  );
  assert.is(again.status, 0, again.stderr);
  assert.not.match(again.stdout, 'made base/');
  const second = await run(['new', 'us', ...others('us.example.com'), ...withBundled], { cwd });
  assert.is(second.status, 0, second.stderr);
  const built = await buildWith(bundled, 'overlays/us', { cwd, pluginHome: join(cwd, 'plugin') });
  assert.is(built.status, 0, built.stderr);
});

fresh(
  '--with-base refuses a base and a plugin of somebody else, and says what they are',
  async () => {
    for (const [path, message, fix] of [
      ['base/kustomization.yaml', 'base exists already: a folder with k', 'leave --with-base out'],
      ['base/a.yaml', 'a folder without kustomization.yaml, with a.yaml', 'remove it, or name'],
      ['base', 'base exists already: a file', '--base PATH'],
      ['plugin/mine', 'not the plugin home that belongs to the base: a folder with', 'move it'],
    ] as const) {
      const cwd = folderWith({ [path]: 'mine' });
      const { status, stderr } = await run(['new', 'eu', ...given, '--with-base'], { cwd });
      assert.is(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, fix);
      assert.is(text(cwd, path), 'mine');
      assert.equal(readdirSync(cwd), [path.split('/')[0]]);
    }
  },
);

fresh('takes base and plugin away again where the build fails', async () => {
  const cwd = folderWith({
    broken: '#!/bin/sh\ncase "$1" in version) echo v5.0.0;; *) exit 1;; esac\n',
  });
  const words = ['new', 'eu', ...given, '--with-base', '--kustomize', './broken'];
  const { status } = await run(words, { cwd });
  assert.is(status, 1);
  assert.equal(readdirSync(cwd), ['broken']);
});

fresh.run();

const from = suite('new --from');

from('keeps comments, and changes what would clash with the origin', async () => {
  const cwd = project();
  const words = ['new', 'qa', '--from', 'staging', '--domain', 'qa.ml.example.com', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.match(stdout, 'made overlays/qa/');
  assert.match(
    stderr,
    'as in overlays/staging; see whether both may share it: spec.workflowEngine',
  );
  assert.is(
    text(cwd, 'overlays/qa/domain.yaml'),
    text(cwd, 'overlays/staging/domain.yaml')
      .replace('name: staging', 'name: qa')
      .replace('domain: staging.ml.example.com', 'domain: qa.ml.example.com'),
  );
  assert.is(
    text(cwd, 'overlays/qa/kustomization.yaml'),
    text(cwd, 'overlays/staging/kustomization.yaml')
      .replace('namespace: michelangelo-staging', 'namespace: michelangelo-qa')
      .replace('namePrefix: staging-', 'namePrefix: qa-'),
  );
});

from('shares no cluster-scoped name and no host with the origin', async () => {
  const cwd = project();
  const words = ['new', 'copy', '--from', 'production', '--domain', 'copy.example.com'];
  assert.is((await run([...words, ...withBundled], { cwd })).status, 0);
  const pluginHome = join(cwd, 'plugin');
  const [left, right] = await Promise.all(
    ['production', 'copy'].map(async (name) =>
      clusterScoped((await buildWith(bundled, `overlays/${name}`, { cwd, pluginHome })).stdout),
    ),
  );
  assert.ok(left && left.length > 0);
  assert.equal(
    left?.filter((name) => right?.includes(name)),
    [],
  );
});

function clusterScoped(stream: string): string[] {
  return stream
    .split('\n---\n')
    .map((part) => parseDocument(part).toJS())
    .filter(({ metadata }) => metadata.namespace === undefined)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

const written = {
  'overlays/one/kustomization.yaml':
    'resources: [../../base]\ntransformers: [./config.yml] # last\nnamePrefix: "one-"\n',
  'overlays/one/config.yml': `# Ours.
apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: one}
spec:
  domain: one.example.com # parent
  hosts:
    api: grpc.one.example.com
    aliases:
      api: [api.old.example.com]
  tls:
    mode: acme
    acme: {email: a@example.com}
    issuer:
      name: one-issuer
`,
  'overlays/one/notes/README.md': 'text\n',
};

from('moves written hosts, and drops aliases and the name of the issuer that is made', async () => {
  const cwd = project();
  cpSync(folderWith(written), cwd, { recursive: true });
  const words = ['new', 'two', '--from', 'overlays/one', '--domain', 'two.example.com'];
  const { status, stderr } = await run([...words, ...withBundled], { cwd });
  assert.is(status, 0, stderr);
  assert.match(stderr, "it is overlays/one's own: spec.hosts.aliases, spec.tls.issuer.name");
  const config = text(cwd, 'overlays/two/config.yml');
  assert.match(config, '# Ours.\n');
  assert.match(config, 'domain: two.example.com # parent');
  assert.match(config, 'api: grpc.two.example.com');
  assert.not.match(config, 'one');
  assert.is(text(cwd, 'overlays/two/notes/README.md'), 'text\n');
  const kustomization = text(cwd, 'overlays/two/kustomization.yaml');
  assert.match(kustomization, 'namePrefix: "two-"');
  assert.match(kustomization, '# last');
});

from('takes the paths along from an overlay in another place', async () => {
  const cwd = project();
  cpSync(join(cwd, 'overlays/production'), join(cwd, 'a/b/c'), { recursive: true });
  const origin = join(cwd, 'a/b/c/kustomization.yaml');
  cpSync(
    join(
      folderWith({
        k: text(cwd, 'overlays/production/kustomization.yaml').replace(
          '../../base',
          '../../../base',
        ),
      }),
      'k',
    ),
    origin,
  );
  const words = ['new', 'two', '--from', 'a/b/c', '--domain', 'two.example.com', ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.match(text(cwd, 'overlays/two/kustomization.yaml'), '- ../../base\n');
});

from('copies links as links, and follows none', async () => {
  const cwd = project();
  const outside = folderWith({ 'deep/secret.txt': 'mine' });
  cpSync(folderWith(written), cwd, { recursive: true });
  const one = join(cwd, 'overlays/one');
  symlinkSync(outside, join(one, 'outside'));
  symlinkSync('.', join(one, 'circle'));
  symlinkSync('/dev/zero', join(one, 'zero'));
  const words = ['new', 'two', '--from', 'one', '--domain', 'two.example.com'];
  const { status, stderr } = await run([...words, '--kustomize', bundled.command], { cwd });
  assert.is(status, 0, stderr);
  const two = join(cwd, 'overlays/two');
  assert.is(readlinkSync(join(two, 'outside')), outside);
  assert.is(readlinkSync(join(two, 'circle')), '.');
  assert.is(readlinkSync(join(two, 'zero')), '/dev/zero');
  assert.equal(readdirSync(two).sort(), readdirSync(one).sort());
  assert.equal(readdirSync(join(outside, 'deep')), ['secret.txt']);
});

from('refuses what is neither file, folder nor link', async () => {
  const cwd = project();
  execFileSync('mkfifo', [join(cwd, 'overlays/staging/fifo')]);
  const words = ['new', 'two', '--from', 'staging', '--domain', 'two.example.com'];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 2);
  assert.match(stderr, 'overlays/staging/fifo is a FIFO, which cannot be copied');
  assert.not.ok(existsSync(join(cwd, 'overlays/two')));
});

from('another mode and another controller replace those of the origin', async () => {
  const cwd = project();
  const words = ['new', 'qa', '--from', 'production', ...given, ...withBundled];
  const { status, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  const { spec } = parseDocument(text(cwd, 'overlays/qa/domain.yaml')).toJS();
  assert.equal(spec.tls, { mode: 'secret' });
  assert.equal(spec.entry, { ingress: { controller: 'traefik' } });
});

from('says what is missing or wrong, and leaves nothing behind', async () => {
  const cwd = project();
  const foreign = written['overlays/one/config.yml'].replace('grpc.one.example.com', 'g.other.net');
  cpSync(folderWith({ ...written, 'overlays/one/config.yml': foreign }), cwd, { recursive: true });
  cpSync(folderWith({ 'overlays/plain/kustomization.yaml': 'resources: []\n' }), cwd, {
    recursive: true,
  });
  for (const [words, message] of [
    [['--from', 'production'], '--domain'],
    [['--from', 'none', '--domain', 'x.example.com'], 'none does not exist'],
    [['--from', 'plain', '--domain', 'x.example.com'], 'no file with a DomainConfig'],
    [['--from', 'one', '--domain', 'x.example.com'], '--set hosts.api=HOST'],
    [['--from', 'one', '--domain', 'x.example.com', '--with-base'], 'leave one of them out'],
    [['--from', 'production', '--domain', 'X_Y'], 'this is not a host name'],
  ] as const) {
    const { status, stderr } = await run(['new', 'two', ...words], { cwd });
    assert.is(status, 2, stderr);
    assert.match(stderr, message);
    assert.not.ok(existsSync(join(cwd, 'overlays/two')));
  }
});

from.run();
