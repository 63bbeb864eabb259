/** A new environment that takes its files from another: comments stay, names and hosts change. */

import { resolve } from 'node:path';
import { PUBLIC_ROLES } from '../../config/public-hosts.ts';
import { asText, getIn, isObject, type Json } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { ENVIRONMENT_FILE } from '../environment-file.ts';
import { UsageError } from '../io.ts';
import { relativePath } from './base-copy.ts';
import { TextFile } from './edit-text.ts';
import { renameEnvironment } from './environment-plan.ts';
import type { OverlayFiles } from './folder.ts';
import type { EnvironmentNames } from './names.ts';
import { findDomainFile, findKustomization, textOf } from './overlay-files.ts';
import type { FieldValue } from './spec-fields.ts';

/** From which overlay, to which, and what is given for the new one. */
interface Renaming extends EnvironmentNames {
  /** The origin as a person typed it. */
  shown: string;
  /** Where its files are. */
  origin: string;
  /** Fields of the spec from flags and answers; the domain is among them. */
  fields: readonly FieldValue[];
  /** The line that names the schema for editors, in a file of the overlay. */
  schemaLine(file: string): string;
}

/** The files of the new environment, before anything is written. */
export interface Renamed {
  files: OverlayFiles;
  /** Which of the files is the config. */
  domainFile: string;
  /** What a person should know, a line each: what was left out, and what still says what the origin says. */
  notes: string[];
}

/** Lists of a kustomization whose entries are paths. */
const PATH_LISTS = [
  'resources',
  'components',
  'bases',
  'transformers',
  'generators',
  'configurations',
];
const SCHEMA_LINE = /^# yaml-language-server: \$schema=.*$/m;

/** The files of the origin under the new names. */
export function renameOverlay(files: OverlayFiles, renaming: Renaming): Renamed {
  const { shown } = renaming;
  const kustomization = findKustomization(files, shown);
  const domainFile = findDomainFile(files, shown);
  const read = (path: string) => new TextFile(`${shown}/${path}`, textOf(files, path) as string);
  const config = read(domainFile);
  const notes = renameConfig(config, renaming);
  const schemaLine = renaming.schemaLine(domainFile);
  config.replaceComment(SCHEMA_LINE, schemaLine);
  const renamed: OverlayFiles = new Map(files);
  const write = (path: string, content: string) => renamed.set(path, { content, mode: 0o644 });
  write(domainFile, SCHEMA_LINE.test(config.text) ? config.text : `${schemaLine}\n${config.text}`);
  write(kustomization, renameKustomization(read(kustomization), renaming));
  if (files.has(ENVIRONMENT_FILE)) {
    const { text, note } = renameEnvironment(files, shown, renaming.namespace);
    write(ENVIRONMENT_FILE, text);
    notes.push(note);
  }
  return { files: renamed, domainFile, notes };
}

function renameKustomization(file: TextFile, renaming: Renaming): string {
  file.set(['namespace'], renaming.namespace);
  if (renaming.namePrefix === '') file.remove(['namePrefix']);
  else file.set(['namePrefix'], renaming.namePrefix);
  for (const list of PATH_LISTS) {
    const items = file.get([list]);
    for (const [index, item] of Array.isArray(items) ? items.entries() : [])
      if (typeof item === 'string' && item.startsWith('../'))
        file.set([list, index], moved(item, renaming));
  }
  return file.text;
}

/** A path that leads out of the origin, as it is from the target. */
function moved(path: string, { origin, target }: Renaming): string {
  const result = relativePath(target, resolve(origin, path));
  return path.endsWith('/') ? `${result}/` : result;
}

function renameConfig(file: TextFile, { environment, fields, shown }: Renaming): string[] {
  const oldDomain = asText(file.get(['spec', 'domain']) ?? '');
  const given = new Map(fields);
  const newDomain = asText(given.get('domain') ?? '');
  const dropped: string[] = [];
  const drop = (path: string[]) => {
    if (file.get(path) === undefined) return;
    file.remove(path);
    dropped.push(toPath(path));
    const parent = path.slice(0, -1);
    const above = file.get(parent);
    if (isObject(above) && Object.keys(above).length === 0) file.remove(parent);
  };
  file.set(['metadata', 'name'], environment);
  for (const role of PUBLIC_ROLES) {
    const path = ['spec', 'hosts', role];
    const host = file.get(path);
    if (typeof host !== 'string' || given.has(`hosts.${role}`)) continue;
    file.set(path, movedHost(host, oldDomain, newDomain, `hosts.${role}`));
  }
  drop(['spec', 'hosts', 'aliases']);
  // Made for the origin under this name; `issuer` mode refers to one that exists.
  const oldMode = file.get(['spec', 'tls', 'mode']);
  if (oldMode !== 'issuer') drop(['spec', 'tls', 'issuer', 'name']);
  // A flag that chooses another mode or another entry: the fields of the one before have no meaning there.
  if (given.has('tls.mode') && given.get('tls.mode') !== oldMode) file.remove(['spec', 'tls']);
  if (given.has('entry.ingress.controller') || given.has('entry.gateway.className'))
    file.remove(['spec', 'entry']);
  for (const [path, value] of fields) file.set(['spec', ...path.split('.')], value);
  const unchanged = leftOver(file.json, given);
  return [
    ...(dropped.length > 0
      ? [`left out, because it is ${shown}'s own: ${dropped.join(', ')}`]
      : []),
    ...(unchanged.length > 0
      ? [`as in ${shown}; see whether both may share it: ${unchanged.join(', ')}`]
      : []),
  ];
}

function movedHost(host: string, oldDomain: string, newDomain: string, field: string): Json {
  if (oldDomain !== '' && host.endsWith(`.${oldDomain}`))
    return `${host.slice(0, -oldDomain.length)}${newDomain}`;
  throw new UsageError(
    `spec.${field} is ${host}, which does not follow from the domain: what it is here cannot be derived`,
    `--set ${field}=HOST`,
  );
}

/** What may belong to the origin in ways that no rule knows: a task list that two environments poll, a bucket. */
function leftOver(json: Json, given: ReadonlyMap<string, Json>): string[] {
  const spec = getIn(json, ['spec']);
  const own = ['domain', 'hosts', 'tls', 'entry'];
  return Object.keys(isObject(spec) ? spec : {})
    .filter((key) => !own.includes(key))
    .filter((key) => ![...given.keys()].some((path) => path.split('.')[0] === key))
    .map((key) => `spec.${key}`);
}
