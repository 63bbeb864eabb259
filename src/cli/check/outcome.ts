/** What came of one input, and of all of them. */
import type { CheckResult } from '../../checks/index.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { plural } from '../../errors.ts';
import type { CheckedInput } from './input.ts';

export interface Outcome {
  input: CheckedInput;
  /** Where the overlay cannot be built, what keeps it from that. */
  result: CheckResult;
  /** Undefined where nobody asked for it. */
  checklist: readonly ChecklistLine[] | undefined;
}

/** How many errors and warnings there are, findings that are accepted with a reason, and overlays that cannot be built. */
export function count(outcomes: readonly Outcome[]) {
  const findings = outcomes.flatMap(({ result }) => result.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return {
    errors,
    warnings: findings.length - errors,
    accepted: outcomes.flatMap(({ result }) => result.ignored).length,
    unbuilt: outcomes.filter(({ input }) => input.surface === undefined).length,
  };
}

/** `overlays/staging: 1 error, 2 warnings`; of several inputs only how many there are. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const [first, ...others] = outcomes;
  const { errors, warnings, accepted, unbuilt } = count(outcomes);
  const what = others.length > 0 ? `${outcomes.length} checked` : (first?.input.name ?? '');
  const counts = [
    errors > 0 ? plural(errors, 'error') : 'no error',
    warnings > 0 ? plural(warnings, 'warning') : '',
    accepted > 0 ? `${accepted} accepted` : '',
    unbuilt > 0 ? `${others.length > 0 ? `${unbuilt} ` : ''}not built` : '',
  ];
  return `${what}: ${counts.filter(Boolean).join(', ')}`;
}
