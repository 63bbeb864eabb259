/** The packed package, installed by npm into an empty project. */
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundled } from '../support/kustomize.ts';
import { packPackage } from '../support/packed.ts';
import { folderWith } from '../support/temporary.ts';

const installed = suite('npm install of the packed package');

installed('ma-overlays makes an environment and installs the plugin', async () => {
  const cwd = folderWith({ 'package.json': '{"name":"empty","version":"1.0.0"}' });
  const tarball = await packPackage();
  const words = ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball];
  await execa('npm', words, { cwd });
  const overlays = (...words: string[]) =>
    execa('npx', ['--no-install', 'ma-overlays', ...words], { cwd, stdin: 'ignore' });
  const flags = ['--domain', 'eu.example.com', '--tls-mode', 'secret', '--controller', 'contour'];
  await overlays('new', 'eu', '--with-base', ...flags);
  const { stdout } = await overlays('render', 'overlays/eu');
  assert.match(stdout, 'host: api.eu.example.com');
  await overlays('install', '--to', 'home');
  const built = await execa(bundled.command, ['build', '--enable-alpha-plugins', 'overlays/eu'], {
    cwd,
    env: { KUSTOMIZE_PLUGIN_HOME: join(cwd, 'home') },
  });
  assert.is(built.stdout, stdout);
});

installed.run();
