/** argocd/sidecar/ through Argo CD's own code: its repo server asks its server for plugins, which has nothing but the image around it. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import { buildStatic, executableName } from '../../../src/build/static/build.ts';
import { OWN } from '../../../src/build/static/compile.ts';
import { buildWith, newest } from '../../support/kustomize.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { type Manifest, manifestsOf } from '../cluster/manifests.ts';
import { type RunningProgram, startProgram } from '../cluster/process.ts';
import { until } from '../support/until.ts';
import { askArgocd } from './ask.ts';
import { argocdTool } from './programs.ts';

const read = (path: string) => readFileSync(join(packageRoot, 'argocd/sidecar', path), 'utf8');
const { metadata, spec } = parse(read('plugin.yaml'));
const PLUGIN = `${metadata.name}-${spec.version}`;
const [container] = parse(read('repo-server.yaml')).spec.template.spec.containers;

/** The file system of the container: what the image has, and what is mounted. */
const image = temporaryFolder();
const inImage = (path: string) => join(image, path);
const sockets = inImage('/home/argocd/cmp-server/plugins');
const [, lastStage = ''] = read('Dockerfile').split('\nFROM scratch\n');
const [, pluginHome = ''] = /^ENV KUSTOMIZE_PLUGIN_HOME=(\S+)$/m.exec(lastStage) ?? [];
const [, user = ''] = /^USER (\d+)$/m.exec(lastStage) ?? [];

/** Files of a repository as git checks them out: those that begin with a shebang can be run. */
const repository = temporaryFolder();
for (const part of ['base', 'overlays'])
  cpSync(join(packageRoot, part), join(repository, part), { recursive: true });
function write(path: string, content: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  const mode = content.startsWith('#!') ? 0o755 : 0o644;
  writeFileSync(join(repository, path), content, { mode });
}

async function makeImage(): Promise<void> {
  const executables = temporaryFolder();
  await buildStatic(executables);
  const sources: Record<string, string> = {
    '--from=kustomize': newest.command,
    '--from=function': join(executables, executableName(OWN)),
    '--chmod=644': join(packageRoot, 'argocd/sidecar/plugin.yaml'),
  };
  for (const [, flag = '', to = ''] of lastStage.matchAll(/^COPY (--\S+) \S+ (\S+)$/gm)) {
    mkdirSync(dirname(inImage(to)), { recursive: true });
    copyFileSync(sources[flag] as string, inImage(to));
  }
  chmodSync(image, 0o755);
  for (const { mountPath } of container.volumeMounts) {
    mkdirSync(inImage(mountPath), { recursive: true });
    chmodSync(inImage(mountPath), 0o777);
  }
  // Nothing but what is written there tells it from the device.
  mkdirSync(inImage('dev'));
  writeFileSync(inImage('dev/null'), '');
  // Argo CD's init container puts it there.
  copyFileSync(argocdTool.path, inImage(container.command[0]));
}

/** Words that start a program with nothing but the image around it. */
function inside(...words: string[]): string[] {
  const env = [`PATH=${process.env.PATH}`, `KUSTOMIZE_PLUGIN_HOME=${pluginHome}`];
  return ['env', '-i', ...env, 'chroot', `--userspec=${user}:${user}`, image, ...words];
}

/** What an Application gets; throws with its error. `plugin` is that of its source. */
function generate(folder: string, plugin?: object): Promise<Manifest[]> {
  const source = JSON.stringify(plugin ? { plugin } : {});
  return askArgocd('generate', [repository, join(repository, folder), source], {
    ARGOCD_PLUGINSOCKFILEPATH: sockets,
  });
}

let server: RunningProgram | undefined;
const sidecar = suite('the sidecar');

sidecar.before(async () => {
  await makeImage();
  const program = startProgram('env', inside(...container.command).slice(1));
  server = program;
  const answers = () => {
    program.assertRunning();
    return existsSync(join(sockets, `${PLUGIN}.sock`)) || undefined;
  };
  await until('the server for plugins', answers, 60_000);
});
sidecar.after(() => server?.close());

