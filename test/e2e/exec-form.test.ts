/** The function as a KRM function (exec) gives what it gives in the plugin home. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument } from 'yaml';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { buildWith, newest } from '../support/kustomize.ts';
import { assertSameText } from '../support/same-text.ts';
import { temporaryFolder } from '../support/temporary.ts';

const execForm = suite('exec form');

for (const name of readdirSync(join(packageRoot, 'overlays')))
  execForm(`${name}: the same as from the plugin home`, async () => {
    const cwd = temporaryFolder();
    for (const folder of ['base', 'overlays', 'plugin'])
      cpSync(join(packageRoot, folder), join(cwd, folder), { recursive: true });
    const expected = await buildWith(newest, `overlays/${name}`, { cwd });
    assert.is(expected.status, 0, expected.stderr);

    const path = join(cwd, 'overlays', name, 'domain.yaml');
    const config = parseDocument(readFileSync(path, 'utf8'));
    config.setIn(
      ['metadata', 'annotations', 'config.kubernetes.io/function'],
      `exec:\n  path: ../../${bundlePath}\n`,
    );
    writeFileSync(path, String(config));
    const actual = await buildWith(newest, `overlays/${name}`, {
      cwd,
      // Nothing there: the plugin home cannot be what answers.
      pluginHome: join(cwd, 'base'),
      flags: ['--enable-exec'],
    });
    assert.is(actual.status, 0, actual.stderr);
    // Limits of the controller are warnings in either form.
    assert.not.match(actual.stderr, /^error/m);
    assertSameText(actual.stdout, expected.stdout);
  });

execForm.run();
