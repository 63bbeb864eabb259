/**
 * Rights at the Kubernetes API without which programs of ours cannot work, and rules that grant nothing because no kind goes by their words.
 *
 * Sources: Michelangelo keeps every object of its API as one of `michelangelo.api`; client-go, `tools/leaderelection/resourcelock` (get,
 * create and update of a Lease); Kubernetes, API reference (groups and plural names), "Configure Service Accounts for Pods" (automount).
 */
import { isUpstreamImage } from '../../manifests/images.ts';
import type { Resource } from '../../manifests/resource.ts';
import {
  allContainersOf,
  containersOf,
  podSpecOf,
  serviceAccountOf,
  volumesOf,
} from '../../manifests/workload.ts';
import { apiConfigsOf } from '../../surface/api-config.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { type Grants, grantsTo, isGranted } from '../../surface/grants.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list, stringAt, strings } from '../../yaml/json.ts';
import { othersConfigs } from './other-programs.ts';

/** Faults of the API server's and the controller manager's pods, and of the rules of the stream. */
export function rightsFaults(surface: Surface): Fault[] {
  const { controllerManagers } = surface;
  // Of another program that is given this config, the config is what is wrong.
  const mistaken = new Set(othersConfigs(controllerManagers, surface).map((one) => one.resource));
  const managers = surface.mounting(controllerManagers).filter((pod) => !mistaken.has(pod));
  // A Service may pick more than the API server's pods.
  const servers = surface.mounting(
    apiConfigsOf(
      surface.apiServices.flatMap((service) => surface.podsOf(service)),
      surface,
    ),
  );
  const all = [...new Set([...managers, ...servers])];
  return [
    ...all.flatMap((pod) => withoutToken(pod, surface)),
    ...all.flatMap((pod) => withoutObjects(pod, surface)),
    ...managers.flatMap((pod) => withoutLeases(pod, surface)),
    ...surface.manifests.ofKind('Role', 'ClusterRole').flatMap(unknownWords),
  ];
}

const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Without a token nobody is asked: the program ends, or is answered `Unauthorized`. */
function withoutToken(pod: Resource, { manifests }: Surface): Fault[] {
  const account = manifests.named('ServiceAccount', serviceAccountOf(pod), pod.namespace);
  const ofPod = podSpecOf(pod)['automountServiceAccountToken'];
  const ofAccount = account && getIn(account.json, ['automountServiceAccountToken']);
  const off = ofPod ?? ofAccount;
  const hasOwn =
    /"serviceAccountToken"|kubeconfig/i.test(JSON.stringify(volumesOf(pod))) ||
    allContainersOf(pod).some(
      (one) =>
        /kubeconfig/i.test(
          JSON.stringify([one['env'] ?? [], one['args'] ?? [], one['command'] ?? []]),
        ) ||
        list(one['volumeMounts']).some(({ mountPath }) => mountPath === TOKEN_FOLDER) ||
        list(one['envFrom']).length > 0,
    );
  if (off !== false || hasOwn) return [];
  const isOfPod = ofPod !== undefined;
  return [
    {
      resource: isOfPod ? pod : (account ?? pod),
      path: isOfPod
        ? 'spec.template.spec.automountServiceAccountToken'
        : 'automountServiceAccountToken',
      severity: containersOf(pod).some(isUpstreamImage) ? undefined : 'warning',
      message: `${pod.kind} ${pod.name} asks the Kubernetes API, and gets no token for it: automountServiceAccountToken is false${isOfPod ? '' : ` at ServiceAccount ${account?.name}`}`,
      fix: 'write `automountServiceAccountToken: true`',
    },
  ];
}

const OBJECTS = 'michelangelo.api';

/** Of all namespaces together: a binding may be of one project alone. */
function withoutObjects(pod: Resource, surface: Surface): Fault[] {
  const { manifests } = surface;
  const account = serviceAccountOf(pod);
  const homes = new Set([
    pod.namespace,
    ...manifests
      .ofKind('RoleBinding')
      .filter(({ json }) => list(json['subjects']).some(({ name }) => name === account))
      .map(({ namespace }) => namespace),
  ]);
  const all = [...homes].map((home) => grantsTo(pod, home, manifests));
  if (!isKnown(all)) return [];
  const groups = all.flatMap(({ rules }) => rules.flatMap(({ apiGroups }) => strings(apiGroups)));
  if (groups.includes(OBJECTS) || groups.includes('*')) return [];
  return [
    {
      resource: pod,
      path: 'spec.template.spec.serviceAccountName',
      message: `nothing lets ServiceAccount ${account} of ${pod.kind} ${pod.name} touch ${OBJECTS}, and every project and pipeline is an object of that group`,
      fix: `bind a ClusterRole with \`apiGroups: [${OBJECTS}]\` to it`,
    },
  ];
}

/** Groups of which a rule speaks that is for these programs: one for Secrets of clusters alone, or of a policy of the cluster, stands beside others. */
const OF_PROGRAMS =
  /^(?:.*michelangelo.*|ray\.io|sparkoperator\.k8s\.io|apiextensions\.k8s\.io|coordination\.k8s\.io)$/;

