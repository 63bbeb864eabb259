/** What pods may do at the Kubernetes API, by the bindings of a stream. Source: Kubernetes, "Using RBAC Authorization". */
import { groupOf, type Manifests, sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAccountOf } from '../manifests/workload.ts';
import { asText, type Json, type JsonObject, list, stringAt, strings } from '../yaml/json.ts';

/** What is granted in one namespace. */
export interface Grants {
  /** Of every Role and ClusterRole that is bound, as it is written. */
  rules: JsonObject[];
  /** Whether a role is bound whose rules are not in the stream: nobody can say what it grants. */
  isOpen: boolean;
  /** Whether anything is bound to these pods at all: where nothing is, their rights are kept elsewhere. */
  isBound: boolean;
}

/** What is asked for. */
interface Request {
  group: string;
  resource: string;
  verb: string;
  name: string;
}

/** What a workload's pods are granted in a namespace. */
export function grantsTo(pods: Resource, namespace: string, manifests: Manifests): Grants {
  const bindings = manifests
    .ofKind('RoleBinding', 'ClusterRoleBinding')
    .filter((binding) => groupOf(binding) === RBAC)
    .filter(({ json }) => list(json['subjects']).some((subject) => isSubject(subject, pods)));
  const roles = bindings
    .filter(({ kind, namespace: own }) => kind !== 'RoleBinding' || sameNamespace(own, namespace))
    .map(({ json, namespace: own }) => {
      const kind = stringAt(json, ['roleRef', 'kind']);
      return manifests.named(kind, stringAt(json, ['roleRef', 'name']), own);
    });
  return {
    rules: roles.flatMap((role) => list(role?.json['rules'])),
    isOpen: roles.some((role) => !role || role.json['aggregationRule'] !== undefined),
    isBound: bindings.length > 0,
  };
}

/** Whether one of the rules grants it; no names are all names. */
export function isGranted({ rules }: Grants, { name, ...asked }: Request): boolean {
  return rulesAbout(rules, asked).some(({ resourceNames }) => {
    const names = strings(resourceNames);
    return names.length === 0 || names.includes(name);
  });
}

/** The rules that grant a verb on a kind, whatever the name. */
export function rulesAbout(
  rules: readonly JsonObject[],
  { group, resource, verb }: Omit<Request, 'name'>,
): JsonObject[] {
  return rules.filter(
    ({ apiGroups, resources, verbs }) =>
      has(apiGroups, group) && has(resources, resource) && has(verbs, verb),
  );
}

const RBAC = 'rbac.authorization.k8s.io';

/** Pods are known by their ServiceAccount, by its long name as a user, and by the groups that every ServiceAccount is in. */
function isSubject({ kind, name, namespace }: JsonObject, pods: Resource): boolean {
  const account = serviceAccountOf(pods);
  if (kind === 'ServiceAccount')
    return name === account && sameNamespace(asText(namespace ?? ''), pods.namespace);
  if (kind === 'User') return name === `system:serviceaccount:${pods.namespace}:${account}`;
  const all = 'system:serviceaccounts';
  return (
    kind === 'Group' &&
    strings([name]).some((group) =>
      [all, `${all}:${pods.namespace}`, 'system:authenticated'].includes(group),
    )
  );
}

function has(items: Json | undefined, wanted: string): boolean {
  return strings(items).some((item) => item === wanted || item === '*');
}
