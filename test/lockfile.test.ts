/** What `npm ci` installs is what was locked: npm takes a package without a checksum as it comes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../src/build/paths.ts';

interface Entry {
  link?: boolean;
  version?: string;
  integrity?: string;
  resolved?: string;
}

const read = (name: string) => JSON.parse(readFileSync(join(packageRoot, name), 'utf8'));
const packages: Record<string, Entry> = read('package-lock.json').packages;
const entries = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link);

const lock = suite('package-lock.json');

lock('has a checksum for every package', () => {
  assert.ok(entries.length > 50);
  assert.equal(
    entries.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')),
    [],
  );
});

lock('names no registry', () => {
  assert.equal(
    entries.filter(([, { resolved }]) => resolved !== undefined),
    [],
  );
});

lock('has every dependency in the version that package.json names', () => {
  const { dependencies, optionalDependencies, devDependencies } = read('package.json');
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...optionalDependencies,
    ...devDependencies,
  }))
    assert.is(packages[`node_modules/${name}`]?.version, version, name);
});

lock.run();
