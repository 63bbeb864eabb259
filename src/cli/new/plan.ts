/** What `new` is going to write: from answers, or from another overlay. */
import { dirname, join, resolve } from 'node:path';
import { textAt } from '../../config/partial.ts';
import { type Io, UsageError } from '../io.ts';
import { overlayPath, requireOverlay } from '../overlays.ts';
import type { Asker } from '../questions.ts';
import {
  type AnswerOptions,
  completeFields,
  fieldsFromFlags,
  openFlags,
  requireAnswers,
} from './answers.ts';
import type { Known } from './ask-field.ts';
import { askLayout } from './ask-layout.ts';
import {
  type BaseOptions,
  type BasePlan,
  baseSource,
  lacksBase,
  planBase,
  relativePath,
  schemaFor,
} from './base-copy.ts';
import { planForCompute } from './compute-plan.ts';
import { askSide } from './control-planes.ts';
import { domainFile, schemaLine } from './domain-file.ts';
import { type OverlayFiles, readFolder } from './folder.ts';
import { type Renamed, renameOverlay } from './from-overlay.ts';
import { kustomizationFile } from './kustomization-file.ts';
import { type ChosenLayout, chosenLayout, type Layout, requireReader } from './layouts.ts';
import {
  defaultNamespace,
  defaultPrefix,
  type EnvironmentNames,
  requireNamespace,
  requirePrefix,
} from './names.ts';
import { askDomain } from './questions.ts';
import { type FieldValue, withFields } from './spec-fields.ts';

/** The flags of `new`, with those that answer a question of the config and those that choose a base. */
export interface NewOptions extends AnswerOptions, BaseOptions {
  namespace?: string;
  namePrefix?: string;
  from?: string;
  computeOf?: string;
  cluster?: string;
  /** The folder of all overlays. */
  dir?: string;
  /** Whether it gets an `environment.yaml`. */
  argocd?: boolean;
}

/** Everything that is written, and what is said about it, before anything is on the disk. */
export interface Plan extends Renamed {
  namespace: string;
  /** Undefined where another overlay says what the base is. */
  base: BasePlan | undefined;
  /** As flags or a person chose it; undefined for that of the base. */
  layout: ChosenLayout | undefined;
  /** Every field that was given or answered. */
  fields: readonly FieldValue[];
  /** The control plane that it follows from, and its cluster; for a compute cluster. */
  compute?: { of: string; cluster: string };
}

/** Finds the layout of a base, for a person to choose from what goes with it. */
export type ReadLayout = (base: string) => Promise<Layout | undefined>;

/**
 * Works out the files of a new overlay; asks on a terminal for what no flag says. Nothing is written.
 * @param overlay - the folder of its files, from the project
 */
export async function makePlan(
  environment: string,
  overlay: string,
  options: NewOptions,
  asker: Asker | undefined,
  readLayout: ReadLayout,
  io: Io,
): Promise<Plan> {
  const folder = dirname(overlay);
  const own = { environment, overlay, target: join(io.cwd, overlay) };
  if (options.cluster !== undefined && options.computeOf === undefined)
    throw new UsageError(
      '--cluster has no meaning without --compute-of',
      '--compute-of OVERLAY names the control plane that lists the cluster',
    );
  const computeOf =
    options.computeOf === undefined
      ? asker && nothingIsSaid(options) && (await askSide(asker, io.cwd, folder))
      : overlayPath(options.computeOf, io.cwd, folder);
  if (computeOf) return planForCompute(own, computeOf, options, asker, io);
  const namespace = options.namespace ?? defaultNamespace(environment);
  const namePrefix = options.namePrefix ?? defaultPrefix(environment);
  requireNamespace(namespace);
  requirePrefix(namePrefix);
  const names = { ...own, namespace, namePrefix };
  return options.from === undefined
    ? planFromAnswers(names, options, asker, readLayout, io)
    : planFromOverlay(names, overlayPath(options.from, io.cwd, folder), options, asker, io);
}

/** Flags that are for a control plane answer which side it is. */
function nothingIsSaid(options: NewOptions): boolean {
  const { from, layout, base, withBase, namespace, namePrefix } = options;
  const said = [from, layout, base, withBase, namespace, namePrefix];
  return said.every((value) => value === undefined) && fieldsFromFlags(options).length === 0;
}

async function planFromAnswers(
  names: EnvironmentNames,
  options: NewOptions,
  asker: Asker | undefined,
  readLayout: ReadLayout,
  io: Io,
): Promise<Plan> {
  const given = fieldsFromFlags(options);
  // A host of its own for the page is a layout, whatever says so.
  const hasPageHost = given.some(([path]) => path === 'hosts.ui');
  const asked = options.layout ?? (hasPageHost ? 'own-hosts' : undefined);
  if (asker === undefined)
    requireAnswers([
      ...openFlags(withFields({}, given), asked),
      ...(lacksBase(options, io.cwd) ? ['--with-base or --base'] : []),
    ]);
  const base = await planBase(options, asker, io);
  const source = baseSource(base);
  const { environment, namespace, overlay, target } = names;
  const known: Omit<Known, 'spec'> = { environment, overlay, cwd: io.cwd, layout: undefined };
  const fields = [...given];
  if (asker && !fields.some(([path]) => path === 'domain'))
    fields.push(...(await askDomain(asker, { ...known, spec: withFields({}, given) })));
  const layout = asked
    ? chosenLayout(asked, source)
    : asker && (await askLayout(asker, source, withFields({}, fields), readLayout));
  if (layout)
    requireReader(
      layout,
      textAt({ spec: withFields({}, fields) }, 'spec.entry.ingress.controller'),
    );
  const all = asker ? await completeFields({ ...known, layout }, fields, asker) : fields;
  const config = domainFile(environment, withFields({}, all), schemaFor(target, base, io.cwd));
  const component = layout?.component;
  const kustomization = kustomizationFile(
    names,
    relativePath(target, base.folder),
    component === undefined ? [] : [relativePath(target, join(base.folder, component))],
  );
  const files: OverlayFiles = new Map([
    ['kustomization.yaml', { content: kustomization, mode: 0o644 }],
    ['domain.yaml', { content: config, mode: 0o644 }],
  ]);
  return { files, domainFile: 'domain.yaml', namespace, base, layout, fields: all, notes: [] };
}

async function planFromOverlay(
  names: EnvironmentNames,
  shown: string,
  options: NewOptions,
  asker: Asker | undefined,
  io: Io,
): Promise<Plan> {
  if (options.base !== undefined || options.withBase)
    throw new UsageError(
      '--from has its own base: neither --base nor --with-base goes with it',
      'leave one of them out',
    );
  if (options.layout !== undefined)
    throw new UsageError(
      '--from has its own layout: --layout does not go with it',
      'leave one of them out',
    );
  requireOverlay(shown, io.cwd);
  const origin = resolve(io.cwd, shown);
  const fields = fieldsFromFlags(options);
  if (!fields.some(([path]) => path === 'domain')) {
    if (asker === undefined) requireAnswers(['--domain']);
    else {
      const known = { ...names, cwd: io.cwd, layout: undefined, spec: {} };
      fields.unshift(...(await askDomain(asker, known)));
    }
  }
  const renamed = renameOverlay(readFolder(origin, shown), {
    ...names,
    shown,
    origin,
    fields,
    schemaLine: (file) =>
      schemaLine(schemaFor(dirname(join(names.target, file)), undefined, io.cwd)),
  });
  const { namespace } = names;
  return { ...renamed, namespace, base: undefined, layout: undefined, fields };
}
