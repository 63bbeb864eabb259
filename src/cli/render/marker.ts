/** What in a folder is ours: the list of files that a rendering leaves in it, and what stands there besides. */

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remembered } from '../../maps.ts';
import { readRegularFile } from '../../read-file.ts';
import { CommandError } from '../io.ts';

/** Says that the folder is ours, and which files in it are. */
export const MARKER = '.rendered-by-ma-overlays';
/** The same while it is written. */
export const MARKER_DRAFT = `${MARKER}.draft`;

const MARKER_TEXT =
  '# Made by `ma-overlays render --out`, which replaces these files and no others: do not edit them.\n';

/** What a repository has at its top for people and for git: the folder may be one, and they stay. */
const GUEST = /^(?:\.git|README.*|CODEOWNERS)$/;

/** Those in the folder. */
export function guestsIn(folder: string, files: OwnFiles): string[] {
  return readdirSync(folder).filter((name) => isGuest(name) && !files.has(name));
}

/** Whether a name at the top of the folder is one that people or git keep there: `README.md`, `.git`. */
export function isGuest(name: string): boolean {
  return GUEST.test(name);
}

/** Names of files, by the environment whose folder they are in. */
export type OwnFiles = ReadonlyMap<string, readonly string[]>;

/** One component of a path, which no line of the marker and no disk takes for anything else. */
export function isPlainName(name: string): boolean {
  return /^[^#/\\\p{Cc}][^/\\\p{Cc}]*$/u.test(name) && !/^(\.\.?|\.rendered-by-ma-.*)$/i.test(name);
}

/** The list; undefined where there is none. Throws where it is not one that a rendering wrote. */
export function readMarker(folder: string): OwnFiles | undefined {
  const path = join(folder, MARKER);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw damaged(path, 'not a file');
  const files = new Map<string, string[]>();
  for (const line of readRegularFile(path, { within: folder }).toString('utf8').split(/\r?\n/)) {
    if (line === '' || line.startsWith('# ')) continue;
    const [environment = '', name = '', ...more] = line.split('/');
    if (!isPlainName(environment) || more.length > 0 || (name !== '' && !isPlainName(name)))
      throw damaged(path, `\`${line.slice(0, 80)}\``);
    const names = remembered(files, environment, () => []);
    if (name !== '') names.push(name);
  }
  return files;
}

/** What made each environment, as the marker says it: programs with their versions, and the sum of the files that they left. */
export function readMakers(folder: string): Map<string, string> {
  const path = join(folder, MARKER);
  if (!isRegularFile(path)) return new Map();
  const lines = readRegularFile(path, { within: folder }).toString('utf8').split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, environment = '', maker = ''] = MADE_BY.exec(line) ?? [];
      return maker === '' ? [] : [[environment, maker] as const];
    }),
  );
}

const MADE_BY = /^# ([^/]+): (ma-overlays .*)$/;

function damaged(path: string, found: string): CommandError {
  return new CommandError(
    2,
    `${path} is not as a rendering leaves it: found ${found}, expected lines like dev/service-a.yaml`,
    'restore it, or remove its folder and render everything again',
  );
}

/** In one step, so that a list is never half a list. */
export function writeMarker(
  folder: string,
  files: OwnFiles,
  makers: ReadonlyMap<string, string>,
): void {
  const lines = [...files].flatMap(([environment, names]) => {
    const maker = makers.get(environment);
    return [
      ...(maker === undefined ? [] : [`# ${environment}: ${maker}\n`]),
      ...['', ...names].map((name) => `${environment}/${name}\n`),
    ];
  });
  writeFileSync(join(folder, MARKER_DRAFT), MARKER_TEXT + lines.sort().join(''), { flag: 'wx' });
  renameSync(join(folder, MARKER_DRAFT), join(folder, MARKER));
}

/** Everything in the folder that is not in the list, as paths from the folder. */
export function foreignEntries(folder: string, files: OwnFiles): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const names = files.get(entry);
    if (entry === MARKER || entry === MARKER_DRAFT) return [];
    if (names === undefined && isGuest(entry)) return [];
    if (names === undefined || !isFolder(join(folder, entry))) return [entry];
    const own = new Set(names);
    return readdirSync(join(folder, entry))
      .filter((name) => !own.has(name) || !isRegularFile(join(folder, entry, name)))
      .map((name) => `${entry}/${name}`);
  });
}

/** Those in the list that are there; environments without a folder left out. */
export function presentFiles(folder: string, files: OwnFiles): Map<string, string[]> {
  const environments = [...files].filter(([environment]) => isFolder(join(folder, environment)));
  return new Map(
    environments.map(([environment, names]) => [
      environment,
      names.filter((name) => isRegularFile(join(folder, environment, name))),
    ]),
  );
}

/** What is there of each environment, as a sum that changes with any name or content. */
export function sumsOf(folder: string, files: OwnFiles): Map<string, string> {
  return new Map(
    [...presentFiles(folder, files)].map(([environment, names]) => {
      const read = (name: string) => readFileSync(join(folder, environment, name));
      return [environment, sumOf(names.map((name) => ({ name, text: read(name) })))];
    }),
  );
}

/** The same of files that are not written yet. */
export function sumOf(files: readonly { name: string; text: Buffer | string }[]): string {
  const sum = createHash('sha256');
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    sum.update(`${name}\0${createHash('sha256').update(text).digest('hex')}\n`);
  return sum.digest('hex');
}

/** Not through a link: what it leads to is somebody's. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether a file of our own can be there: a link is none, wherever it leads. */
export function isRegularFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether anything has this name, a link that leads nowhere included. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
