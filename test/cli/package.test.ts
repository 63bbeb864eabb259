/** The packed package in an empty project: only what it packs, and only its dependencies. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, noticesPath, packageRoot, schemaPath } from '../../src/build/paths.ts';
import { packPackage } from '../support/packed.ts';
import { temporaryFolder } from '../support/temporary.ts';

const tarball = await packPackage();
const project = await installByHand();
const own = join(project, 'node_modules/ma-overlays');

/** As npm installs it, without npm: dependencies are links to those here, development dependencies are missing. */
async function installByHand(): Promise<string> {
  const folder = temporaryFolder();
  const target = join(folder, 'node_modules/ma-overlays');
  mkdirSync(target, { recursive: true });
  await execa('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
  const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(packages)) {
    if (dev || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(packageRoot, path), join(folder, path));
  }
  return folder;
}

async function overlays(...words: string[]) {
  const { KUSTOMIZE: _, ...env } = process.env;
  return execa(join(own, 'src/cli/ma-overlays.js'), words, {
    cwd: project,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
}

const packed = suite('the packed package');

packed('has what it needs and nothing else', async () => {
  const { stdout } = await execa('tar', ['-tzf', tarball]);
  const files = stdout.split('\n').map((path) => path.replace(/^package\//, ''));
  for (const path of [
    'LICENSE',
    'README.md',
    'base/kustomization.yaml',
    'dist/cli.js',
    'docs/checks.md',
    'plugin/package.json',
    bundlePath,
    noticesPath,
    'src/cli/ma-overlays.js',
  ])
    assert.ok(files.includes(path), path);
  assert.equal(
    files.filter((path) =>
      /^(test|bench|overlays|\.ci|\.github)\/|\.ts$|\.new-|node_modules/.test(path),
    ),
    [],
  );
});

packed('has every file that its pages link to', () => {
  const pages = readdirSync(own, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.md'),
  );
  assert.ok(pages.includes('README.md'));
  for (const page of pages)
    for (const [, link = ''] of readFileSync(join(own, page), 'utf8').matchAll(
      /\]\(([^)#:]+)[)#]/g,
    ))
      assert.ok(existsSync(join(own, dirname(page), link)), `${page}: ${link}`);
});

packed('keeps the run bits', () => {
  for (const path of [bundlePath, 'src/cli/ma-overlays.js'])
    assert.is(statSync(join(own, path)).mode & 0o111, 0o111, path);
});

packed('makes and renders an environment in an empty project', async () => {
  const flags = ['--domain', 'eu.example.com', '--tls-mode', 'secret', '--controller', 'contour'];
  const made = await overlays('new', 'eu', '--with-base', ...flags);
  assert.is(made.exitCode, 0, made.stderr);
  const rendered = await overlays('render', 'overlays/eu');
  assert.is(rendered.exitCode, 0, rendered.stderr);
  assert.match(rendered.stdout, 'host: api.eu.example.com');
  const folder = await overlays('render', '--all', '--out', 'rendered');
  assert.is(folder.exitCode, 0, folder.stderr);
});

packed('without plugin/ in the project, the schema is the one in node_modules', async () => {
  const flags = ['--domain', 'us.example.com', '--tls-mode', 'secret', '--controller', 'contour'];
  const other = await installByHand();
  const base = 'node_modules/ma-overlays/base';
  const { exitCode, stdout } = await execa(
    join(other, 'node_modules/ma-overlays/src/cli/ma-overlays.js'),
    ['new', 'us', '--base', base, '--dry-run', ...flags],
    { cwd: other, stdin: 'ignore' },
  );
  assert.is(exitCode, 0);
  assert.match(stdout, `- ../../${base}\n`);
  assert.match(stdout, `$schema=../../node_modules/ma-overlays/${schemaPath}\n`);
});

packed('prints help and version', async () => {
  for (const word of ['--help', '--version']) assert.is((await overlays(word)).exitCode, 0);
});

packed('hands on no plugin that is cut off, and takes one away all the same', async () => {
  assert.is((await overlays('install', '--to', 'home')).exitCode, 0);
  writeFileSync(join(own, bundlePath), readFileSync(join(own, bundlePath)).subarray(1));
  const refused = await overlays('install', '--to', 'other', '--force');
  assert.is(refused.exitCode, 1);
  assert.match(
    refused.stderr,
    `not that of its build, or is not known: ${join(own, bundlePath)}\n`,
  );
  assert.not.ok(existsSync(join(project, 'other')));
  const removed = await overlays('install', '--uninstall', '--to', 'home');
  assert.is(removed.exitCode, 0, removed.stderr);
});

packed.run();
