/** Names of a new environment: its folder, its namespace, its prefix. */
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { someOf } from '../../errors.ts';
import { kindOf } from '../../read-file.ts';
import { UsageError } from '../io.ts';
import { isOverlay, KUSTOMIZATION_FILES } from '../overlays.ts';
import { inFolder } from '../overlays-folder.ts';

/** What a new environment is called, and where it will be. */
export interface EnvironmentNames {
  environment: string;
  namespace: string;
  /** Empty for none. */
  namePrefix: string;
  /** The folder of its files, from the project. */
  overlay: string;
  /** The same folder. */
  target: string;
}

/** RFC 1123 label, as Kubernetes applies it to namespaces. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 1035: names of Services begin with a letter, and the prefix is their beginning. */
const PREFIX = /^[a-z][-a-z0-9]*$/;
const LONGEST_LABEL = 63;
/** The longest name of a Service in the base is michelangelo-controllermgr. */
const LONGEST_PREFIX = LONGEST_LABEL - 'michelangelo-controllermgr'.length;

/** Names that a message lists. */
const MOST_NAMES = 5;

const isLabel = (text: string) => LABEL.test(text) && text.length <= LONGEST_LABEL;

/** Refuses what cannot be a folder and a part of Kubernetes names. */
export function requireEnvironmentName(name: string): void {
  if (isLabel(name)) return;
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_LABEL)
    .replaceAll(/^-|-$/g, '');
  throw new UsageError(
    `${JSON.stringify(name)} cannot be the name of an environment: it names a folder, a namespace and cluster-scoped resources`,
    `lower-case letters, digits and hyphens, ${LONGEST_LABEL} at most${clean === '' ? '' : `: ${clean}`}`,
  );
}

/**
 * Refuses a name that is taken in the folder of overlays, on file systems that ignore case too.
 * @param folder - its path from the project
 */
export function requireFree(cwd: string, folder: string, name: string): void {
  const overlays = join(cwd, folder);
  const taken = existsSync(overlays)
    ? readdirSync(overlays).find((entry) => entry.toLowerCase() === name.toLowerCase())
    : undefined;
  if (taken !== undefined)
    throw new UsageError(
      `${inFolder(folder, taken)} exists already: ${whatIsAt(join(overlays, taken))}`,
      'nothing is overwritten: choose another name, or remove it first',
    );
}

/** What has this path, for a message; undefined where nothing has. */
export function whatIsAt(path: string): string | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (status.isSymbolicLink()) return `a link to ${readlinkSync(path)}`;
  if (!status.isDirectory()) return kindOf(status) ?? 'a file';
  const names = readdirSync(path).sort();
  if (names.length === 0) return 'an empty folder';
  const [first] = KUSTOMIZATION_FILES;
  return `a folder with${isOverlay(path) ? '' : `out ${first}, with`} ${someOf(names, MOST_NAMES)}`;
}

/** `michelangelo-staging`; cut to fit. */
export function defaultNamespace(environment: string): string {
  return `michelangelo-${environment}`.slice(0, LONGEST_LABEL).replace(/-+$/, '');
}

/** `staging-`: without a prefix, two environments in one cluster would overwrite each other's cluster roles. */
export function defaultPrefix(environment: string): string {
  return /^[a-z]/.test(environment) ? `${environment}-` : `env-${environment}-`;
}

/** Refuses a namespace that Kubernetes would. */
export function requireNamespace(namespace: string): void {
  if (isLabel(namespace)) return;
  throw new UsageError(
    `--namespace ${JSON.stringify(namespace)} is not the name of a namespace`,
    `lower-case letters, digits and hyphens, ${LONGEST_LABEL} at most`,
  );
}

/** Refuses a prefix that would make names of Services that Kubernetes does not take; an empty one means none. */
export function requirePrefix(prefix: string): void {
  if (prefix === '' || (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX)) return;
  throw new UsageError(
    prefix.length > LONGEST_PREFIX
      ? `the name prefix ${JSON.stringify(prefix)} has ${prefix.length} characters: names of Services would be too long`
      : `the name prefix ${JSON.stringify(prefix)} cannot begin the name of a Service`,
    `--name-prefix with a lower-case letter, then letters, digits and hyphens, ${LONGEST_PREFIX} at most; '' for none`,
  );
}
