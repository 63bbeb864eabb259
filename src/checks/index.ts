/** Runs the checks: every file of this folder but this one and the contract, which is `check.ts`. */
import type { Surface } from '../surface/surface.ts';
import type { Finding } from './check.ts';
import { CHECKS } from './generated/checks.ts';
import { CODES } from './generated/codes.ts';
import { CATALOGUE, finding } from './shared/catalogue.ts';
import { applyIgnores, type IgnoredFinding } from './shared/ignore.ts';

export interface CheckResult {
  /** Errors first; each severity in the order of the catalogue. */
  findings: Finding[];
  /** What is accepted with a reason. */
  ignored: IgnoredFinding[];
}

/** Runs every check on one surface. */
export function runChecks(surface: Surface): CheckResult {
  const all = CODES.flatMap((code) =>
    (CHECKS[code].find?.(surface) ?? []).map((details) => finding(code, details)),
  );
  const { findings, ignored } = applyIgnores(all, surface);
  const order = Object.keys(CATALOGUE);
  const rankOf = ({ severity, code }: Finding) =>
    order.indexOf(code) + (severity === 'warning' ? order.length : 0);
  return { findings: findings.sort((left, right) => rankOf(left) - rankOf(right)), ignored };
}
