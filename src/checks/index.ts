/** Runs the checks: every file of this folder but this one and the contract, which is `check.ts`. */
import { type Problem, resourceLabel } from '../errors.ts';
import type { Surface } from '../surface/surface.ts';
import type { Finding } from './check.ts';
import { CHECKS } from './generated/checks.ts';
import { CODES } from './generated/codes.ts';
import { CATALOGUE, type FindingCode, finding, findingOf } from './shared/catalogue.ts';
import { applyIgnores, type IgnoredFinding } from './shared/ignore.ts';

/** What the checks say of one surface. */
export interface CheckResult {
  /** Errors first; each severity in the order of the catalogue. */
  findings: Finding[];
  /** What is accepted with a reason. */
  ignored: IgnoredFinding[];
}

/**
 * Runs every check on one surface.
 * @param said - what the function warned of when it made these manifests, accepted or not; undefined where nobody saw it at work
 * @param verdicts - what Envoy itself refuses; undefined where it was not asked
 */
export function runChecks(
  surface: Surface,
  said?: readonly Problem<FindingCode>[],
  verdicts?: readonly Finding[],
): CheckResult {
  const found = CODES.flatMap((code) =>
    (CHECKS[code].find?.(surface) ?? []).map((details) => finding(code, details)),
  );
  const known = new Set(found.map(identityOf));
  const others = (said ?? [])
    .map((problem) => findingOf(problem))
    .filter((one) => !known.has(identityOf(one)));
  const all = [...found, ...(verdicts ?? []), ...others];
  const isUnseen = (code: FindingCode) =>
    code === 'envoy-verdict' ? verdicts === undefined : said === undefined && !(code in CHECKS);
  const { findings, ignored } = applyIgnores(all, surface, isUnseen);
  return { findings: inOrder(findings), ignored };
}

/** What the function says and a check finds again is one thing: its words may differ, because the function reads what it changes. */
function identityOf({ code, resource, path, message, source }: Finding): string {
  return code in CHECKS
    ? `${code} ${resource ? resourceLabel(resource) : ''}`
    : `${source} ${path} ${message}`;
}

/** Errors first; each severity in the order of the catalogue. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const order = Object.keys(CATALOGUE);
  const rankOf = ({ severity, code }: Finding) =>
    order.indexOf(code) + (severity === 'warning' ? order.length : 0);
  return [...findings].sort((left, right) => rankOf(left) - rankOf(right));
}
