/** Whether of several controller managers one works, and one does. */
import type { Resource } from '../manifests/resource.ts';
import { serviceAccountOf } from '../manifests/workload.ts';
import { isTemplated } from '../net/addresses.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { grantsTo, isGranted, rulesAbout } from '../surface/grants.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asNumber, asText, getIn, stringAt, strings } from '../yaml/json.ts';
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
      const election = asText(getIn(json, ELECTION) ?? 'false');
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
  const replicas = asNumber(getIn(pod.json, ['spec', 'replicas']) ?? 1);
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
  const account = serviceAccountOf(pod);
  const lease = { group: 'coordination.k8s.io', resource: 'leases', verb: 'update' };
  const grants = grantsTo(pod, pod.namespace, manifests);
  const rules = rulesAbout(grants.rules, lease);
  if (name === '' || rules.length === 0 || isGranted(grants, { ...lease, name })) return [];
  const granted = [...new Set(rules.flatMap(({ resourceNames }) => strings(resourceNames)))];
  return [
    inDocument(target, NAME, {
      message: `ServiceAccount ${account} may update the lease ${granted.join(', ')}, and the name here is ${name}`,
      fix: `write the same name in both places`,
    }),
  ];
}
