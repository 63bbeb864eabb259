/** `check --explain CODE`: what the page of checks says of one code. */
import { CATALOGUE, canBeAccepted, type FindingCode } from '../../checks/shared/catalogue.ts';
import { nearest } from '../../config/wording.ts';
import { formatRows } from '../../errors.ts';
import { IGNORE_ANNOTATION } from '../../surface/accepted.ts';
import type { Colors } from '../colors.ts';
import { UsageError } from '../io.ts';

/** Title, why, how to fix it and how to accept it. Throws where there is no such code, with the one that was probably meant. */
export function explainCode(word: string, docs: string, colors: Colors): string {
  const code = Object.hasOwn(CATALOGUE, word) ? (word as FindingCode) : undefined;
  if (code === undefined) {
    const near = nearest(word, Object.keys(CATALOGUE));
    throw new UsageError(
      `no finding has the code ${word}`,
      near
        ? `write ${near}`
        : `take the code from the output of check; ${docs}/checks.md lists all`,
    );
  }
  const { title, severity, why, fix } = CATALOGUE[code];
  const paint = severity === 'error' ? colors.red : colors.yellow;
  return formatRows(`${paint(`${severity}:`)} ${title} ${colors.dim(`[${code}]`)}`, [
    ['why', why],
    ['fix', fix],
    [
      'accept',
      canBeAccepted(code)
        ? `with a reason: \`code: ${code}\` under \`spec.checks.ignore\` of the DomainConfig, or the annotation ${IGNORE_ANNOTATION}${code} on the resource`
        : 'it cannot be accepted',
    ],
    ['more', `${docs}/checks.md#${code}`],
  ]);
}
