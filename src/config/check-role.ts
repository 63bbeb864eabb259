/** Checks of `spec.role` and `spec.computeCluster`: what each side needs, and which fields have a meaning there. */
import { checkPoliciesOfCompute } from './check-task-pod-policies.ts';
import { ownClusterEntry } from './compute-clusters.ts';
import { itemsAt, mapAt, present, textAt, textsAt } from './partial.ts';
import { type ConfigProblem, code, either, quote } from './wording.ts';

/** Whether a config, right or wrong, is one of a compute cluster. */
export function isCompute(config: unknown): boolean {
  return textAt(config, 'spec.role') === 'compute';
}

/** Fields of a control plane alone, each with the reason. Everything below them is meant too. */
export const CONTROL_PLANE_ONLY: Readonly<Record<string, string>> = {
  'hosts.aliases': 'its task pods use the main host of the API',
  entry: 'a compute cluster has no entry',
  worker: 'a compute cluster has no workers',
  links: 'a compute cluster has no program that shows links',
  envoy: 'a compute cluster has no Envoy',
  cors: 'a compute cluster has no Envoy',
  workflowEngine: 'a compute cluster has no program that uses the workflow engine',
  'networkPolicies.from': 'who may call task pods is left open',
  alerts: 'a compute cluster has no controller manager',
};

/** What one side of the config may not say, and what it has to. */
export function checkRole(config: unknown): ConfigProblem[] {
  if (!isCompute(config)) return checkControlPlane(config);
  return [
    ...checkMeaningless(config),
    ...checkTlsOfCompute(config),
    ...checkAddress(config),
    ...checkCluster(config),
    ...checkAbsent(config),
    ...checkPoliciesOfCompute(config),
  ];
}

function checkControlPlane(config: unknown): ConfigProblem[] {
  if (!present(config, 'spec.computeCluster')) return [];
  return [
    {
      code: 'config-conflict',
      path: 'spec.computeCluster',
      message: '`spec.computeCluster` has no meaning without `spec.role: compute`',
      expected: '`spec.computeClusters` alone, for a control plane',
      fix: 'remove it, or write `role: compute` where this overlay is for that cluster',
    },
  ];
}

function checkMeaningless(config: unknown): ConfigProblem[] {
  return Object.entries(CONTROL_PLANE_ONLY).flatMap(([field, why]) => {
    const path = `spec.${field}`;
    return present(config, path) ? [meaningless(path, why)] : [];
  });
}

function meaningless(path: string, why: string): ConfigProblem {
  return {
    code: 'config-conflict',
    path,
    message: `${code(path)} has no meaning with \`spec.role: compute\`: ${why}`,
    expected: `${code(path)} in the config of the control plane alone`,
    fix: 'remove it',
  };
}

/** The scheme is all that counts. */
const TLS_MODES_OF_COMPUTE = ['external', 'none'];

function checkTlsOfCompute(config: unknown): ConfigProblem[] {
  const mode = textAt(config, 'spec.tls.mode');
  const others = Object.keys(mapAt(config, 'spec.tls') ?? {}).filter((key) => key !== 'mode');
  const fields = others.map((key) =>
    meaningless(`spec.tls.${key}`, 'no certificate is made for a compute cluster'),
  );
  if (mode === undefined || TLS_MODES_OF_COMPUTE.includes(mode)) return fields;
  return [
    ...fields,
    {
      code: 'config-conflict',
      path: 'spec.tls.mode',
      message: `\`spec.tls.mode: ${mode}\` has no meaning with \`spec.role: compute\`: no certificate is made for a compute cluster`,
      found: quote(mode),
      expected: `${either(TLS_MODES_OF_COMPUTE)}: whether the API of the control plane is reached with TLS`,
      fix: 'remove `spec.tls` where it is, write `mode: none` where it is not',
    },
  ];
}

function checkAddress(config: unknown): ConfigProblem[] {
  const path = 'spec.taskPods.apiAddress';
  if (textAt(config, path) !== 'service') return [];
  return [
    {
      code: 'config-conflict',
      path,
      message:
        'task pods of a compute cluster cannot use the API Service: it is in another cluster',
      found: quote('service'),
      expected: 'public',
      fix: 'remove it: they use the public address',
    },
  ];
}

function checkCluster(config: unknown): ConfigProblem[] {
  const path = 'spec.computeCluster';
  const names = itemsAt(config, 'spec.computeClusters').flatMap(
    (item) => textAt(config, `${item.path}.name`) ?? [],
  );
  const known =
    names.length > 0 ? either(names.map(code)) : 'the name of an entry of `spec.computeClusters`';
  if (!present(config, path))
    return [
      {
        code: 'config-required',
        path,
        message: '`spec.computeCluster` is missing: nothing says which cluster this overlay is for',
        expected: known,
        fix: 'write the name of the cluster',
      },
    ];
  const name = textAt(config, path);
  if (name === undefined || ownClusterEntry(config)) return [];
  return [
    {
      code: 'config-value',
      path,
      message: 'no entry of `spec.computeClusters` has this name',
      found: quote(name),
      expected: known,
      fix: "Copy the cluster's entry of `spec.computeClusters` from the config of the control plane, or correct the name",
    },
  ];
}

/** Roles that nobody looks for cannot be missing. */
function checkAbsent(config: unknown): ConfigProblem[] {
  return textsAt(config, 'spec.absent')
    .filter(({ value }) => value !== 'task-pods')
    .map(({ path, value }) => ({
      ...meaningless(path, `the role ${value} is not looked for there`),
      found: quote(value),
      expected: '`task-pods` alone',
    }));
}
