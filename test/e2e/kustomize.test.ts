/** Every overlay on the oldest and on the newest kustomize that is supported. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { buildWithComponents } from '../base/render.ts';
import { buildWith, bundled, newest } from '../support/kustomize.ts';
import { assertSameText } from '../support/same-text.ts';

const versions = suite('kustomize versions');

for (const name of readdirSync(join(packageRoot, 'overlays')))
  versions(`${name}: the same on the oldest and the newest`, async () => {
    const oldest = await buildWith(bundled, `overlays/${name}`);
    assert.is(oldest.status, 0, oldest.stderr);
    const { status, stdout, stderr } = await buildWith(newest, `overlays/${name}`);
    assert.is(stderr, '');
    assert.is(status, 0);
    assertSameText(stdout, oldest.stdout);
  });

versions('components of the base: the same on the oldest and the newest', async () => {
  assertSameText(await buildWithComponents(newest), await buildWithComponents(bundled));
});

versions.run();
