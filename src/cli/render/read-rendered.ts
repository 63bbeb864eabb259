/** What `render --out` wrote, read by other verbs. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { joinFiles } from '../../protocol/documents.ts';
import { readRegularFile } from '../../read-file.ts';
import { isFolder, MARKER, readMarker } from './marker.ts';
import { missingRecord, RECORD, type Record, readRecord } from './record.ts';

/** The folders of manifests that a folder stands for: itself, or each environment in it. None where `render --out` made neither. */
export function renderedFolders(argument: string, cwd: string): string[] {
  const path = resolve(cwd, argument);
  if (existsSync(join(path, MARKER)))
    return [...(readMarker(path)?.keys() ?? [])]
      .filter((name) => isFolder(join(path, name)))
      .map((name) => join(argument, name));
  const above = dirname(path);
  const isRendered = existsSync(join(above, MARKER)) && readMarker(above)?.has(basename(path));
  return isRendered ? [argument] : [];
}

/** All manifests of one such folder, as one stream. */
export function readRendered(folder: string): Buffer {
  const within = dirname(folder);
  return joinFiles(
    renderedFiles(folder).map((name) => readRegularFile(join(folder, name), { within })),
  );
}

/** The names of its files, in the order in which they are read. */
export function renderedFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

/** What its rendering knew beside them; undefined where an older program rendered it. */
export function recordOfRendered(folder: string): Record | undefined {
  const record = readRecord(folder);
  if (!record && readMarker(dirname(folder))?.get(basename(folder))?.includes(RECORD))
    throw missingRecord(folder);
  return record;
}
