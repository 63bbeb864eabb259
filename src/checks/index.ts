/** All checks: one line for each family. */
import { ACME_CHECKS } from './acme.ts';
import { BACKEND_CHECKS } from './backends.ts';
import type { Check, Finding } from './check.ts';
import { CLUSTER_SCOPED_CHECKS } from './cluster-scoped.ts';
import { ENTRY_CHECKS } from './entries.ts';
import { GRPC_CHECKS } from './grpc.ts';
import { applyIgnores, type IgnoredFinding } from './ignore.ts';
import { INPUT_CHECKS } from './input.ts';
import { REFERENCE_CHECKS } from './references.ts';
import { TIMEOUT_CHECKS } from './timeouts.ts';
import { TLS_CHECKS } from './tls.ts';
import type { ManifestView } from './view.ts';

export const CHECKS: readonly Check[] = [
  ...INPUT_CHECKS,
  ...ENTRY_CHECKS,
  ...GRPC_CHECKS,
  ...TIMEOUT_CHECKS,
  ...TLS_CHECKS,
  ...ACME_CHECKS,
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
  const all = CHECKS.flatMap((check) => check(view));
  const { findings, ignored } = applyIgnores(all, view);
  const ofSeverity = (severity: Finding['severity']) =>
    findings.filter((found) => found.severity === severity);
  return { findings: [...ofSeverity('error'), ...ofSeverity('warning')], ignored };
}
