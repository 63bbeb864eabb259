/** The closed list of what `check` can find. */
import type { Fault } from '../../surface/faults/fault.ts';
import { type Check, FAMILIES, type Finding } from '../check.ts';
import { CHECKS } from '../generated/checks.ts';
import { CODES, type FindingCode } from '../generated/codes.ts';

/** Every code with what is known of it, in the order of the page and of the output. */
export const CATALOGUE = Object.fromEntries(
  FAMILIES.flatMap((family) => CODES.filter((code) => CHECKS[code].family === family)).map(
    (code) => [code, CHECKS[code]],
  ),
) as Readonly<Record<FindingCode, Check>>;

/** A finding with everything that its check knows of it. */
export function finding(
  code: FindingCode,
  { resource, path, message, mend, severity }: Fault,
): Finding {
  const check = CATALOGUE[code];
  return {
    code,
    severity: severity ?? check.severity,
    ...(resource ? { resource: 'reference' in resource ? resource.reference : resource } : {}),
    ...(path === undefined ? {} : { path }),
    message,
    mend: mend ?? check.mend,
  };
}
