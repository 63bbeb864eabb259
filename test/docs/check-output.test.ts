import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { FORMATS } from '../../src/cli/check/formats.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { folderWith } from '../support/temporary.ts';

const docs = suite('docs/check-output');
const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

/** What a page shows below a command, up to the next one or the end of its block. */
function shownBelow(page: string, command: string): string {
  const [, after = ''] = page.split(`$ ${command}\n`);
  return after.split(/^(?:\$ |```)/m)[0] ?? '';
}

docs('the README shows what check prints of an overlay', async () => {
  const words = ['check', 'overlays/production', '--kustomize', rememberingKustomize()];
  const { stdout } = await run(words, { cwd: packageRoot });
  assert.is(shownBelow(read('README.md'), 'npx ma-overlays check overlays/production'), stdout);
});

docs('the page shows what check prints of a file', async () => {
  const sound = read('test/checks/foreign/sound.yaml')
    .replace(/ +nginx[^\n]*backend-protocol[^\n]*\n/, '')
    .replace(
      '    nginx.ingress.kubernetes.io/proxy-read',
      (key) => `    network.michelangelo.api/ignore-entry-stream-limit: in its ConfigMap\n${key}`,
    );
  const { stdout } = await run(['check', 'chart.yaml'], {
    cwd: folderWith({ 'chart.yaml': sound }),
  });
  assert.is(shownBelow(read('docs/check-output.md'), 'ma-overlays check chart.yaml'), stdout);
});

docs('the page names every format', () => {
  const page = read('docs/check-output.md');
  for (const format of FORMATS) if (format !== 'text') assert.match(page, `| \`${format}\` |`);
});

docs.run();
