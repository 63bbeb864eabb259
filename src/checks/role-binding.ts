/** Whether the permissions that are here reach the ServiceAccounts of our pods. */

import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAccountOf } from '../manifests/workload.ts';
import { programsOf } from '../surface/configs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames, isMisspelled, prefixOf } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { equalJson, getIn, list, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { rightsFaults } from './shared/program-rights.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A program without its rights at the Kubernetes API',
  why: 'A RoleBinding may name a role or a ServiceAccount that is not there, and a rule a kind that no group has: Kubernetes takes both, and the program behind them is answered `forbidden`.',
  fix: 'name the role and the ServiceAccount as they are called now, with the namespace of the pods, and kinds by their plural and their group',
  find: (surface) =>
    surface.manifests
      .ofKind('RoleBinding', 'ClusterRoleBinding')
      .flatMap((binding) => [
        ...kinds(binding, surface),
        ...role(binding, surface),
        ...subjects(binding, surface),
      ])
      .concat(rightsFaults(surface)),
};

/** A Role in a ClusterRoleBinding is refused; a user of the name of an account is somebody else. */
function kinds(binding: Resource, { manifests }: Surface): Fault[] {
  const isRefused =
    binding.kind === 'ClusterRoleBinding' && getIn(binding.json, ['roleRef', 'kind']) === 'Role';
  const ofRole: Fault[] = isRefused
    ? [
        {
          resource: binding,
          path: 'roleRef.kind',
          message:
            'a ClusterRoleBinding gives a ClusterRole, and this one names a Role: Kubernetes refuses it',
          fix: 'write `kind: ClusterRole`, or make it a RoleBinding in the namespace of the Role',
        },
      ]
    : [];
  const given = list(getIn(binding.json, ['subjects']));
  const hasAccount = (name: string) =>
    given.some((each) => each['kind'] === 'ServiceAccount' && each['name'] === name);
  const users = given.flatMap((subject, index): Fault[] => {
    const [kind, name] = [stringAt(subject, ['kind']), stringAt(subject, ['name'])];
    const account = manifests.namesakes('ServiceAccount', name).find((one) => one.name === name);
    if (!['User', 'Group'].includes(kind) || !account || hasAccount(name)) return [];
    return [
      {
        resource: binding,
        path: `subjects[${index}].kind`,
        severity: 'warning',
        message: `the role is given to a ${kind} ${name}, and ServiceAccount ${name} of that name gets nothing`,
        fix: `write \`kind: ServiceAccount\` with \`namespace: ${account.namespace || 'default'}\` and no \`apiGroup\``,
      },
    ];
  });
  return [...ofRole, ...users];
}

/** A role may be in another stream: only one that was probably meant tells. */
function role(binding: Resource, surface: Surface): Fault[] {
  const { manifests } = surface;
  const kind = stringAt(binding.json, ['roleRef', 'kind']);
  const name = stringAt(binding.json, ['roleRef', 'name']);
  if (manifests.named(kind, name, binding.namespace)) return [];
  // Of every cluster. Source: Kubernetes, "Default roles and role bindings".
  if (kind === 'ClusterRole' && /^(?:view|edit|admin|cluster-admin|system:.*)$/.test(name))
    return [];
  const [elsewhere] =
    kind === 'Role' && binding.kind === 'RoleBinding' ? manifests.namesakes('Role', name) : [];
  if (elsewhere)
    return [
      {
        resource: binding,
        path: 'metadata.namespace',
        message: `it gives Role ${name} of namespace ${binding.namespace}, which is not there: it is in namespace ${elsewhere.namespace}`,
        fix: `put the binding into namespace ${elsewhere.namespace}, or make a ClusterRole of the Role`,
      },
    ];
  const isFree = (one: Resource) =>
    !manifests
      .ofKind('RoleBinding', 'ClusterRoleBinding')
      .some(
        ({ json }) =>
          getIn(json, ['roleRef', 'name']) === one.name &&
          getIn(json, ['roleRef', 'kind']) === one.kind,
      );
  const near = manifests
    .ofKind(kind)
    .filter((one) => kind === 'ClusterRole' || sameNamespace(one.namespace, binding.namespace))
    .find(
      (one) =>
        areNearNames(one.name, name) ||
        (one.name === binding.name &&
          (kind === 'Role' || (isFree(one) && isForUs(binding, surface)))),
    );
  if (!near) return [];
  return [
    {
      resource: binding,
      path: 'roleRef.name',
      message: `there is no ${kind} ${name} in these manifests; ${kind} ${near.name} is there`,
      fix: `write \`${near.name}\`; \`roleRef\` of a binding that exists cannot be changed: delete it first`,
    },
  ];
}

/** Whether pods of ours use an account that it gives the role to. */
function isForUs(binding: Resource, surface: Surface): boolean {
  const names = list(getIn(binding.json, ['subjects'])).map(({ name }) => name);
  return programsOf(surface).some((pod) => names.includes(serviceAccountOf(pod)));
}

function subjects(binding: Resource, surface: Surface): Fault[] {
  return list(getIn(binding.json, ['subjects'])).flatMap((subject, index): Fault[] => {
    if (subject['kind'] !== 'ServiceAccount') return [];
    const name = stringAt(subject, ['name']);
    const accounts = surface.manifests
      .namesakes('ServiceAccount', name)
      .filter((one) => one.name === name);
    const namespace = stringAt(subject, ['namespace']) || binding.namespace;
    const isUsed = (home: string | undefined) =>
      programsOf(surface).some(
        (pod) =>
          serviceAccountOf(pod) === name &&
          (home === undefined || sameNamespace(pod.namespace, home)),
      );
    if (
      isUsed(namespace) ||
      accounts.some((one) => one.name === name && sameNamespace(one.namespace, namespace))
    )
      return [];
    // The default one is everywhere; another may be in another stream.
    const here = accounts.filter((one) => one.name === name && isUsed(one.namespace));
    const [account] = here;
    if (name === 'default' || here.length > 1) return [];
    if (!account) return missingAccount(binding, { name, namespace, index }, surface);
    return [
      {
        resource: binding,
        path: `subjects[${index}].namespace`,
        message: `the role is given to ServiceAccount ${name} in namespace ${namespace}, and the pods that use ServiceAccount ${name} are in namespace ${account.namespace}`,
        fix: `write \`namespace: ${account.namespace}\``,
      },
    ];
  });
}

/** One that is spelled almost like an account of our pods, which gets this role from no other binding. */
function missingAccount(
  binding: Resource,
  { name, namespace, index }: { name: string; namespace: string; index: number },
  { manifests }: Surface,
): Fault[] {
  const isBound = (account: Resource) =>
    manifests
      .ofKind('RoleBinding', 'ClusterRoleBinding')
      .filter(({ json }) => equalJson(json['roleRef'], binding.json['roleRef']))
      .some(({ json }) => list(json['subjects']).some((one) => one['name'] === account.name));
  const near = manifests
    .ofKind('ServiceAccount')
    .filter((one) => sameNamespace(one.namespace, namespace) && !isBound(one))
    .find((one) => isMisspelled(one.name, name) || prefixOf(name, one.name) !== '');
  if (!near) return [];
  return [
    {
      resource: binding,
      path: `subjects[${index}].name`,
      severity: 'warning',
      message: `there is no ServiceAccount ${name} in namespace ${namespace} of these manifests, and ServiceAccount ${near.name} is: the role is given to nobody unless ${name} is in other manifests`,
      fix: `write \`${near.name}\``,
    },
  ];
}
