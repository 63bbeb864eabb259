/** Takes findings out that somebody accepts, and says what is wrong with the lines that accept. */
import {
  type Acceptance,
  acceptedByAnnotation,
  acceptedInConfig,
  reasonFor,
} from '../../surface/accepted.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Finding } from '../check.ts';
import { CATALOGUE, type FindingCode, finding } from './catalogue.ts';

/** A finding that does not count, and why. */
export interface IgnoredFinding {
  finding: Finding;
  reason: string;
}

/**
 * @param findings - those of the checks, and those of the function and of Envoy where they were asked
 * @param isUnseen - whether nobody looked for a code: the function did not run, or Envoy was not asked
 */
export function applyIgnores(
  findings: readonly Finding[],
  surface: Surface,
  isUnseen: (code: FindingCode) => boolean,
): { findings: Finding[]; ignored: IgnoredFinding[] } {
  const acceptances = [
    ...acceptedInConfig(surface.settings),
    ...acceptedByAnnotation(surface.manifests.all),
  ];
  const kept: Finding[] = [];
  const ignored: IgnoredFinding[] = [];
  const used = new Set<Acceptance>();
  for (const found of findings) {
    for (const acceptance of acceptances) if (acceptance.matches(found)) used.add(acceptance);
    const reason = reasonFor(found, acceptances);
    if (reason === undefined) kept.push(found);
    else ignored.push({ finding: found, reason });
  }
  const complaints = acceptances.flatMap((acceptance) => {
    const { code, reason, label, place } = acceptance;
    const complain = (message: string) => ({
      ...place,
      message: label === undefined ? message : `${message} on ${label}`,
    });
    if (reason === '')
      return [finding('ignore-without-reason', complain(`${code} is silenced without a reason`))];
    if (used.has(acceptance)) return [];
    const isKnown = Object.hasOwn(CATALOGUE, code);
    if (isKnown && isUnseen(code as FindingCode)) return [];
    const what = isKnown ? 'finding' : 'code';
    return [
      finding('ignore-unused', complain(`${code} is silenced, and there is no such ${what}`)),
    ];
  });
  return { findings: [...kept, ...complaints], ignored };
}
