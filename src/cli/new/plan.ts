/** What `new` is going to write: from answers, or from another overlay. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Io, UsageError } from '../io.ts';
import { isOverlay, requireOverlay } from '../overlays.ts';
import { type Asker, askerFor } from '../questions.ts';
import {
  type AnswerOptions,
  askDomain,
  completeSpec,
  fieldsFromFlags,
  openFlags,
  requireAnswers,
} from './answers.ts';
import {
  type BaseOptions,
  type BasePlan,
  lacksBase,
  planBase,
  relativePath,
  schemaFor,
} from './base-copy.ts';
import { domainFile, schemaLine } from './domain-file.ts';
import { type OverlayFiles, readFolder } from './folder.ts';
import { type Renamed, renameOverlay } from './from-overlay.ts';
import { kustomizationFile } from './kustomization-file.ts';
import {
  defaultNamespace,
  defaultPrefix,
  type EnvironmentNames,
  requireNamespace,
  requirePrefix,
} from './names.ts';
import { withFields } from './spec-fields.ts';

export interface NewOptions extends AnswerOptions, BaseOptions {
  namespace?: string;
  namePrefix?: string;
  from?: string;
}

export interface Plan extends Renamed {
  namespace: string;
  /** Undefined where another overlay says what the base is. */
  base: BasePlan | undefined;
}

/** Works out the files of a new overlay; asks on a terminal for what no flag says. Nothing is written. */
export async function makePlan(environment: string, options: NewOptions, io: Io): Promise<Plan> {
  const namespace = options.namespace ?? defaultNamespace(environment);
  const namePrefix = options.namePrefix ?? defaultPrefix(environment);
  requireNamespace(namespace);
  requirePrefix(namePrefix);
  const asker = askerFor(io);
  const target = join(io.cwd, 'overlays', environment);
  const names = { environment, namespace, namePrefix, target };
  return options.from === undefined
    ? planFromAnswers(names, options, asker, io)
    : planFromOverlay(names, options.from, options, asker, io);
}

async function planFromAnswers(
  names: EnvironmentNames,
  options: NewOptions,
  asker: Asker | undefined,
  io: Io,
): Promise<Plan> {
  const fields = fieldsFromFlags(options);
  const known = withFields({}, fields);
  if (asker === undefined)
    requireAnswers([
      ...openFlags(known),
      ...(lacksBase(options, io.cwd) ? ['--with-base or --base'] : []),
    ]);
  const base = await planBase(options, asker, io);
  const { environment, namespace, target } = names;
  const spec = asker === undefined ? known : await completeSpec(environment, known, asker);
  const config = domainFile(environment, spec, schemaFor(target, base, io.cwd));
  const kustomization = kustomizationFile(names, relativePath(target, base.folder));
  const files: OverlayFiles = new Map([
    ['kustomization.yaml', { content: kustomization, mode: 0o644 }],
    ['domain.yaml', { content: config, mode: 0o644 }],
  ]);
  return { files, domainFile: 'domain.yaml', namespace, base, notes: [] };
}

async function planFromOverlay(
  names: EnvironmentNames,
  from: string,
  options: NewOptions,
  asker: Asker | undefined,
  io: Io,
): Promise<Plan> {
  if (options.base !== undefined || options.withBase)
    throw new UsageError(
      '--from has its own base: neither --base nor --with-base goes with it',
      'leave one of them out',
    );
  const shown = overlayPath(from, io.cwd);
  requireOverlay(shown, io.cwd);
  const origin = resolve(io.cwd, shown);
  const fields = fieldsFromFlags(options);
  if (!fields.some(([path]) => path === 'domain')) {
    if (asker === undefined) requireAnswers(['--domain']);
    else fields.unshift(...(await askDomain(asker, { ...names, spec: {} })));
  }
  const renamed = renameOverlay(readFolder(origin, shown), {
    ...names,
    shown,
    origin,
    fields,
    schemaLine: (file) =>
      schemaLine(schemaFor(dirname(join(names.target, file)), undefined, io.cwd)),
  });
  return { ...renamed, namespace: names.namespace, base: undefined };
}

/** `production` means `overlays/production` where there is no folder of that name here. */
function overlayPath(argument: string, cwd: string): string {
  const named = `overlays/${argument}`;
  return !existsSync(resolve(cwd, argument)) && isOverlay(resolve(cwd, named)) ? named : argument;
}