/** Rules for these programs are in the stream, with every role that is bound. */
function isKnown(all: readonly Grants[]): boolean {
  const rules = all.flatMap((one) => one.rules);
  const isAbout = rules.some(
    ({ apiGroups, resources }) =>
      strings(apiGroups).some((group) => OF_PROGRAMS.test(group)) ||
      strings(resources).includes('leases'),
  );
  return isAbout && !all.some(({ isOpen }) => isOpen);
}

const LEASES = { group: 'coordination.k8s.io', resource: 'leases' };

/** Where no rule is about leases at all; one about other leases has a check of its own. */
function withoutLeases(pod: Resource, surface: Surface): Fault[] {
  const elections = surface.controllerManagers
    .filter((target) => surface.mounting([target]).includes(pod))
    .map((target) => getIn(jsonOf(target), ['controllermgr']));
  const isElected = elections.some(
    (one) => asText(getIn(one, ['leaderElection']) ?? '') === 'true',
  );
  const grants = grantsTo(pod, pod.namespace, surface.manifests);
  if (!isElected || !isKnown([grants])) return [];
  const [name = ''] = elections.map((one) => stringAt(one, ['leaderElectionID']));
  const isAbout = grants.rules.some(
    ({ apiGroups, resources, verbs }) =>
      strings(apiGroups).includes(LEASES.group) &&
      strings(resources).includes(LEASES.resource) &&
      strings(verbs).some((verb) => verb === 'update' || verb === '*'),
  );
  const missing = ['get', 'create', 'update'].filter(
    (verb) => !isGranted(grants, { ...LEASES, verb, name: verb === 'create' ? '' : name }),
  );
  if (missing.length === 0 || (isAbout && !missing.includes('create'))) return [];
  return [
    {
      resource: pod,
      path: 'spec.template.spec.serviceAccountName',
      message: `leader election is on, and nothing lets ServiceAccount ${serviceAccountOf(pod)} ${missing.join(', ')} leases of ${LEASES.group} in namespace ${pod.namespace}: no replica ever works`,
      fix: `bind a Role with \`apiGroups: [${LEASES.group}]\`, \`resources: [leases]\` and these verbs to it`,
    },
  ];
}

/** The kinds of groups that every cluster has, as rules name them. */
const KINDS: Readonly<Record<string, string>> = {
  '': 'bindings configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services users groups componentstatuses',
  apps: 'controllerrevisions daemonsets deployments replicasets statefulsets',
  batch: 'cronjobs jobs',
  'coordination.k8s.io': 'leases leasecandidates',
  'networking.k8s.io': 'ingresses ingressclasses networkpolicies ipaddresses servicecidrs',
  'apiextensions.k8s.io': 'customresourcedefinitions',
  'discovery.k8s.io': 'endpointslices',
  policy: 'poddisruptionbudgets podsecuritypolicies',
  'events.k8s.io': 'events',
  'ray.io': 'rayclusters rayjobs rayservices raycronjobs',
};
const GROUP_OF = new Map(
  Object.entries(KINDS).flatMap(([group, names]) =>
    names.split(' ').map((name) => [name, group] as const),
  ),
);

/** Words that no group of the rule has: singular, with capitals, or of a group that it does not list. */
function unknownWords(role: Resource): Fault[] {
  return list(role.json['rules']).flatMap((rule, at) => {
    const groups = strings(rule['apiGroups']);
    if (groups.length === 0 || !groups.every((group) => Object.hasOwn(KINDS, group))) return [];
    return strings(rule['resources']).flatMap((written, index): Fault[] => {
      const [name = ''] = written.split('/');
      const isThere = groups.some((group) => KINDS[group]?.split(' ').includes(name));
      const meant = meantKind(name, groups);
      if (isThere || name === '*' || meant === undefined) return [];
      const group = GROUP_OF.get(meant) ?? '';
      const isOfGroup = groups.includes(group);
      return [
        {
          resource: role,
          path: `rules[${at}].${isOfGroup ? `resources[${index}]` : 'apiGroups'}`,
          severity: 'warning',
          message: isOfGroup
            ? `no kind goes by the name ${written}: the rule grants nothing on ${meant}`
            : `${meant} are of the group ${group || "'' (core)"}, which the rule does not list: it grants nothing on them`,
          fix: isOfGroup ? `write \`${meant}\`` : `write \`apiGroups: ["${group}"]\``,
        },
      ];
    });
  });
}

function meantKind(name: string, groups: readonly string[]): string | undefined {
  const small = name.toLowerCase();
  const forms = [small, `${small}s`, `${small}es`, small.replace(/y$/, 'ies')];
  const found = forms.filter((form) => GROUP_OF.has(form));
  // Events are of two groups, and other groups have a kind of a name that the core has.
  return found.find((form) => groups.includes(GROUP_OF.get(form) ?? '-')) ?? found[0];
}
