/** Checks of `spec.networkPolicies` for a compute cluster, whose policies are those of task pods. */
import { ownClusterEntry } from './compute-clusters.ts';
import { itemsAt, present, textAt } from './partial.ts';
import { type ConfigProblem, code } from './wording.ts';

const EGRESS = 'spec.networkPolicies.egress';

/** Where task pods are led outside of their cluster; a name is not known to a NetworkPolicy. */
const TARGETS = [
  { to: 'public-api', what: 'the API of the control plane, by its public address' },
  { to: 'object-store', what: 'the object store' },
  { to: 'kubernetes-api', what: 'the Kubernetes API of this cluster' },
];

/** Words whose ports follow from the config. */
export const WORDS_OF_TASK_PODS: readonly string[] = [...TARGETS.map(({ to }) => to), 'dns'];

/** `networkPolicies` of a compute side, which are about task pods alone. */
export function checkPoliciesOfCompute(config: unknown): ConfigProblem[] {
  if (!present(config, 'spec.networkPolicies')) return [];
  const own = ownClusterEntry(config)?.path;
  return [
    ...(own ? checkNamespaces(config, `${own}.taskPods.namespaces`) : []),
    ...checkTargets(config, own),
    ...itemsAt(config, EGRESS).flatMap(({ path }) => checkEntry(config, path)),
  ];
}

function checkNamespaces(config: unknown, path: string): ConfigProblem[] {
  if (itemsAt(config, path).length > 0) return [];
  return [
    {
      code: 'config-required',
      path,
      message: `${code(path)} is missing: nothing says where the task pods are that the policies are for`,
      expected: 'the namespaces of the task pods, `default` for Ray jobs',
      fix: 'list them, and name the pods in `podSelector` where other pods are there too: without one every pod is meant',
    },
  ];
}

/** What task pods need is asked for: neither a silent hole nor a silent block. */
function checkTargets(config: unknown, own: string | undefined): ConfigProblem[] {
  const given = itemsAt(config, EGRESS).flatMap(({ path }) => textAt(config, `${path}.to`) ?? []);
  const hasCidrs = own !== undefined && itemsAt(config, `${own}.cidrs`).length > 0;
  // Without its entry nothing is known of the cluster, and that is said by itself.
  const isKnown = own === undefined || hasCidrs;
  return TARGETS.filter(
    ({ to }) => !given.includes(to) && !(to === 'kubernetes-api' && isKnown),
  ).map(({ to, what }) => ({
    code: 'config-required',
    path: EGRESS,
    message: `no entry says where ${what} is: task pods could not reach it`,
    expected: `an entry \`to: ${to}\` with \`cidrs\`, or with selectors${to === 'kubernetes-api' && own ? `, or ${code(`${own}.cidrs`)}` : ''}`,
    fix: `add \`{to: ${to}, cidrs: [ADDRESS/LENGTH]}\``,
  }));
}

function checkEntry(config: unknown, path: string): ConfigProblem[] {
  if (!present(config, `${path}.for`)) return [];
  return [
    {
      code: 'config-conflict',
      path: `${path}.for`,
      message: `${code(`${path}.for`)} has no meaning with \`spec.role: compute\`: every entry is for task pods`,
      expected: 'no `for`',
      fix: 'remove it',
    },
  ];
}
