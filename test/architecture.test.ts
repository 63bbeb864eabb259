/** ARCHITECTURE.md against the disk, and the imports of src/ against the layers that it describes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleCommandLine } from '../src/build/bundle.ts';
import { packageRoot } from '../src/build/paths.ts';
import { readTree } from './support/tree.ts';

/** Imports go to the same layer or a lower one. */
const LAYERS = [
  ['errors.ts', 'foreign-text.ts', 'maps.ts', 'read-file.ts', 'system-error.ts'],
  ['net', 'yaml'],
  ['config', 'controllers', 'envoy', 'manifests'],
  ['surface'],
  ['rules', 'checks'],
  ['run.ts'],
  ['protocol'],
  ['report'],
  ['function.ts', 'quickjs', 'cli', 'build'],
];

/** What nothing else imports. */
const ENTRIES = ['function.ts', 'quickjs', 'cli', 'build'];

interface Import {
  /** The importing module, relative to src/. */
  from: string;
  /** A module relative to src/, or the name of a package. */
  to: string;
  typeOnly: boolean;
  external: boolean;
}

const source = join(packageRoot, 'src');
const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|js)$/.test(path) && !path.includes('generated'))
  .sort();
const imports = modules.flatMap(readImports);
const inside = imports.filter(({ external }) => !external);
const packages = imports.filter(({ external, to }) => external && !to.startsWith('node:'));

const tree = suite('ARCHITECTURE.md');

tree('lists folders that exist, each with its purpose', () => {
  const entries = readTree(readFileSync(join(packageRoot, 'ARCHITECTURE.md'), 'utf8'));
  assert.ok(entries.length > 0, 'has a ```text block with a line for each folder');
  for (const { path, purpose } of entries) {
    const known = path.replace(/\/?<.*$/, '');
    assert.ok(existsSync(join(packageRoot, known)), `${path} does not exist`);
    assert.ok(purpose, `${path} has no purpose`);
  }
});

tree('lists every folder at the top and in src/', () => {
  const text = readFileSync(join(packageRoot, 'ARCHITECTURE.md'), 'utf8');
  const listed = new Set(readTree(text).map(({ path }) => path.replace(/\/(<.*)?$/, '')));
  const top = folders('.').filter((name) => !/^\.|^(node_modules|dist)$/.test(name));
  const missing = [...top, ...folders('src').map((name) => `src/${name}`)].filter(
    (path) => !listed.has(path),
  );
  assert.equal(missing, []);
});

tree.run();

const direction = suite('imports');

direction('every module belongs to a layer', () => {
  assert.equal(
    modules.filter((path) => layerOf(path) < 0),
    [],
  );
});

direction('point to the same layer or a lower one', () => {
  assert.equal(inside.filter(({ from, to }) => layerOf(from) < layerOf(to)).map(arrow), []);
});

direction('never point to an entry from outside', () => {
  const entered = inside.filter(
    ({ from, to }) => ENTRIES.includes(part(to)) && part(from) !== part(to),
  );
  assert.equal(entered.map(arrow), []);
});

direction('of folders make no circle', () => {
  const edges = new Map<string, Set<string>>();
  for (const { from, to, typeOnly } of inside)
    if (part(from) !== part(to) && !typeOnly)
      edges.set(part(from), (edges.get(part(from)) ?? new Set()).add(part(to)));
  for (const start of edges.keys()) {
    const reached = new Set<string>();
    const open = [...(edges.get(start) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(edges.get(next) ?? []));
    }
    assert.not.ok(reached.has(start), `${start} imports itself through ${[...reached].join(', ')}`);
  }
});

direction('have one door for each package', () => {
  const doors = new Map<string, Set<string>>();
  // Every verb describes itself in commander's words: that is what a framework is for.
  for (const { from, to, typeOnly } of packages)
    if (!typeOnly && part(from) !== 'build' && to !== 'commander')
      doors.set(to, (doors.get(to) ?? new Set()).add(from));
  assert.equal(
    [...doors].filter(([, modules]) => modules.size > 1).map(([name, m]) => [name, ...m]),
    [],
  );
  assert.equal([...(doors.get('yaml') ?? [])], ['yaml/yaml.ts']);
  assert.equal([...(doors.get('fast-json-patch') ?? [])], ['yaml/json-patch.ts']);
});

direction('have one door for the compiled validator', () => {
  const users = inside.filter(({ to, typeOnly }) => /generated\/validate/.test(to) && !typeOnly);
  assert.is(new Set(users.map(({ from }) => from)).size, 1, users.map(arrow).join(', '));
});

direction('of the command line are dependencies, not development dependencies', async () => {
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const modules = [...(await bundleCommandLine()).values()];
  const text = modules.map((content) => Buffer.from(content).toString('utf8')).join('\n');
  const names = [...text.matchAll(/^\s*(?:import|\} from|import .* from) "([^"]+)"/gm)]
    .map(([, name = '']) => name.replace(/^(@[^/]+\/[^/]+|[^/]+).*$/, '$1'))
    .filter((name) => !name.startsWith('node:') && name !== '.');
  assert.ok(names.includes('commander'));
  assert.equal(
    names.filter((name) => !Object.hasOwn(dependencies, name)),
    [],
  );
});

direction.run();

function readImports(from: string): Import[] {
  const text = readFileSync(join(source, from), 'utf8');
  const statements =
    /^(?:import|export)\s+(type\s)?(?:[\w*{][^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(statements)].map(([, type, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? '';
    const external = !name.startsWith('.');
    const to = external
      ? name.replace(/^(@[^/]+\/[^/]+|[^/]+).*$/, '$1')
      : posix.join(dirname(from), name);
    return { from, to, typeOnly: type !== undefined, external };
  });
}

function part(path: string): string {
  return path.split('/')[0] ?? path;
}

function layerOf(path: string): number {
  return LAYERS.findIndex((layer) => layer.includes(part(path)));
}

function arrow({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

/** Folders with at least one file somewhere below. */
function folders(path: string): string[] {
  return readdirSync(join(packageRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) =>
      readdirSync(join(packageRoot, path, name), {
        withFileTypes: true,
        recursive: name !== 'node_modules',
      }).some((entry) => entry.isFile()),
    );
}
