/** Takes findings out that somebody accepts, and says what is wrong with the lines that accept. */
import {
  type Acceptance,
  acceptedByAnnotation,
  acceptedInConfig,
  reasonFor,
} from '../../surface/accepted.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Finding } from '../check.ts';
import { CHECKS } from '../generated/checks.ts';
import { CATALOGUE, finding } from './catalogue.ts';

/** A finding that does not count, and why. */
export interface IgnoredFinding {
  finding: Finding;
  reason: string;
}

/**
 * @param findings - those of the checks, and those of the function where it ran
 * @param isWhole - whether the function ran: what it alone can find is missed otherwise
 */
export function applyIgnores(
  findings: readonly Finding[],
  surface: Surface,
  isWhole: boolean,
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
    if (isKnown && !isWhole && !Object.hasOwn(CHECKS, code)) return [];
    const what = isKnown ? 'finding' : 'code';
    return [
      finding('ignore-unused', complain(`${code} is silenced, and there is no such ${what}`)),
    ];
  });
  return { findings: [...kept, ...complaints], ignored };
}
