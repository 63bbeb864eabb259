/**
 * The plugins that an overlay names, found before kustomize is started: in it, and in everything local that it is built from. This is no
 * sandbox: it keeps away what can be seen.
 */
import { existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { splitDocuments } from '../../protocol/documents.ts';
import { readRegularFile, UnreadableFile } from '../../read-file.ts';
import { asText, isObject, type Json } from '../../yaml/json.ts';
import { KUSTOMIZATION_FILES } from '../overlays.ts';
import { type BuildProblem, buildError } from './build-problem.ts';
import { isPluginField, isResourceField, RESOURCE_FIELDS } from './kustomization.ts';
import {
  ALLOW_ANYTHING,
  FOREIGN,
  judge,
  NAMELESS,
  type Permissions,
  type Refusal,
  readAlike,
} from './plugin-ids.ts';

/** What an entry of a kustomization is for: resources are manifests, plugins are configs of what kustomize runs. */
type Role = 'resources' | 'plugins';

/**
 * What cannot change what a config of a plugin runs. A patch can, an annotation, and a label or a namespace that is written where
 * `fields`, `configurations` or `crds` say.
 */
const HARMLESS = [
  ...['apiversion', 'kind', 'metadata', ...RESOURCE_FIELDS],
  ...['namespace', 'nameprefix', 'namesuffix'],
];

/** What kustomize fetches, whether or not a folder has that name. Source: kustomize, api/internal/git/repospec.go. */
const REMOTE = /^(?:git::|gh:|[a-z][a-z0-9+.-]*:\/\/|[^/\s]+@|github\.com[:/])/i;
const REMOTE_FILE = /^https?:\/\/(?:(?!\/\/|\.git\/|_git)[^?#])+\.(?:ya?ml|json)$/i;

const UNREADABLE = 'it cannot be read for certain, and may name plugins';
/** What a mistake in the file explains: that is said instead. */
const EXPLAINED: readonly string[] = [UNREADABLE, FOREIGN, NAMELESS];

/** With what is wrong in the files themselves in place of the refusals that come of it: whoever corrects that needs no flag. */
export function withReasons(
  refused: readonly BuildProblem[],
  faults: readonly BuildProblem[],
): BuildProblem[] {
  const reasons = faults.filter(({ code }) => code.endsWith('-syntax') || code === 'config-kind');
  const files = new Set(reasons.map(({ file }) => file));
  const isExplained = ({ path, message }: BuildProblem) =>
    files.has(path) && EXPLAINED.includes(message);
  return [...reasons, ...refused.filter((problem) => !isExplained(problem))];
}

/** Empty where nothing is refused. */
export function refusedPlugins(
  overlay: string,
  permissions: Permissions,
  cwd: string,
): BuildProblem[] {
  const walk = new Walk(permissions, cwd);
  walk.folder(resolve(cwd, overlay), 'resources');
  return walk.problems;
}

class Walk {
  readonly problems: BuildProblem[] = [];
  readonly #seen = new Set<string>();
  readonly #permissions: Permissions;
  readonly #cwd: string;

  constructor(permissions: Permissions, cwd: string) {
    this.#permissions = permissions;
    this.#cwd = realpathSync(cwd);
  }

  /** A folder without a kustomization is kustomize's to complain about. Paths in it start where a link to it leads, as in kustomize. */
  folder(found: string, role: Role): void {
    const path = realpathSync(found);
    const key = `${role} ${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    for (const name of KUSTOMIZATION_FILES)
      if (existsSync(join(path, name)))
        for (const json of this.#documents(join(path, name)))
          if (isObject(json))
            for (const [field, value] of Object.entries(json))
              this.#field(path, join(path, name), role, field, value);
  }

  #field(folder: string, file: string, role: Role, field: string, value: Json): void {
    const name = asGoReads(field);
    if (role === 'plugins' && !HARMLESS.includes(name))
      this.#refuseUnseen(file, `\`${field}\` may change what these plugins run`);
    const entries = Array.isArray(value) ? value.map(asText) : [];
    for (const entry of entries)
      if (isPluginField(name)) this.#plugin(folder, file, name, entry);
      else if (isResourceField(name)) this.#entry(folder, file, role, entry);
  }

  /** Inline, a file or a folder. */
  #plugin(folder: string, file: string, field: string, entry: string): void {
    const texts = splitDocuments(Buffer.from(entry)).map(({ text }) => readAlike(text));
    for (const read of texts)
      if (read) this.#judge(read.json, `${this.#shown(file)}, \`${field}\``);
    const isInline = texts.some((read) => !read || isObject(read.json) || Array.isArray(read.json));
    if (!isInline || existsSync(resolve(folder, entry)))
      this.#entry(folder, file, 'plugins', entry);
    else if (texts.includes(undefined))
      this.#refuseUnseen(file, `an entry of \`${field}\` cannot be read for certain`);
  }

  #entry(folder: string, file: string, role: Role, entry: string): void {
    const path = resolve(folder, entry);
    const status = statusOf(path);
    const isFetched = REMOTE.test(entry) && !status?.isFile();
    if (isFetched && (role === 'plugins' || !REMOTE_FILE.test(entry)))
      this.#refuseUnseen(
        file,
        'a remote base may name plugins, which cannot be seen before',
        entry,
      );
    else if (status?.isDirectory()) this.folder(path, role);
    else if (status !== undefined && role === 'plugins' && !this.#seen.has(path)) {
      this.#seen.add(path);
      for (const json of this.#documents(path)) this.#judge(json, this.#shown(path));
    }
  }

  #documents(path: string): Json[] {
    try {
      const documents = splitDocuments(readRegularFile(path)).map(({ text }) => readAlike(text));
      if (documents.includes(undefined)) this.#refuseUnseen(path, UNREADABLE);
      return documents.flatMap((read) => (read ? [read.json] : []));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.#refuseUnseen(path, `it ${error.reason}`);
      return [];
    }
  }

  #judge(config: Json, place: string): void {
    for (const refusal of judge(config, this.#permissions)) this.#refuse(place, refusal);
  }

  #refuseUnseen(file: string, message: string, found?: string): void {
    if (this.#permissions.mayRunAnything) return;
    const row = found === undefined ? {} : { found };
    this.#refuse(this.#shown(file), { message, ...row, fix: ALLOW_ANYTHING });
  }

  #refuse(place: string, { message, found, fix }: Refusal): void {
    const row = found === undefined ? {} : { found };
    this.problems.push(buildError('plugin-refused', message, fix, { path: place, ...row }));
  }

  #shown(path: string): string {
    return relative(this.#cwd, path);
  }
}

/** Undefined for what kustomize cannot open either: it says so. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The decoder of Go's encoding/json takes a field in capitals too, and two letters beyond ASCII for their likes. */
function asGoReads(field: string): string {
  return field.toUpperCase().toLowerCase();
}
