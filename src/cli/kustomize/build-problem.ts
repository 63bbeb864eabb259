/** What keeps an overlay from being built, or what a build says beside its manifests: under codes of the one catalogue. */
import type { BuildCode } from '../../checks/shared/build-codes.ts';
import type { Problem, ProblemCode } from '../../errors.ts';

/** Those of the function come with the same shape: `check` counts both alike. */
export type BuildProblem = Problem<BuildCode | ProblemCode>;

/** An error under a code of a build; `more` has its place, and another severity where it is no error. */
export function buildError(
  code: BuildCode,
  message: string,
  fix: string,
  more: Partial<BuildProblem> = {},
): BuildProblem {
  return { code, severity: 'error', message, fix, ...more };
}
