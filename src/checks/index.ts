/** All checks: one line for each family. */

import type { ManifestView } from '../surface/view.ts';
import { BACKEND_CHECKS } from './backends.ts';
import type { Finding } from './check.ts';
import { CLUSTER_SCOPED_CHECKS } from './cluster-scoped.ts';
import { CHECKS } from './generated/checks.ts';
import { CODES } from './generated/codes.ts';
import { REFERENCE_CHECKS } from './references.ts';
import { finding, type Search } from './shared/catalogue.ts';
import { applyIgnores, type IgnoredFinding } from './shared/ignore.ts';

const SEARCHES: readonly Search[] = [
  ...BACKEND_CHECKS,
  ...REFERENCE_CHECKS,
  ...CLUSTER_SCOPED_CHECKS,
];

export interface CheckResult {
  /** Errors first; each kind in the order of the checks. */
  findings: Finding[];
  /** What is accepted with a reason. */
  ignored: IgnoredFinding[];
}

/** Runs every check on one view. */
export function runChecks(view: ManifestView): CheckResult {
  const all = [
    ...CODES.flatMap((code) =>
      (CHECKS[code].find?.(view) ?? []).map((details) => finding(code, details)),
    ),
    ...SEARCHES.flatMap((search) => search(view)),
  ];
  const { findings, ignored } = applyIgnores(all, view);
  const ofSeverity = (severity: Finding['severity']) =>
    findings.filter((found) => found.severity === severity);
  return { findings: [...ofSeverity('error'), ...ofSeverity('warning')], ignored };
}
