/** A release in a repository of its own: git is real, npm is not. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withRelease } from '../../release/changelog.ts';
import { compareCases } from '../../release/golden-cases.ts';
import { describe } from '../../release/golden-diff.ts';
import { release, type Workshop } from '../../release/steps.ts';
import { bundlePath, packageRoot } from '../../src/build/paths.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const CHANGELOG = `# Changelog

## Unreleased

A new thing.

Rendered manifests: nothing to compare with yet.

## 0.1.0, 2026-01-01

Old.
`;

function repository(): string {
  const cwd = folderWith({
    'CHANGELOG.md': CHANGELOG,
    'package.json': '{"version": "0.1.0"}\n',
    '.gitignore': 'dist/\n',
    [bundlePath]: 'bundle\n',
    [`${bundlePath}.cdx.json`]: '{}\n',
  });
  const git = (...words: string[]) => execFileSync('git', words, { cwd });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b.example');
  git('add', '-A');
  git('commit', '-q', '-m', 'a');
  git('tag', 'v0.1.0');
  return cwd;
}

/** What was said and run; npm does what is asked of it, unless it has to fail. */
function shopIn(cwd: string, failing = ''): { shop: Workshop; said: string[]; ran: string[] } {
  const said: string[] = [];
  const ran: string[] = [];
  const run: Workshop['run'] = (command, words) => {
    const line = [command, ...words].join(' ');
    ran.push(line);
    if (line === failing) throw new Error(line);
    if (command === 'git')
      return execFileSync('git', words, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const [verb, version] = words;
    if (verb === 'version') writeFileSync(join(cwd, 'package.json'), `{"version": "${version}"}\n`);
    if (line === 'npm run -s build:static') {
      mkdirSync(join(cwd, 'dist/static'), { recursive: true });
      for (const name of ['DomainConfig-linux-arm64', 'SHA256SUMS'])
        writeFileSync(join(cwd, 'dist/static', name), name);
    }
    if (verb === 'pack')
      writeFileSync(join(words.at(-1) ?? '', 'ma-overlays-0.2.0.tgz'), 'package');
    return verb === 'sbom' ? '{"metadata": {"component": {"name": "clone"}}}' : '';
  };
  const goldenDiff = (tag: string) =>
    Promise.resolve({
      rendered: `Rendered manifests do not change: the same bytes as ${tag}.`,
      text: 'golden\n',
    });
  const say = (text: string) => said.push(text);
  return { shop: { cwd, date: '2026-02-03', say, run, goldenDiff }, said, ran };
}

const releases = suite('release');

releases('tests, writes, commits and tags, and pushes nothing', async () => {
  const cwd = repository();
  const { shop, said, ran } = shopIn(cwd);
  assert.is(await release('0.2.0', false, shop), 0);
  const changelog = readFileSync(join(cwd, 'CHANGELOG.md'), 'utf8');
  assert.match(
    changelog,
    '## Unreleased\n\n## 0.2.0, 2026-02-03\n\nA new thing.\n\nRendered manifests do not change: the same bytes as v0.1.0.\n\n## 0.1.0, 2026-01-01\n\nOld.\n',
  );
  const log = execFileSync('git', ['log', '-1', '--format=%s%d'], { cwd, encoding: 'utf8' });
  assert.is(log, 'build(release): Release 0.2.0 (HEAD -> main, tag: v0.2.0)\n');
  assert.is(execFileSync('git', ['status', '--porcelain'], { cwd, encoding: 'utf8' }), '');
  assert.ok(ran.indexOf('npm test') < ran.indexOf('npm run -s build'));
  assert.not.ok(ran.some((line) => /push|publish|gh /.test(line)));
  assert.match(said.at(-1) ?? '', 'git push origin main v0.2.0\n');
  const assets = join(cwd, 'dist/release');
  assert.equal(readdirSync(assets).sort(), [
    'DomainConfig',
    'DomainConfig-linux-arm64',
    'DomainConfig.cdx.json',
    'SHA256SUMS',
    'golden-diff.md',
    'ma-overlays-0.2.0.cdx.json',
    'ma-overlays-0.2.0.tgz',
    'notes.md',
  ]);
  assert.match(
    readFileSync(join(assets, 'ma-overlays-0.2.0.cdx.json'), 'utf8'),
    '"name": "ma-overlays"',
  );
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: assets });
});

