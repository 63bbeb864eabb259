/** Every shipped overlay, built by each kustomize that there is, with the committed bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../src/build/paths.ts';
import { run } from './support/command-line.ts';
import { applyToStream } from './support/function.ts';
import { buildWith, bundled, isInstalled, kubectl, newest } from './support/kustomize.ts';
import { assertSameText } from './support/same-text.ts';

const names = readdirSync(join(packageRoot, 'overlays')).sort();
const others = [];
for (const program of [kubectl, newest]) {
  const there = await isInstalled(program);
  if (there) others.push(program);
  else process.stdout.write(`not compared with ${program.name}: it is not installed\n`);
}

const overlays = suite('overlays');

overlays('there are overlays', () => {
  assert.ok(names.length > 0);
});

overlays('the README lists each, and no other', () => {
  const [, table = ''] = readFileSync(join(packageRoot, 'README.md'), 'utf8').split(
    '## Overlays that ship',
  );
  const [section = ''] = table.split('## ');
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  assert.equal(listed.sort(), names);
});

const references = names.map((name) => buildWith(bundled, `overlays/${name}`));

for (const [index, name] of names.entries()) {
  const overlay = `overlays/${name}`;
  const reference = references[index] as (typeof references)[number];

  overlays(`${name}: builds with ${bundled.name}`, async () => {
    const { status, stdout, stderr } = await reference;
    assert.is(stderr, '');
    assert.is(status, 0);
    assert.not.ok(stdout.includes('DOMAIN_NOT_SET'));
  });

  for (const program of others)
    overlays(`${name}: the same with ${program.name}`, async () => {
      const { status, stdout } = await buildWith(program, overlay);
      assert.is(status, 0);
      assertSameText(stdout, (await reference).stdout);
    });

  overlays(`${name}: the function changes nothing in what it made`, async () => {
    const config = readFileSync(join(packageRoot, overlay, 'domain.yaml'));
    const { stdout } = await reference;
    const again = applyToStream(config, Buffer.from(stdout));
    assert.is(again.stderr, '');
    assert.is(again.status, 0);
    assertSameText(again.stdout, stdout);
  });
}

overlays('render prints what kustomize builds', async () => {
  const [name] = names;
  const words = ['render', `overlays/${name}`, '--kustomize', bundled.command];
  const { stdout, status } = await run(words, { cwd: packageRoot });
  assert.is(status, 0);
  assertSameText(stdout, (await references[0])?.stdout ?? '');
});

overlays.run();
