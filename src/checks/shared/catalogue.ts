/** The one closed list of codes: what checks find, what the function says, and what keeps an overlay from being built. */
import type { Problem } from '../../errors.ts';
import { type Fault, referenceIn } from '../../surface/faults/fault.ts';
import { FAMILIES, type Finding, type Row } from '../check.ts';
import { CHECKS } from '../generated/checks.ts';
import type { CheckCode } from '../generated/codes.ts';
import { BUILD_CODES, type BuildCode } from './build-codes.ts';
import { FUNCTION_CODES, type FunctionCode } from './function-codes.ts';

/** Every code that a finding can have. */
export type FindingCode = CheckCode | FunctionCode | BuildCode;

const ROWS: Readonly<Record<FindingCode, Row>> = {
  ...BUILD_CODES,
  ...FUNCTION_CODES,
  ...CHECKS,
};

/** Every code with what is known of it, in the order of the page and of the output. */
export const CATALOGUE = Object.fromEntries(
  FAMILIES.flatMap((family) =>
    Object.entries(ROWS)
      .filter(([, row]) => row.family === family)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  ),
) as Readonly<Record<FindingCode, Row>>;

/** Codes that nobody can accept: what is said of acceptance itself, and what leaves nothing to be accepted. */
export function canBeAccepted(code: FindingCode): boolean {
  return !code.startsWith('ignore-') && (code in CHECKS || CATALOGUE[code].severity === 'warning');
}

/** A finding with everything that its check knows of it. */
export function finding(code: CheckCode, fault: Fault): Finding {
  const { path, message, fix, severity, also = [] } = fault;
  const check = CATALOGUE[code];
  const resource = referenceIn(fault);
  return {
    code,
    source: 'manifests',
    severity: severity ?? check.severity,
    ...(resource ? { resource } : {}),
    ...(also.length > 0 ? { also } : {}),
    ...(path === undefined ? {} : { path }),
    message,
    fix: fix ?? check.fix,
  };
}

/** What the function said, or the build. */
export function findingOf(problem: Problem<FindingCode>): Finding {
  return { source: problem.code in BUILD_CODES ? 'build' : 'function', ...problem };
}
