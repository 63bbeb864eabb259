/** The function behind Helm, as docs/helm.md has it: in kustomize's helmCharts, and as a post-renderer. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { buildWith, bundled, newest } from '../support/kustomize.ts';
import { LAYOUTS } from '../support/layouts.ts';
import { assertSameText } from '../support/same-text.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { helmTool } from './tools.ts';

const helm = suite('Helm');
const folder = join(packageRoot, 'test/layouts');

for (const layout of LAYOUTS) {
  helm(`${layout}: the overlay has what the chart makes`, async () => {
    assertSameText(
      await template(layout),
      readFileSync(join(folder, layout, 'chart.yaml'), 'utf8'),
    );
  });

  for (const program of [bundled, newest])
    helm(`${layout}: the same by helmCharts, with ${program.name}`, async () => {
      const cwd = temporaryFolder();
      cpSync(join(folder, 'chart'), join(cwd, 'charts/michelangelo'), { recursive: true });
      cpSync(join(folder, layout), cwd, { recursive: true });
      const kustomization = {
        namePrefix: 'live-',
        helmGlobals: { chartHome: 'charts' },
        helmCharts: [
          {
            name: 'michelangelo',
            releaseName: 'ml',
            namespace: 'ml-system',
            valuesFile: 'values.yaml',
          },
        ],
        transformers: ['domain.yaml'],
      };
      writeFileSync(join(cwd, 'kustomization.yaml'), stringify(kustomization));
      const flags = ['--enable-helm', '--helm-command', helmTool.path];
      const { status, stdout, stderr } = await buildWith(program, '.', { cwd, flags });
      assert.is(status, 0, stderr);
      assertSameText(stdout, readFileSync(join(folder, layout, 'expected.yaml'), 'utf8'));
    });

  helm(`${layout}: pods with a changed config roll, whatever checksum Helm computed`, async () => {
    const config = join(folder, layout, 'domain.yaml');
    const other = join(temporaryFolder(), 'domain.yaml');
    writeFileSync(other, readFileSync(config, 'utf8').replaceAll('example.org', 'example.net'));
    const [made, moved] = [await template(layout, config), await template(layout, other)];
    assert.not.match(made + moved, 'old.example.com');
    assert.equal(marks(made, 'checksum/config'), marks(moved, 'checksum/config'));
    const before = marks(made, 'config-hash');
    const after = marks(moved, 'config-hash');
    assert.is(before.length, 4);
    assert.is(after.filter((hash) => !before.includes(hash)).length, 4);
  });
}

helm('an error of the function stops Helm', async () => {
  const config = join(temporaryFolder(), 'domain.yaml');
  writeFileSync(config, 'kind: DomainConfig\n');
  const error = await template('one-host', config).catch(({ stderr }) => stderr);
  assert.match(error, '`apiVersion` is missing [config-kind]');
});

helm.run();

/** What Helm makes of the chart; after the function, where there is a config. */
async function template(layout: string, config?: string): Promise<string> {
  const values = ['--namespace', 'ml-system', '-f', `${layout}/values.yaml`];
  const renderer = config
    ? ['--post-renderer', join(packageRoot, bundlePath), '--post-renderer-args', config]
    : [];
  const words = ['template', 'ml', 'chart', ...values, ...renderer];
  const options = { cwd: folder, stripFinalNewline: false };
  return (await execa(helmTool.path, words, options)).stdout;
}

function marks(manifests: string, name: string): string[] {
  return [...manifests.matchAll(new RegExp(`${name}: (\\S+)`, 'g'))].map(([, hash = '']) => hash);
}
