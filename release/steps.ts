/** The steps of a release, up to the tag. Nothing is pushed or published here. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checksumsOf } from '../src/build/checksums.ts';
import { billPath, bundlePath, staticFolder } from '../src/build/paths.ts';
import { shellWord } from '../src/foreign-text.ts';
import { unreleased, withRelease } from './changelog.ts';
import type { GoldenDiff } from './golden-diff.ts';

/** What a release may do, so that a test can do without npm. */
export interface Workshop {
  /** The repository. */
  cwd: string;
  /** `2026-11-27`. */
  date: string;
  say(text: string): void;
  /** Runs a program and returns what it prints; throws where it fails. With `isShown` it prints to the terminal instead. */
  run(command: string, words: readonly string[], isShown?: boolean): string;
  goldenDiff(tag: string): Promise<GoldenDiff>;
}

/** Where assets lie; git ignores it. */
const ASSETS = 'dist/release';

const SUMS = 'SHA256SUMS';

const FIRST = 'Rendered manifests: nothing to compare with yet.';

/**
 * Makes the release, or says what is in its way, everything at once. Returns the exit status.
 * @param isDryRun - shows what would come, whatever is in its way, and writes nothing
 */
export async function release(version: string, isDryRun: boolean, shop: Workshop): Promise<0 | 1> {
  const { cwd, say } = shop;
  const last = lastTag(shop);
  const obstacles = obstaclesOf(version, last, shop);
  for (const obstacle of obstacles) say(`error: ${obstacle}\n`);
  if (obstacles.length > 0 && !isDryRun) return 1;
  const steps = stepsOf(version);
  if (!isDryRun && !works(['npm', 'test'], shop)) return 1;
  const golden = last === undefined ? undefined : await shop.goldenDiff(last);
  const changelog = withRelease(
    readFileSync(join(cwd, 'CHANGELOG.md'), 'utf8'),
    version,
    shop.date,
    golden?.rendered ?? FIRST,
  );
  if (isDryRun) {
    say(`${golden?.text ?? ''}\nCHANGELOG.md, ${version}:\n\n${changelog.section}\n\n`);
    say(`It would run:\n  npm test\n${shown(steps)}${next(version)}`);
    return obstacles.length > 0 ? 1 : 0;
  }
  const before = shop.run('git', ['rev-parse', '--short', 'HEAD']).trim();
  writeFileSync(join(cwd, 'CHANGELOG.md'), changelog.text);
  if (!steps.every((step) => works(step, shop))) {
    say(`error: nothing is released: git reset --hard ${before} takes back what was written\n`);
    return 1;
  }
  writeAssets(version, changelog.section, golden, shop);
  say(next(version));
  return 0;
}

/** Whether a step came to a good end. */
function works(
  [command, ...words]: readonly [string, ...string[]],
  { run, say }: Workshop,
): boolean {
  try {
    run(command, words, true);
    return true;
  } catch {
    say(`error: ${[command, ...words].join(' ')} failed\n`);
    return false;
  }
}

/** The newest tag of a version that this commit follows; undefined before the first. */
function lastTag({ run }: Workshop): string | undefined {
  try {
    return run('git', ['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*']).trim();
  } catch {
    return undefined;
  }
}

function obstaclesOf(version: string, last: string | undefined, shop: Workshop): string[] {
  const branch = shop.run('git', ['rev-parse', '--abbrev-ref', 'HEAD']).trim();
  const changed = shop.run('git', ['status', '--porcelain']).trim();
  const tags = shop.run('git', ['tag', '--list', `v${version}`]).trim();
  const notes = unreleased(readFileSync(join(shop.cwd, 'CHANGELOG.md'), 'utf8'));
  const isVersion = /^\d+\.\d+\.\d+$/.test(version);
  const isNewer = last === undefined || isLater(version, last.slice(1));
  return [
    ...(isVersion ? [] : [`${version} is not a version: 1.2.3 is one`]),
    ...(isNewer ? [] : [`${version} does not come after ${last}`]),
    ...(tags === '' ? [] : [`there is a tag ${tags} already`]),
    ...(branch === 'main' ? [] : [`this is ${branch}: a release is made on main`]),
    ...(changed === '' ? [] : [`there are changes that are not committed:\n${changed}`]),
    ...(notes ? [] : ['CHANGELOG.md has nothing under `## Unreleased`']),
  ];
}

function isLater(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}

/** After the changelog is written. */
function stepsOf(version: string): [string, ...string[]][] {
  return [
    ['npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'],
    // The bundle and the executables have the version in them.
    ['npm', 'run', '-s', 'build'],
    ['npm', 'run', '-s', 'build:static'],
    ['git', 'add', '--all'],
    ['git', 'commit', '--quiet', '--message', `build(release): Release ${version}`],
    ['git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`],
  ];
}

/** What goes with a release: the package, the bundle, what is in both, what changes, and the checksums of all that. */
function writeAssets(
  version: string,
  section: string,
  golden: GoldenDiff | undefined,
  { cwd, run }: Workshop,
): void {
  const folder = join(cwd, ASSETS);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', folder]);
  writeFileSync(join(folder, `ma-overlays-${version}.cdx.json`), billOfPackage(run));
  writeFileSync(join(folder, 'notes.md'), `${section}\n`);
  if (golden) writeFileSync(join(folder, 'golden-diff.md'), golden.text);
  for (const path of [bundlePath, billPath, ...executables(cwd)])
    copyFileSync(join(cwd, path), join(folder, basename(path)));
  const files = readdirSync(folder).map((path) => {
    return { path, content: readFileSync(join(folder, path)) };
  });
  writeFileSync(join(folder, SUMS), checksumsOf(files));
}

/** What the command line is installed with; npm calls it as its folder is called. */
function billOfPackage(run: Workshop['run']): string {
  const words = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const bill = JSON.parse(run('npm', words));
  bill.metadata.component.name = 'ma-overlays';
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** The static executables and their notices. */
function executables(cwd: string): string[] {
  const names = readdirSync(join(cwd, staticFolder)).filter((name) => name !== SUMS);
  return names.map((name) => `${staticFolder}/${name}`);
}

function shown(steps: readonly (readonly string[])[]): string {
  return steps.map((words) => `  ${words.map(shellWord).join(' ')}\n`).join('');
}

function next(version: string): string {
  const tag = `v${version}`;
  return `
Nothing is pushed or published yet. What lies in ${ASSETS} goes with it:
  git push origin main ${tag}
  gh release create ${tag} --verify-tag --notes-file ${ASSETS}/notes.md ${ASSETS}/*
  npm publish ${ASSETS}/ma-overlays-${version}.tgz
`;
}
