/**
 * Whether what grows costs in proportion, into a table of bench/README.md: `npm run bench:sizes`. With words behind it, only the rows that
 * have one of them are measured, and printed.
 *
 * Each row is the least of several runs, of the program's own processor time, at a size and at twice that. What the same call costs for
 * the manifests of `production` alone is taken off, so that a ratio of 2 is linear growth. Nothing is asserted.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePath, packageRoot } from '../src/build/paths.ts';
import { bundled } from '../test/support/kustomize.ts';
import { makeInputs } from './inputs.ts';
import { type Cost, nodeCost } from './measure.ts';
import { GROWTHS, type Growth } from './sizes-inputs.ts';
import { machine, replaceTable } from './table.ts';

const RUNS = 3;
const MEGABYTE = 2 ** 20;
/** More than this is named: something grows faster than what is read. */
const LINEAR = 2.3;

const folder = mkdtempSync(join(tmpdir(), 'michelangelo-sizes-'));

const stream = join(folder, 'stream.yaml');
/** kustomize's own time grows with the square of the number of resources; this one prints what is to be reported on. */
const kustomize = join(folder, 'kustomize');
const PRINT_STREAM = `#!/bin/sh\n[ "$1" = version ] && exec echo v5.8.2\nexec cat '${stream}'\n`;

/** The words of a call that reads the stream. */
function call(verb: Growth['verb']): string[] {
  const program = join(packageRoot, 'src/cli/ma-overlays.js');
  if (verb === 'function')
    return [
      join(packageRoot, bundlePath),
      join(packageRoot, 'overlays/production/domain.yaml'),
      stream,
    ];
  if (verb === 'check') return [program, 'check', stream];
  return [program, 'report', '--kustomize', kustomize, folder];
}

/** The least of both in several runs: what else runs on a machine only adds to it. */
function leastCost(verb: Growth['verb'], text: string): Omit<Cost, 'stderr'> {
  writeFileSync(stream, text);
  const costs = Array.from({ length: RUNS }, () => nodeCost(call(verb)));
  const least = (of: (cost: Cost) => number) => Math.min(...costs.map(of));
  return { seconds: least(({ seconds }) => seconds), memory: least(({ memory }) => memory) };
}

const COLUMNS = `| What | Size | CPU | Memory | Size | CPU | Memory | CPU | Memory |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |`;

/** A row of the table, and whether it grows too fast. */
function row(
  { what, size, verb, input }: Growth,
  base: string,
): { text: string; isLinear: boolean } {
  const alone = leastCost(verb, base);
  const sizes = [size, 2 * size];
  const costs = sizes.map((count) => leastCost(verb, input(count, base)));
  const [once, twice] = costs.map(({ seconds, memory }) => ({
    seconds: seconds - alone.seconds,
    memory: memory - alone.memory,
  })) as [Omit<Cost, 'stderr'>, Omit<Cost, 'stderr'>];
  const ratios = [twice.seconds / once.seconds, twice.memory / once.memory];
  const cells = costs.flatMap(({ seconds, memory }, index) => [
    (sizes[index] ?? 0).toLocaleString('en'),
    `${seconds.toFixed(2)} s`,
    `${(memory / MEGABYTE).toFixed(0)} MB`,
  ]);
  const text = [
    `\`${verb}\`: ${what}`,
    ...cells,
    ...ratios.map((ratio) => `${ratio.toFixed(1)} ×`),
  ];
  return { text: `| ${text.join(' | ')} |`, isLinear: ratios.every((ratio) => ratio < LINEAR) };
}

try {
  const words = process.argv.slice(2);
  const base = readFileSync(makeInputs(folder, bundled.command).plain, 'utf8');
  writeFileSync(kustomize, PRINT_STREAM, { mode: 0o755 });
  writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [stream.yaml]\n');
  const chosen = GROWTHS.filter(
    ({ what, verb }) =>
      words.length === 0 || words.some((word) => `${verb}: ${what}`.includes(word)),
  );
  console.log(COLUMNS);
  const rows = chosen.map((growth) => {
    const made = row(growth, base);
    console.log(made.text);
    return made;
  });
  for (const { text, isLinear } of rows) if (!isLinear) console.log(`grows too fast: ${text}`);
  const table = [COLUMNS, ...rows.map(({ text }) => text)].join('\n');
  if (words.length === 0)
    replaceTable(
      join(packageRoot, 'bench/README.md'),
      'npm run bench:sizes',
      `${machine()}\n\n${table}`,
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
