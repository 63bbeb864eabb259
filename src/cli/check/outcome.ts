/** What came of one input, and of all of them. */
import type { Finding } from '../../checks/check.ts';
import type { CheckResult } from '../../checks/index.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { plural } from '../../errors.ts';
import type { CheckedInput } from './input.ts';

/** One input with what was found in it. */
export interface Outcome {
  input: CheckedInput;
  /** Where the overlay cannot be built, what keeps it from that. */
  result: CheckResult;
  /** Undefined where nobody asked for it. */
  checklist: readonly ChecklistLine[] | undefined;
  /** Warnings that were found, and are not shown: `--severity error`. */
  hidden?: number;
}

/** The numbers of the last line, over all inputs. */
export interface Counts {
  errors: number;
  /** Shown or not. */
  warnings: number;
  /** Findings that are accepted with a reason. */
  accepted: number;
  /** Overlays that cannot be built. */
  unbuilt: number;
}

/** For the summary and the exit status. */
export function count(outcomes: readonly Outcome[]): Counts {
  const findings = outcomes.flatMap(({ result }) => result.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const hidden = outcomes.reduce((sum, outcome) => sum + (outcome.hidden ?? 0), 0);
  return {
    errors,
    warnings: findings.length - errors + hidden,
    accepted: outcomes.flatMap(({ result }) => result.ignored).length,
    unbuilt: outcomes.filter(({ input }) => input.surface === undefined).length,
  };
}

/** The same without warnings; they are counted, and decide about `--strict`, all the same. */
export function withoutWarnings(outcome: Outcome): Outcome {
  const { findings, ignored } = outcome.result;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const hidden = findings.length - errors.length;
  return { ...outcome, result: { findings: errors, ignored }, hidden };
}

/** `overlays/staging: 1 error, 2 warnings`; of several inputs only how many there are. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const [first, ...others] = outcomes;
  const { errors, warnings, accepted, unbuilt } = count(outcomes);
  const what = first && others.length === 0 ? first.input.name : `${outcomes.length} checked`;
  const areHidden = outcomes.some(({ hidden = 0 }) => hidden > 0);
  const counts = [
    errors > 0 ? plural(errors, 'error') : 'no error',
    warnings > 0 ? `${plural(warnings, 'warning')}${areHidden ? ' not shown' : ''}` : '',
    accepted > 0 ? `${accepted} accepted` : '',
    unbuilt > 0 ? `${others.length > 0 ? `${unbuilt} ` : ''}not built` : '',
  ];
  return `${what}: ${counts.filter(Boolean).join(', ')}`;
}

/** Findings of one code and severity. */
export interface Group extends Pick<Finding, 'code' | 'severity'> {
  findings: [Finding, ...Finding[]];
}

/** Errors first, in the order of the findings. */
export function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const found of findings) {
    const key = `${found.severity} ${found.code}`;
    const group = groups.get(key);
    if (group) group.findings.push(found);
    else groups.set(key, { code: found.code, severity: found.severity, findings: [found] });
  }
  const all = [...groups.values()];
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
}
