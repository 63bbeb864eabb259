/** What the function and the builds say of several overlays, for people. */

import { formatProblems, formatRows, printed, someOf } from '../errors.ts';
import { groupedBy } from '../maps.ts';
import type { BuildProblem } from './kustomize/build-problem.ts';

/** Of one overlay. */
export interface Complaints {
  overlay: string;
  /** What nobody accepts. */
  complaints: readonly BuildProblem[];
  /** Where kustomize gave up, its own words. */
  reason?: string | undefined;
}

/** So many names have a reader. */
const MOST_NAMES = 10;

/** Below the name of each overlay where there are several; a warning that several have alike comes once, with their names. */
export function complaintsText(all: readonly Complaints[]): string {
  const having = groupedBy(all, ({ complaints }) => complaints.map(keyOf));
  const isShared = (one: BuildProblem) =>
    one.severity === 'warning' && (having.get(keyOf(one))?.length ?? 0) > 1;
  const own = all.map(({ overlay, complaints, reason }) => {
    const text = reason ?? formatProblems(complaints.filter((one) => !isShared(one)));
    return all.length > 1 && text !== '' ? `${printed(overlay)}:\n${text}` : text;
  });
  const shared = new Map(
    all
      .flatMap(({ complaints, reason }) => (reason === undefined ? complaints : []))
      .filter(isShared)
      .map((one) => [keyOf(one), withoutPlace(one)]),
  );
  const once = [...shared].map(
    ([key, one]) =>
      formatProblems([one]) + namesRow((having.get(key) ?? []).map(({ overlay }) => overlay)),
  );
  return [own.join(''), ...once].filter(Boolean).join('\n');
}

/** Each overlay has a file of its own for the same thing. */
function withoutPlace({ file: _, line: __, column: ___, ...problem }: BuildProblem): BuildProblem {
  return problem;
}

function keyOf(problem: BuildProblem): string {
  return JSON.stringify(withoutPlace(problem));
}

function namesRow(overlays: readonly string[]): string {
  // A row below those of the warning.
  return formatRows('', [
    ['overlays', `${overlays.length}: ${someOf(overlays, MOST_NAMES)}`],
  ]).replace('\n', '');
}
