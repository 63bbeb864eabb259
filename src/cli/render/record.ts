/**
 * What `check` has to know of an environment beside its manifests, so that it judges the rendered folder as it judges the overlay: the
 * DomainConfig, with what it accepts, and what the function and the build said. It lies in the environment's folder under a name that
 * kubectl, Argo CD and Flux do not read.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, type FindingCode } from '../../checks/shared/catalogue.ts';
import { checkConfig } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';
import type { Problem } from '../../errors.ts';
import { readRegularFile } from '../../read-file.ts';
import { saidIn } from '../../report/call.ts';
import { asText, isObject, type Json, stringAt } from '../../yaml/json.ts';
import { CommandError } from '../io.ts';
import type { ObservedBuild } from '../observe.ts';
import type { ResourceFile } from './files.ts';

/** Its name, in the folder of each environment. */
export const RECORD = '.ma-overlays';

const COMMENT =
  'Made by `ma-overlays render --out` for `ma-overlays check` of this folder: do not edit it.';

/** What it says, read again. */
export interface Record {
  settings: Settings;
  /** Of `environment.yaml`, where there is one. */
  cluster: string | undefined;
  said: readonly Problem<FindingCode>[];
}

/** Nothing where no DomainConfig was there: then the manifests are all that is known. */
export function recordFile({ calls, problems, cluster }: ObservedBuild): ResourceFile[] {
  // Of several DomainConfigs the last one has the last word.
  const config = calls.at(-1)?.loaded.config;
  if (!config) return [];
  // Places on disk are those of the sources, from where somebody rendered.
  const said = [...problems, ...saidIn(calls)].map(
    ({ file: _file, line: _line, column: _column, ...problem }) => problem,
  );
  const text = JSON.stringify({ comment: COMMENT, config, cluster, said }, null, 2);
  return [{ name: RECORD, text: `${text}\n` }];
}

/** Undefined where there is none. Throws where it is not one that a rendering wrote. */
export function readRecord(folder: string): Record | undefined {
  const path = join(folder, RECORD);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const json = parse(readRegularFile(path, { within: folder }).toString('utf8'));
  const { settings } = isObject(json) ? checkConfig(json['config']) : {};
  const said = isObject(json) && Array.isArray(json['said']) ? json['said'] : undefined;
  if (!settings || !said?.every(isProblem))
    throw new CommandError(
      2,
      `${path} is not as this version of \`render --out\` leaves it`,
      'render the environment again',
    );
  const cluster = stringAt(json, ['cluster']) || undefined;
  return { settings, cluster, said: said as unknown as Problem<FindingCode>[] };
}

/** Where a rendering wrote one and it is gone, what the function said would be lost in silence. */
export function missingRecord(folder: string): CommandError {
  return new CommandError(
    2,
    `${join(folder, RECORD)} is missing: it has what is accepted, and what the function said`,
    'restore it, or render the environment again',
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(json: Json): boolean {
  if (!isObject(json)) return false;
  const { code, severity, message, fix, resource, also } = json;
  return (
    Object.hasOwn(CATALOGUE, asText(code)) &&
    (severity === 'warning' || severity === 'error') &&
    typeof message === 'string' &&
    typeof fix === 'string' &&
    (resource === undefined || isReference(resource)) &&
    (also === undefined || (Array.isArray(also) && also.every(isReference)))
  );
}

function isReference(json: Json): boolean {
  if (!isObject(json)) return false;
  return ['apiVersion', 'kind', 'name'].every((key) => typeof json[key] === 'string');
}
