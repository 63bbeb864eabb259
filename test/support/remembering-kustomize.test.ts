/** A build is remembered only where it would come to the same. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith } from './temporary.ts';

const script = fileURLToPath(new URL('remembering-kustomize.js', import.meta.url));
const FUNCTION = 'network.michelangelo.api/v1alpha1/domainconfig/DomainConfig';

/** Counts its builds, and gives the function of the plugin home what is in the base. */
const KUSTOMIZE = `#!/bin/sh
echo build >>../builds
"$KUSTOMIZE_PLUGIN_HOME/${FUNCTION}" o/domain.yaml <base/a.yaml
`;
/** Counts its calls, and gives back what it got. */
const COPY = '#!/bin/sh\necho "$(cat "$1")" >>"$CALLS"\ncat\n';

const memory = suite('a kustomize with a memory');

memory('builds once, calls the function each time, and sees every change', async () => {
  const folder = folderWith({
    'project/o/kustomization.yaml': 'resources: [../base]\n',
    'project/o/domain.yaml': 'config',
    'project/base/a.yaml': 'one',
    'project/other/a.yaml': 'one',
    'memory/.keep': '',
    [`home/${FUNCTION}`]: COPY,
    'home/other/Other': '',
    kustomize: KUSTOMIZE,
  });
  const cwd = join(folder, 'project');
  const lines = (file: string) =>
    readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length;
  /** What a build prints, with the numbers of builds and calls so far. */
  const build = async () => {
    const words = [script, join(folder, 'kustomize'), join(folder, 'memory'), 'build', 'o'];
    const env = { KUSTOMIZE_PLUGIN_HOME: join(folder, 'home'), CALLS: join(folder, 'calls') };
    const { stdout } = await execa(process.execPath, words, { cwd, env });
    return [stdout, lines('builds'), lines('calls')];
  };
  assert.equal(await build(), ['one', 1, 1]);
  assert.equal(await build(), ['one', 1, 2]);
  writeFileSync(join(cwd, 'other/a.yaml'), 'not built');
  assert.equal(await build(), ['one', 1, 3]);
  writeFileSync(join(cwd, 'base/a.yaml'), 'two');
  assert.equal(await build(), ['two', 2, 4]);
  writeFileSync(join(cwd, 'o/domain.yaml'), 'another');
  assert.equal(await build(), ['two', 3, 5]);
  rmSync(join(folder, 'home/other/Other'));
  assert.equal(await build(), ['two', 4, 6]);
  writeFileSync(join(folder, 'home', FUNCTION), `${COPY}echo more\n`);
  // Called twice: to see that it says something else, and for the new build.
  assert.equal(await build(), ['twomore', 5, 8]);
});

memory.run();
