/** The contract between rules and the pipeline. */
import type { Path } from '../envoy/proto-json.ts';
import type { Problem } from '../errors.ts';
import type { Draft, Edit } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { placeOfPart } from '../surface/envoy-files.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { Json, JsonObject } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { RuleSettings } from './rule-settings.ts';

/** What a rule may read. */
export interface RuleInput {
  settings: RuleSettings;
  surface: Surface;
}

/** A resource that is added, or brought up to date where the input has it already. */
export interface Addition {
  json: JsonObject;
  field: string;
  /** Whether what the input has under this name is a role's own, to be brought up to date. */
  isOwn?: boolean;
}

/** A resource that goes away. */
export interface Removal {
  resource: Resource;
  field: string;
}

/** What a rule wants. */
export interface RuleOutput {
  edits: Edit[];
  problems: Problem[];
  additions?: Addition[];
  removals?: Removal[];
}

/** What an edit follows from where no field of the config decides. */
export const FROM_BUILD = 'names in this build';

/** A pure function from config and plain JSON to edits. It never changes what it reads. */
export type Rule = (input: RuleInput) => RuleOutput;

/** Of a rule that has nothing to do. */
export const NOTHING: RuleOutput = { edits: [], problems: [] };

/** The edits of drafts, in their order. */
export function fromDrafts(
  drafts: readonly { edits: readonly Edit[] }[],
  problems: readonly Problem[] = [],
): RuleOutput {
  return { edits: drafts.flatMap((draft) => draft.edits), problems: [...problems] };
}

/** Values of a section of a document, where the config gives them, each with the rest of its field. */
export type Given = readonly [path: readonly string[], value: Json | undefined, field: string][];

/** @param field - what the fields of the values begin with */
export function writeGiven(draft: Draft, section: string, values: Given, field: string): void {
  for (const [path, value, rest] of values)
    if (value !== undefined) draft.set([section, ...path], value, `${field}.${rest}`);
}

/**
 * A place in a role's document that is not there, or that holds something else than what the rule changes.
 * @param path - in words, or the place in Envoy's whole document, part of which may stand in another file
 */
export function targetProblem(
  target: DocumentTarget,
  path: string | Path,
  details: Pick<Problem, 'code' | 'message' | 'expected' | 'fix'> & { found?: string },
): Problem {
  return {
    severity: 'error',
    resource: target.resource.reference,
    path: documentPath(target, path),
    ...details,
  };
}

/** A place in a role's document, as messages name it. */
export function documentPath(target: DocumentTarget, path: string | Path): string {
  const place = typeof path === 'string' ? { key: target.key } : placeOfPart(target, path);
  const shown = 'path' in place ? toPath(place.path) : path;
  return `data[${place.key}]${shown === '' ? '' : `.${shown}`}`;
}
