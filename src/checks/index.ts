/** Runs the checks: every file of this folder but this one and the contract, which is `check.ts`. */
import type { ManifestView } from '../surface/view.ts';
import type { Finding } from './check.ts';
import { CHECKS } from './generated/checks.ts';
import { CODES } from './generated/codes.ts';
import { finding } from './shared/catalogue.ts';
import { applyIgnores, type IgnoredFinding } from './shared/ignore.ts';

export interface CheckResult {
  /** Errors first; each kind in the order of the catalogue. */
  findings: Finding[];
  /** What is accepted with a reason. */
  ignored: IgnoredFinding[];
}

/** Runs every check on one view. */
export function runChecks(view: ManifestView): CheckResult {
  const all = CODES.flatMap((code) =>
    (CHECKS[code].find?.(view) ?? []).map((details) => finding(code, details)),
  );
  const { findings, ignored } = applyIgnores(all, view);
  const ofSeverity = (severity: Finding['severity']) =>
    findings.filter((found) => found.severity === severity);
  return { findings: [...ofSeverity('error'), ...ofSeverity('warning')], ignored };
}
