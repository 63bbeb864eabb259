/** Whether of several controller managers one works, and one does. */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { podSpecOf } from '../manifests/workload.ts';
import { isTemplated } from '../net/addresses.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, type Json, list, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

const ELECTION = ['controllermgr', 'leaderElection'];
const NAME = ['controllermgr', 'leaderElectionID'];

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'Controller managers that do not agree who works',
  why: 'Without leader election every replica works: jobs are started twice, and each undoes what the other wrote. With it, the pods need the lease of the name `leaderElectionID` in their own namespace: without the right to it none ever works, and two programs that share one are one too few.',
  fix: 'set `leaderElection: true` with a `leaderElectionID`, and let a Role grant get, update and patch on the lease of that name',
  find: (surface) =>
    surface.controllerManagers.flatMap((target) => {
      const json = jsonOf(target);
      const election = String(getIn(json, ELECTION) ?? 'false');
      const name = stringAt(json, NAME);
      if (isTemplated(election) || isTemplated(name)) return [];
      const pods = surface.mounting([target]);
      if (election !== 'true') return pods.flatMap((pod) => together(pod, target) ?? []);
      return [
        ...unnamed(target, name),
        ...pods.flatMap((pod) => denied(pod, name, target, surface)),
      ];
    }),
};

function together(pod: Resource, target: DocumentTarget): Fault | undefined {
  const replicas = Number(getIn(pod.json, ['spec', 'replicas']) ?? 1);
  if (!(replicas > 1)) return undefined;
  return inDocument(target, ELECTION, {
    message: `${pod.kind} ${pod.name} has ${replicas} replicas, and leader election is off: all of them work at once`,
    fix: 'set `leaderElection: true`, or `replicas: 1`',
  });
}

/** Source: controller-runtime, `leaderelection.NewResourceLock`: "LeaderElectionID must be configured". */
function unnamed(target: DocumentTarget, name: string): Fault[] {
  if (name !== '') return [];
  const message =
    'leader election is on without a `leaderElectionID`: images whose code has no name of its own end when they start';
  return [inDocument(target, NAME, { severity: 'warning', message })];
}

/** Every Role of the pods that is about leases names other ones. */
function denied(
  pod: Resource,
  name: string,
  target: DocumentTarget,
  { manifests }: Surface,
): Fault[] {
  const account = String(podSpecOf(pod)['serviceAccountName'] ?? 'default');
  const isBound = (binding: Resource) =>
    list(binding.json['subjects']).some(
      ({ kind, name: own }) => kind === 'ServiceAccount' && own === account,
    );
  const roles = manifests
    .ofKind('RoleBinding', 'ClusterRoleBinding')
    .filter(isBound)
    .flatMap(({ json, namespace }) => {
      const kind = stringAt(json, ['roleRef', 'kind']);
      return manifests.named(kind, stringAt(json, ['roleRef', 'name']), namespace) ?? [];
    })
    .filter((role) => groupOf(role) === 'rbac.authorization.k8s.io');
  const rules = roles
    .flatMap(({ json }) => list(json['rules']))
    .filter(
      ({ apiGroups, resources, verbs }) =>
        has(apiGroups, 'coordination.k8s.io') && has(resources, 'leases') && has(verbs, 'update'),
    );
  const isGranted = rules.some(({ resourceNames }) => {
    const names = strings(resourceNames);
    return names.length === 0 || names.includes(name);
  });
  if (name === '' || rules.length === 0 || isGranted) return [];
  const granted = [...new Set(rules.flatMap(({ resourceNames }) => strings(resourceNames)))];
  return [
    inDocument(target, NAME, {
      message: `ServiceAccount ${account} may update the lease ${granted.join(', ')}, and the name here is ${name}`,
      fix: `write the same name in both places`,
    }),
  ];
}

function has(items: Json | undefined, wanted: string): boolean {
  return strings(items).some((item) => item === wanted || item === '*');
}
