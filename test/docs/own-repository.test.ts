/** The hook for pre-commit, as the page about a repository of one's own shows it. What npm does is in test/e2e/package.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';
import { run } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const page = read('docs/own-repository.md');
const [hook, ...others] = parseYaml(read('.pre-commit-hooks.yaml')).json as Record<
  string,
  string
>[];
const { bin } = JSON.parse(read('package.json'));

const hooks = suite('the hook for pre-commit');

hooks('is the one of the page', () => {
  assert.equal(others, []);
  assert.match(page, `\n    hooks:\n      - id: ${hook?.['id']}\n`);
});

hooks('runs a command line that is there', async () => {
  const [program = '', ...words] = hook?.['entry']?.split(' ') ?? [];
  assert.ok(Object.hasOwn(bin, program));
  const { stderr } = await run(words, { cwd: temporaryFolder() });
  assert.match(stderr, '--all: there is no overlay in overlays/');
});

hooks.run();
