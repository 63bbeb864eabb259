/** Plugin homes beside an overlay that have another version than this program. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundlePath, packageRoot } from '../../../src/build/paths.ts';
import { pluginVersions } from '../../../src/cli/kustomize/plugin-versions.ts';
import { VERSION } from '../../../src/protocol/generated/version.ts';
import { run } from '../../support/command-line.ts';
import { rememberingKustomize } from '../../support/kustomize.ts';
import { projectWith } from '../../support/small-overlay.ts';
import { folderWith } from '../../support/temporary.ts';

const OLD = '#!/usr/bin/env node\n// ma-overlays 0.0.9\n"use strict";\n';
const inHome = bundlePath.replace(/^plugin\//, '');
const overlay = { 'repo/.git/HEAD': '', 'repo/deploy/overlays/eu/kustomization.yaml': '' };

/** What is said of an overlay in a repository with these files; the working directory is the repository. */
function said(files: Record<string, string>): string[] {
  const cwd = join(folderWith({ ...overlay, ...files }), 'repo');
  return pluginVersions(cwd)('deploy/overlays/eu').map(({ file, fix }) => `${file}: ${fix}`);
}

const versions = suite('versions of plugin homes');

for (const home of ['plugin', 'deploy/kustomize plugins', 'deploy/overlays/eu/plugin'])
  versions(`an older one is named: ${home}`, () => {
    const [first = '', ...more] = said({ [`repo/${home}/${inHome}`]: OLD });
    assert.equal(more, []);
    assert.ok(first.startsWith(`${home}/${inHome}: renew it: `), first);
    const word = home.includes(' ') ? `'${home}'` : home;
    assert.match(first, `ma-overlays install --to ${word} --force\``);
  });

versions('one that install wrote needs no force', () => {
  const record = inHome.replace('DomainConfig', 'installed-by-ma-overlays.json');
  const [first = ''] = said({ [`repo/plugin/${inHome}`]: OLD, [`repo/plugin/${record}`]: '{}' });
  assert.match(first, '--to plugin`');
});

for (const [what, path, text] of [
  ['of this version', `repo/plugin/${inHome}`, OLD.replace('ma-overlays 0.0.9', VERSION)],
  ['a script of somebody', `repo/plugin/${inHome}`, '#!/bin/sh\nexec docker run x\n'],
  ['outside of the repository', `plugin/${inHome}`, OLD],
  ['installed by npm', `repo/node_modules/${inHome}`, OLD],
  ['a folder in its place', `repo/plugin/${inHome}/x`, OLD],
] as const)
  versions(`nothing is said of one that is ${what}`, () => {
    assert.equal(said({ [path]: text }), []);
  });

versions("nothing is said of this package's own, by whatever path", () => {
  const cwd = folderWith({ '.git/HEAD': '', 'overlays/eu/kustomization.yaml': '' });
  symlinkSync(join(packageRoot, 'plugin'), join(cwd, 'plugin'));
  assert.equal(pluginVersions(cwd)('overlays/eu'), []);
});

versions('check warns of it', async () => {
  const cwd = projectWith({ one: {} });
  mkdirSync(join(cwd, '.git'));
  const words = ['check', 'overlays/one', '--kustomize', rememberingKustomize()];
  assert.not.match((await run(words, { cwd })).stdout, 'plugin-version-differs');
  mkdirSync(join(cwd, 'plugin', inHome, '..'), { recursive: true });
  writeFileSync(join(cwd, 'plugin', inHome), OLD);
  const { stdout } = await run(words, { cwd });
  assert.match(stdout, '[plugin-version-differs]');
  assert.match(stdout, 'plugin has the function of ma-overlays 0.0.9, and this is ma-overlays ');
});

versions.run();
