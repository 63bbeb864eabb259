/** What a config means beyond its shape: one check for each subject, over input that may be wrong anywhere. */
import { checkCors } from './check-cors.ts';
import { checkEntry } from './check-entry.ts';
import { checkHosts } from './check-hosts.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkSolver } from './check-solver.ts';
import { checkTls } from './check-tls.ts';
import { checkFormats } from './formats.ts';
import { checkSupported } from './not-supported.ts';
import type { ConfigProblem } from './wording.ts';

const checks: readonly ((config: unknown) => ConfigProblem[])[] = [
  checkFormats,
  checkHosts,
  checkTls,
  checkSolver,
  checkSecrets,
  checkEntry,
  checkCors,
  checkSupported,
];

/** All problems of meaning. Silent about what the schema refuses. */
export function meaningProblems(config: unknown): ConfigProblem[] {
  return checks.flatMap((check) => check(config));
}
