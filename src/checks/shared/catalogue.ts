/** The closed list of what `check` can find, in the order of the page and of the output. */

import type { DocumentTarget } from '../../surface/inventory.ts';
import type { ManifestView } from '../../surface/view.ts';
import { ROWS } from '../catalogue/rows.ts';
import { type Check, FAMILIES, type Finding, type FindingDetails, inDocument } from '../check.ts';
import { CHECKS } from '../generated/checks.ts';
import type { FindingCode as GeneratedCode } from '../generated/codes.ts';

type KeysOf<T> = T extends unknown ? keyof T : never;
export type FindingCode = GeneratedCode | KeysOf<(typeof ROWS)[keyof typeof ROWS]>;

const all: Record<string, Check> = Object.fromEntries([
  ...Object.entries(ROWS).flatMap(([family, rows]) =>
    Object.entries(rows).map(([code, row]) => [code, { ...row, family }]),
  ),
  ...Object.entries(CHECKS),
]);

/** Every code with what is known of it. */
export const CATALOGUE = Object.fromEntries(
  FAMILIES.flatMap((family) =>
    Object.entries(all)
      .sort()
      .filter(([, check]) => check.family === family),
  ),
) as Readonly<Record<FindingCode, Check>>;

/** A finding with everything that its check knows of it. */
export function finding(
  code: FindingCode,
  { resource, path, message, mend, severity }: FindingDetails,
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

export type { Finding };

/** What a family finds that is not split into one file for each code yet. */
export type Search = (view: ManifestView) => Finding[];

export function documentFinding(
  code: FindingCode,
  target: DocumentTarget,
  details: Omit<FindingDetails, 'resource'>,
): Finding {
  return finding(code, inDocument(target, details));
}
