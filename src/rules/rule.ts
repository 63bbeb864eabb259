/** The contract between rules and the pipeline. */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import type { Edit } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';

/** What a rule may read. */
export interface RuleInput {
  settings: Settings;
  surface: Surface;
}

/** A resource that is added, or brought up to date where the input has it already. */
export interface Addition {
  json: JsonObject;
  field: string;
}

/** A resource that goes away. */
export interface Removal {
  resource: Resource;
  field: string;
}

export interface RuleOutput {
  edits: Edit[];
  problems: Problem[];
  additions?: Addition[];
  removals?: Removal[];
}

/** A pure function from config and plain JSON to edits. It never changes what it reads. */
export type Rule = (input: RuleInput) => RuleOutput;

export const NOTHING: RuleOutput = { edits: [], problems: [] };

export function fromDrafts(
  drafts: readonly { edits: readonly Edit[] }[],
  problems: readonly Problem[] = [],
): RuleOutput {
  return { edits: drafts.flatMap((draft) => draft.edits), problems: [...problems] };
}

/** A place in a role's document that is not there, or that holds something else than what the rule changes. */
export function targetProblem(
  target: DocumentTarget,
  path: string,
  details: Pick<Problem, 'code' | 'message' | 'expected' | 'mend'> & { found?: string },
): Problem {
  return {
    severity: 'error',
    resource: target.resource.reference,
    path: `data[${target.key}]${path === '' ? '' : `.${path}`}`,
    ...details,
  };
}
