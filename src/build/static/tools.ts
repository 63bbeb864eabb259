/**
 * What the static executables are made with, each pinned by its checksum: a C compiler from the Python package index, and QuickJS
 * as Debian's source package has it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot, toolsFolder } from '../paths.ts';

/** The only packages of this version are in Debian 13. */
const RELEASE = 'trixie';
const VERSION = '2025.04.26';
const ARCHIVE = `quickjs_${VERSION}.orig.tar.xz`;
const SHA256 = 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe';
const REQUIREMENTS = join(packageRoot, 'src/build/static/requirements.txt');

/** Changes with everything that the compiled engine depends on besides the calls of the compiler. */
export const TOOLS_VERSION = `quickjs-${VERSION}`;
/** As QuickJS names its releases. */
export const ENGINE_VERSION = VERSION.replaceAll('.', '-');

/** A command that calls the C compiler, its arguments aside. */
export async function provideCompiler(): Promise<[command: string, ...words: string[]]> {
  const text = await readFile(REQUIREMENTS, 'utf8');
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const folder = join(toolsFolder, `zig-${mark}`);
  const python = join(folder, 'bin/python');
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    await execa('python3', ['-m', 'venv', '--clear', folder]);
    const words = ['--quiet', '--require-hashes', '--only-binary', ':all:', '-r', REQUIREMENTS];
    await execa(python, ['-m', 'pip', 'install', ...words]);
    await writeFile(done, '');
  }
  return [python, '-m', 'ziglang', 'cc'];
}

/** The folder with QuickJS's sources. `$QUICKJS_ARCHIVE` names the archive on machines without Debian's packages. */
export async function provideEngineSource(): Promise<string> {
  const folder = join(toolsFolder, TOOLS_VERSION);
  if (existsSync(folder)) return folder;
  const scratch = join(toolsFolder, `${TOOLS_VERSION}.new`);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const archive = join(scratch, ARCHIVE);
  const given = process.env['QUICKJS_ARCHIVE'];
  if (given === undefined) await downloadFromDebian(scratch);
  else await copyFile(given, archive);
  const found = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  if (found !== SHA256) throw new Error(`${ARCHIVE} has the SHA-256 ${found}, expected ${SHA256}`);
  await execa('tar', ['-xJf', ARCHIVE, '--strip-components=1'], { cwd: scratch });
  await rename(scratch, folder);
  return folder;
}

/** From the mirror that this machine uses, in an apt of its own: the machine's lists and sources stay as they are. */
async function downloadFromDebian(folder: string): Promise<void> {
  const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(REPO_URI) $(ORIGIN)']);
  const mirror = stdout
    .split('\n')
    .find((line) => line.endsWith(' Debian') && !/security|backports/.test(line));
  if (mirror === undefined)
    throw new Error(`apt-get knows no mirror of Debian; name ${ARCHIVE} in QUICKJS_ARCHIVE`);
  const sources = join(folder, 'sources.list');
  await writeFile(sources, `deb-src ${mirror.split(' ')[0]} ${RELEASE} main\n`);
  for (const part of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(folder, part), { recursive: true });
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    // Its own user may not enter every folder.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).map(([name, value]) => `-o${name}=${value}`);
  await execa('apt-get', [...options, '-qq', 'update']);
  const source = ['source', '--download-only', `quickjs=${VERSION}-1`];
  await execa('apt-get', [...options, '-qq', ...source], { cwd: folder });
}
