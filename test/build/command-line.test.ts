/** The command line in dist/: what it loads, and what an earlier build leaves. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleCommandLine } from '../../src/build/bundle.ts';
import { buildCommandLine } from '../../src/build/command-line.ts';
import { folderWith } from '../support/temporary.ts';

const test = suite('the command line in dist/');

/** What a module imports before it runs. */
function importsOf(content: Uint8Array | undefined): string[] {
  const text = Buffer.from(content ?? []).toString('utf8');
  return [...text.matchAll(/^(?:import|\} from|import .* from) "([^"]+)"/gm)].map(
    ([, name = '']) => name,
  );
}

test('loads no package but commander before it knows the verb', async () => {
  const modules = await bundleCommandLine();
  const seen = new Set(['cli.js']);
  const packages = new Set<string>();
  for (const name of seen)
    for (const imported of importsOf(modules.get(name)))
      if (imported.startsWith('./')) seen.add(imported.slice(2));
      else if (!imported.startsWith('node:')) packages.add(imported);
  assert.equal([...packages], ['commander']);
  assert.ok(modules.size > seen.size);
});

test('takes away the modules of an earlier build, and nothing else', async () => {
  const folder = folderWith({ 'dist/cli-OLD12345.js': '', 'dist/static/function': '' });
  writeFileSync(join(folder, 'dist/notes.txt'), '');
  await buildCommandLine(folder);
  const names = [...(await bundleCommandLine()).keys(), 'notes.txt', 'static'];
  assert.equal(readdirSync(join(folder, 'dist')).sort(), names.sort());
});

test('writes cli.js last, when all that it loads is there', async () => {
  const folder = folderWith({ 'dist/cli.js/in-the-way': '' });
  await buildCommandLine(folder).then(
    () => assert.unreachable(),
    () => undefined,
  );
  const names = [...(await bundleCommandLine()).keys()];
  assert.equal(readdirSync(join(folder, 'dist')).sort(), names.sort());
});

test.run();
