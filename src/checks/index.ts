/** All checks: one line for each family. */
import type { Check, Finding } from './check.ts';
import { applyIgnores, type IgnoredFinding } from './ignore.ts';
import { INPUT_CHECKS } from './input.ts';
import type { ManifestView } from './view.ts';

export const CHECKS: readonly Check[] = [...INPUT_CHECKS];

export interface CheckResult {
  /** Errors first; each kind in the order of the checks. */
  findings: Finding[];
  /** What is accepted with a reason. */
  ignored: IgnoredFinding[];
}

/** Runs every check on one view. */
export function runChecks(view: ManifestView): CheckResult {
  const all = CHECKS.flatMap((check) => check(view));
  const { findings, ignored } = applyIgnores(all, view);
  const ofSeverity = (severity: Finding['severity']) =>
    findings.filter((found) => found.severity === severity);
  return { findings: [...ofSeverity('error'), ...ofSeverity('warning')], ignored };
}