/** What the repository renders without any of this. */
async function rendered(folder: string): Promise<Manifest[]> {
  const { status, stdout, stderr } = await buildWith(newest, folder);
  assert.is(status, 0, stderr);
  return manifestsOf(stdout);
}

sidecar(
  'renders what has a domain.yaml as a repository does, from files without their run bit',
  async () => {
    write('overlays/run', '#!/bin/sh\n');
    const folder = 'overlays/production';
    const copies = inImage('tmp/_cmp_server');
    const [manifests, mode] = await Promise.all([
      generate(folder),
      until('a copy of the repository', () => {
        const [copy = ''] = readdirSync(copies);
        return statSync(join(copies, copy, 'overlays/run')).mode;
      }),
    ]);
    assert.equal(manifests, await rendered(folder));
    assert.is(mode & 0o111, 0);
    assert.equal(readdirSync(copies), []);
  },
);

sidecar('renders for an Application that names it, whose variables change nothing', async () => {
  const env = [{ name: 'KUSTOMIZE_PLUGIN_HOME', value: '/tmp' }];
  const folder = 'overlays/onprem';
  assert.equal(await generate(folder, { name: PLUGIN, env }), await rendered(folder));
});

sidecar('renders nothing without a domain.yaml', async () => {
  const text = String(await generate('base', { name: PLUGIN }).catch(String));
  const wanted = `could not find cmp-server plugin with name "${PLUGIN}" supporting the given repository`;
  assert.match(text, wanted);
});

sidecar('shows what is wrong in full', async () => {
  const text = readFileSync(join(repository, 'overlays/dev/domain.yaml'), 'utf8');
  cpSync(join(repository, 'overlays/dev'), join(repository, 'overlays/wrong'), { recursive: true });
  write('overlays/wrong/domain.yaml', text.replace('domain:', 'domian:'));
  assert.match(
    String(await generate('overlays/wrong').catch(String)),
    /`domian` is not a key of `spec` [\s\S]* fix +write `domain` instead of `domian`/,
  );
});

sidecar('starts no program of a repository, and no shell', async () => {
  // As Argo CD writes files.
  const checkout = inImage('tmp/checkout');
  const folder = join(checkout, 'evil');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(checkout, 'run'), '#!/bin/sh\necho "kind: Broken"\n', { mode: 0o644 });
  writeFileSync(join(checkout, 'object.so'), 'Go');
  writeFileSync(join(folder, 'kustomization.yaml'), 'transformers:\n- evil.yaml\n');
  for (const [apiVersion, kind, reason] of [
    ['../tmp/checkout/evil', '../run', 'unexecutable plugin'],
    ['../tmp/checkout/evil', '../object', 'not implemented'],
    ['../bin/x', '../sh', 'expected file with Go object code'],
    ['other/v1', 'Other', 'expected file with Go object code'],
  ] as const) {
    const metadata = 'metadata:\n  name: evil\n';
    writeFileSync(
      join(folder, 'evil.yaml'),
      `apiVersion: ${apiVersion}\nkind: ${kind}\n${metadata}`,
    );
    const words = spec.generate.command.slice(0, -1);
    const [command = '', ...more] = inside(...words, '/tmp/checkout/evil');
    const { exitCode, stdout, stderr } = await execa(command, more, { reject: false });
    assert.is(exitCode, 1, apiVersion);
    assert.match(stderr, reason);
    assert.is(stdout, '');
  }
});

sidecar('has one version, in the image and in the name of the plugin', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  assert.is(spec.version, `v${version}`);
  assert.is(spec.preserveFileMode, false);
  for (const file of ['Dockerfile', 'README.md', 'repo-server.yaml'])
    assert.match(read(file), `ma-overlays-sidecar:v${version}`);
});

if (process.getuid?.() === 0) sidecar.run();
else process.stdout.write('the sidecar was not tested: chroot needs root\n');
