/** What a config means beyond its shape: one check for each subject, over input that may be wrong anywhere. */
import { checkAlerts } from './check-alerts.ts';
import { checkComputeClusters } from './check-compute-clusters.ts';
import { checkCors } from './check-cors.ts';
import { checkEntry } from './check-entry.ts';
import { checkHosts } from './check-hosts.ts';
import { checkNetworkPolicies } from './check-network-policies.ts';
import { checkRole } from './check-role.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkSolver } from './check-solver.ts';
import { checkTaskPods } from './check-task-pods.ts';
import { checkTls } from './check-tls.ts';
import { checkFormats } from './formats.ts';
import { schemaAt } from './schema.ts';
import type { ConfigProblem } from './wording.ts';

const checks: readonly ((config: unknown) => ConfigProblem[])[] = [
  checkFormats,
  checkHosts,
  checkTls,
  checkSolver,
  checkSecrets,
  checkEntry,
  checkTaskPods,
  checkCors,
  checkComputeClusters,
  checkAlerts,
  checkRole,
  checkNetworkPolicies,
];

/** All problems of meaning, in the order of the fields in the schema. Silent about what the schema refuses. */
export function meaningProblems(config: unknown): ConfigProblem[] {
  const fields = Object.keys(schemaAt(['spec'])?.properties ?? {});
  // A field that is refused is in no list, and comes last.
  const rankOf = ({ path }: ConfigProblem) => {
    const rank = fields.indexOf(path.split(/[.[]/)[1] ?? '');
    return rank < 0 ? fields.length : rank;
  };
  return checks
    .flatMap((check) => check(config))
    .sort((left, right) => rankOf(left) - rankOf(right));
}
