/** The pipeline without input and output: resources and a config in, changed resources, edits and problems out. */
import type { LoadedConfig } from './config/load.ts';
import type { Problem } from './errors.ts';
import type { Chunk } from './resources/chunk.ts';
import { type AppliedEdit, applyEdits } from './resources/editor.ts';
import { takeInventory } from './resources/inventory.ts';
import { RULES } from './rules/index.ts';
import { placeholderProblems } from './rules/placeholder.ts';

export interface RunResult {
  /** Every change in the order in which it was made. */
  edits: AppliedEdit[];
  problems: Problem[];
}

/**
 * Finds the roles, applies every rule, and looks for hosts that were never set. The chunks are changed in place: with an error
 * among the problems they are not fit for output.
 */
export function run(chunks: readonly Chunk[], loaded: LoadedConfig): RunResult {
  const { settings } = loaded;
  const absent = settings?.absent ?? loaded.absent;
  if (!absent) return { edits: [], problems: loaded.problems };
  const { inventory, problems } = takeInventory(chunks, absent);
  if (!settings) return { edits: [], problems: [...loaded.problems, ...problems] };
  const edits: AppliedEdit[] = [];
  for (const rule of RULES) {
    const output = rule({ settings, inventory });
    problems.push(...output.problems);
    edits.push(...applyEdits(output.edits));
  }
  // With a role missing, what it carries was never written: the cause is reported, its consequences are not.
  if (!hasErrors(problems)) problems.push(...placeholderProblems(chunks));
  return { edits, problems };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
