/**
 * What a fleet costs: `tsx bench/fleet.ts [NUMBER…]`, by default 10 and 200 overlays. `--keep FOLDER` makes the fleet there, and leaves it.
 *
 * One run of `render --all --out` beside a plain loop of `kustomize build`, which builds the same without the function. CPU is that of all
 * processes, user and system; memory is the largest resident set of the command line itself. Nothing is asserted.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/build/paths.ts';
import { newest } from '../test/support/kustomize.ts';

const program = join(packageRoot, 'src/cli/ma-overlays.js');

/** Makes `overlays/` with so many environments over our base, each like `production` with a domain of its own, and the same in `plain/` without the function. */
function makeFleet(folder: string, count: number): void {
  cpSync(join(packageRoot, 'base'), join(folder, 'base'), { recursive: true });
  const domain = readFileSync(join(packageRoot, 'overlays/production/domain.yaml'), 'utf8');
  const plain = 'namespace: michelangelo\nresources: [../../base]\n';
  for (let number = 1; number <= count; number += 1) {
    const name = `env-${String(number).padStart(4, '0')}`;
    const config = domain
      .replace(/^#.*\n/, '')
      .replace('name: production', `name: ${name}`)
      .replaceAll('ml.example.com', `${name}.ml.example.com`);
    write(folder, `plain/${name}/kustomization.yaml`, plain);
    const kustomization = `${plain}transformers: [domain.yaml]\n`;
    write(folder, `overlays/${name}/kustomization.yaml`, kustomization);
    write(folder, `overlays/${name}/domain.yaml`, config);
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

interface Cost {
  /** Seconds. */
  wall: number;
  cpu: number;
  /** Largest resident set, in MB. */
  memory: number;
}

/** Linux counts the CPU of ended children, in hundredths of a second (proc_pid_stat(5), fields 16 and 17). */
function childrenCpu(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function costOf(command: string, words: readonly string[], cwd: string): Promise<Cost> {
  const before = childrenCpu();
  const start = performance.now();
  const env = { ...process.env, KUSTOMIZE: newest.command };
  const child = spawn(command, words, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  let memory = 0;
  const timer = setInterval(() => {
    memory = Math.max(memory, residentSet(child.pid));
  }, 50);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: status ${status}`);
  const wall = (performance.now() - start) / 1000;
  return { wall, cpu: childrenCpu() - before, memory };
}

/** Largest so far, in MB. */
function residentSet(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const LOOP = 'for overlay in plain/*; do "$KUSTOMIZE" build "$overlay" >/dev/null || exit 1; done';

async function measure(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'michelangelo-fleet-'));
  try {
    makeFleet(folder, count);
    const loop = await costOf('sh', ['-c', LOOP], folder);
    const ours = await costOf(
      process.execPath,
      [program, 'render', '--all', '--out', 'out'],
      folder,
    );
    const cells = [
      count,
      loop.cpu.toFixed(1),
      ours.cpu.toFixed(1),
      (ours.cpu / loop.cpu).toFixed(2),
      loop.wall.toFixed(1),
      ours.wall.toFixed(1),
      (ours.wall / loop.wall).toFixed(2),
      ours.memory.toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const words = process.argv.slice(2);
if (words[0] === '--keep') makeFleet(words[1] ?? '.', Number(words[2] ?? 10));
else {
  console.log(`| overlays | loop, CPU s | render, CPU s | ratio | loop, s | render, s | ratio | render, MB |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`);
  for (const count of words.length > 0 ? words.map(Number) : [10, 200])
    console.log(await measure(count));
}
