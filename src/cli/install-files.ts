/** The files of an installed plugin, and which of them are as they were installed. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readIfRegular, readTextIfRegular } from '../read-file.ts';
import { getIn } from '../yaml/json.ts';
import { draftPath, removeLeftovers } from './drafts.ts';
import { PLUGIN_FOLDER, packageRoot, packageVersion } from './package-root.ts';

/** In the names of drafts. */
const VERB = 'install';

const RECORD = 'installed-by-ma-overlays.json';

/** Beside the bundle, because a package.json further up, of any kind, would decide how Node.js reads it. */
const COMMON_JS = '{ "type": "commonjs" }\n';

/** The SHA-256 of each of the others, as the build made it. */
const SUMS = 'SHA256SUMS';

const BUILT = [
  'DomainConfig',
  'THIRD-PARTY-NOTICES',
  'DomainConfig.cdx.json',
  'domain-config.schema.json',
  'README.md',
];

const CONTENT = [...BUILT, SUMS, 'package.json'];

/** Every file that an installation writes; the record last, so that it never speaks of files that are not there yet. */
const INSTALLED_FILES: readonly string[] = [...CONTENT, RECORD];

/**
 * Writes the plugin into an existing folder, file by file: each is the old one or the new one, whenever this is stopped, and what else is
 * there is not touched. Every user can read what is written, whatever the umask: an Argo CD repo server is another one.
 */
export function writePlugin(folder: string): void {
  removeLeftovers(folder, VERB);
  const drafts = INSTALLED_FILES.map((name) => ({ name, draft: draftPath(folder, VERB) }));
  try {
    // All before the first rename: a disk that gets full changes nothing.
    for (const { name, draft } of drafts) writeDraft(draft, contentOf(name), modeOf(name));
    for (const { name, draft } of drafts) renameSync(draft, join(folder, name));
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    throw error;
  }
}

/** Takes the plugin away; the record of what was installed goes last. */
export function removePlugin(folder: string): void {
  removeLeftovers(folder, VERB);
  for (const name of INSTALLED_FILES) rmSync(join(folder, name), { force: true });
}

/** Whether everything there is what would be installed. */
export function isSameInstallation(folder: string): boolean {
  return INSTALLED_FILES.every((name) => {
    const mode = modeOf(name);
    const status = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return (
      status !== undefined &&
      (status.mode & mode) === mode &&
      contentAt(folder, name)?.equals(contentOf(name))
    );
  });
}

/** What has our names and neither an installation left like this nor would write now. */
export function foreignFiles(folder: string): string[] {
  const sums = recordedSums(folder);
  return INSTALLED_FILES.filter((name) => {
    if (lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined) return false;
    const content = contentAt(folder, name);
    if (content === undefined) return true;
    if (name === RECORD || content.equals(contentOf(name))) return false;
    return sha256(content) !== getIn(sums, ['sha256', name]);
  });
}

/** Files of this package that are not what its build made: cut off, or changed since. The list of checksums itself, where it is missing. */
export function unsoundFiles(folder = join(packageRoot, 'plugin', PLUGIN_FOLDER)): string[] {
  const sums = readTextIfRegular(join(folder, SUMS));
  if (sums === undefined) return [SUMS];
  const lines = sums.split('\n');
  return BUILT.filter((name) => {
    const content = readIfRegular(join(folder, name));
    return content === undefined || !lines.includes(`${sha256(content)}  ${name}`);
  });
}

/** Undefined for a link as well: it is somebody's, wherever it leads. */
function contentAt(folder: string, name: string): Buffer | undefined {
  const path = join(folder, name);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return readIfRegular(path);
}

function modeOf(name: string): number {
  return name === 'DomainConfig' ? 0o755 : 0o644;
}

function writeDraft(path: string, content: Buffer, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
    // A disk in a network may say only now that it is full.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function contentOf(name: string): Buffer {
  if (name === 'package.json') return Buffer.from(COMMON_JS);
  if (name === RECORD) return Buffer.from(record());
  return readFileSync(join(packageRoot, 'plugin', PLUGIN_FOLDER, name));
}

function record(): string {
  const sums = Object.fromEntries(CONTENT.map((name) => [name, sha256(contentOf(name))]));
  const content = { package: 'ma-overlays', version: packageVersion(), sha256: sums };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function recordedSums(folder: string): unknown {
  try {
    return JSON.parse(contentAt(folder, RECORD)?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
