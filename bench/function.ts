/**
 * What the function costs, as ratios in one run: `npm run bench`.
 *
 * Medians of wall-clock times, the candidates in turn, so that a slow moment of the machine hits all of them. Nothing is
 * asserted.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { bundlePath, packageRoot, pluginHome } from '../src/build/paths.ts';
import { bundled } from '../test/support/kustomize.ts';

const RUNS = 11;
const folder = mkdtempSync(join(tmpdir(), 'michelangelo-bench-'));
const bundle = join(packageRoot, bundlePath);
const config = join(packageRoot, 'overlays/production/domain.yaml');
const kustomize = bundled.command;
const overlay = join(folder, 'overlays/production');

/** The overlay as it is, and the same without the function. */
function prepare(): { plain: string; many: string } {
  cpSync(join(packageRoot, 'base'), join(folder, 'base'), { recursive: true });
  cpSync(join(packageRoot, 'overlays/production'), overlay, { recursive: true });
  const file = join(overlay, 'kustomization.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.indexOf('transformers:')));
  const manifests = execaSync(kustomize, ['build', overlay], { stripFinalNewline: false }).stdout;
  const others = Array.from({ length: 5000 }, (_, index) =>
    [
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata:',
      `  name: other-${index}\ndata:\n  text: |\n${'    some line of a config\n'.repeat(20)}`,
    ].join('\n'),
  );
  const plain = join(folder, 'plain.yaml');
  const many = join(folder, 'many.yaml');
  writeFileSync(plain, manifests);
  writeFileSync(many, manifests + others.join(''));
  return { plain, many };
}

/** A plugin home whose function hands its input through: what a plugin costs kustomize in any case. */
function makeEmptyHome(): string {
  const home = join(folder, 'plugin');
  const file = join(home, bundlePath.slice(pluginHome.length + 1));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\nexec cat\n', { mode: 0o755 });
  return home;
}

function milliseconds(command: string, words: string[], home: string): number {
  const start = performance.now();
  execaSync(command, words, {
    cwd: packageRoot,
    env: { KUSTOMIZE_PLUGIN_HOME: home },
    stdout: 'ignore',
  });
  return performance.now() - start;
}

function median(values: number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

try {
  const { plain, many } = prepare();
  const home = join(packageRoot, pluginHome);
  const build = ['build', '--enable-alpha-plugins', 'overlays/production'];
  const candidates: [name: string, command: string, words: string[], home?: string][] = [
    ['an empty Node program', process.execPath, ['-e', '0']],
    ['the function on overlays/production', bundle, [config, plain]],
    ['the function with 5,000 ConfigMaps beside', bundle, [config, many]],
    ['kustomize without the function', kustomize, ['build', overlay]],
    ['kustomize with a plugin that does nothing', kustomize, build, makeEmptyHome()],
    ['kustomize with the function', kustomize, build],
  ];
  const times = candidates.map((): number[] => []);
  for (let run = 0; run < RUNS; run += 1)
    for (const [index, [, command, words, other = home]] of candidates.entries())
      times[index]?.push(milliseconds(command, words, other));
  const base = median(times[0] ?? []);
  for (const [index, [name]] of candidates.entries()) {
    const time = median(times[index] ?? []);
    console.log(
      `${name.padEnd(44)} ${time.toFixed(0).padStart(6)} ms ${(time / base).toFixed(1).padStart(6)} ×`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
