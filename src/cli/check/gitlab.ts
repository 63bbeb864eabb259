/** GitLab's Code Quality report. Source: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format". */
import { placeOf, printed } from '../../errors.ts';
import { printJson } from './json.ts';
import { fingerprints, locationOf } from './location.ts';
import type { Outcome } from './outcome.ts';

/** A list of findings; GitLab shows nothing of one without a line. */
export function toGitlab(outcomes: readonly Outcome[], cwd: string): string {
  const fingerprintOf = fingerprints();
  return printJson(
    outcomes.flatMap(({ input, result }) =>
      result.findings.map((found) => {
        const location = locationOf(found, input, cwd);
        const place = placeOf(found);
        return {
          description: printed(`${found.message}${place && ` (${place})`}. Fix: ${found.fix}`),
          check_name: found.code,
          fingerprint: fingerprintOf(found, location),
          severity: found.severity === 'error' ? 'critical' : 'minor',
          location: { path: location.file, lines: { begin: location.line ?? 1 } },
        };
      }),
    ),
  );
}