releases('a dry run shows all and writes nothing, whatever is in the way', async () => {
  const cwd = repository();
  writeFileSync(join(cwd, 'more'), '');
  const { shop, said, ran } = shopIn(cwd);
  assert.is(await release('0.2.0', true, shop), 1);
  const all = said.join('');
  assert.match(all, 'error: there are changes that are not committed:\n?? more\n');
  assert.match(all, 'golden\n\nCHANGELOG.md, 0.2.0:\n\nA new thing.\n\nRendered manifests do not');
  assert.match(all, "  git commit --quiet --message 'build(release): Release 0.2.0'\n");
  assert.not.ok(ran.some((line) => line.startsWith('npm')));
  assert.is(readFileSync(join(cwd, 'CHANGELOG.md'), 'utf8'), CHANGELOG);
  assert.not.ok(existsSync(join(cwd, 'dist')));
});

releases('everything that is in the way is said at once', async () => {
  const cwd = repository();
  execFileSync('git', ['checkout', '-q', '-b', 'other'], { cwd });
  writeFileSync(join(cwd, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n');
  const { shop, said, ran } = shopIn(cwd);
  assert.is(await release('0.1.0', false, shop), 1);
  for (const message of [
    '0.1.0 does not come after v0.1.0',
    'there is a tag v0.1.0 already',
    'this is other: a release is made on main',
    'not committed',
    'CHANGELOG.md has nothing under',
  ])
    assert.match(said.join(''), message);
  assert.not.ok(ran.some((line) => line.startsWith('npm')));
});

releases('a test or a build that fails ends it, and nothing is tagged', async () => {
  for (const failing of ['npm test', 'npm run -s build']) {
    const cwd = repository();
    const { shop, said } = shopIn(cwd, failing);
    assert.is(await release('0.2.0', false, shop), 1);
    assert.match(said.join(''), `error: ${failing} failed\n`);
    assert.is(execFileSync('git', ['tag'], { cwd, encoding: 'utf8' }), 'v0.1.0\n');
  }
});

releases('the first release has nothing to compare with', async () => {
  const cwd = repository();
  execFileSync('git', ['tag', '-d', 'v0.1.0'], { cwd });
  const { shop } = shopIn(cwd);
  assert.is(await release('0.1.0', false, shop), 0);
  const changelog = readFileSync(join(cwd, 'CHANGELOG.md'), 'utf8');
  assert.match(changelog, 'A new thing.\n\nRendered manifests: nothing to compare with yet.\n');
});

releases('a changelog may end with what is not released', () => {
  const { text } = withRelease(
    '# C\n\n## Unreleased\n\nA.\n',
    '1.0.0',
    '2026-02-03',
    'Rendered m.',
  );
  assert.is(text, '# C\n\n## Unreleased\n\n## 1.0.0, 2026-02-03\n\nA.\n\nRendered m.\n');
});

releases.run();

const golden = suite('golden diff');

golden('is by the golden cases of the other version', () => {
  const folder = temporaryFolder();
  const copy = (name: string, change: (file: string, text: string) => string) => {
    const from = join(packageRoot, 'test/cases', name);
    for (const file of readdirSync(from)) {
      const path = join(folder, name, file);
      mkdirSync(dirname(path), { recursive: true });
      cpSync(join(from, file), path);
      writeFileSync(path, change(file, readFileSync(path, 'utf8')));
    }
  };
  const keep = (_file: string, text: string) => text;
  copy('tls-none', keep);
  copy('tls-secret', (file, text) =>
    file === 'expected.yaml' ? text.replace('useTLS: true', 'useTLS: false') : text,
  );
  const same = compareCases(join(packageRoot, 'test/cases'), 'v1', 'v2', [
    'tls-none',
    'tls-secret',
  ]);
  assert.equal(same.entries, []);
  const cases = compareCases(folder, 'v1', 'v2');
  assert.equal(
    cases.overlays.map(({ overlay, state }) => [overlay, state]),
    [
      ['tls-none', 'same'],
      ['tls-secret', 'changed'],
    ],
  );
  assert.is(cases.entries.length, 1);
  const { rendered, text } = describe('v1', { ...same, overlays: [] }, cases);
  assert.is(
    rendered,
    'Rendered manifests change, in 1 of its 2 golden cases: golden-diff.md of this release has every line.',
  );
  assert.match(text, /^\+ +useTLS: true$/m);
  const none = describe('v1', { ...same, overlays: [] }, same);
  assert.match(none.rendered, /^Rendered manifests do not change: /);
});

golden.run();
