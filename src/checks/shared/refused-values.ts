/**
 * Names, labels and settings of pods in a form that the API server refuses.
 *
 * Source: Kubernetes, "Object Names and IDs", "Labels and Selectors"; `pkg/apis/apps/validation`, `ValidatePodTemplateSpecForReplicaSet`;
 * `pkg/apis/core/validation`, `validatePodDNSConfig`.
 */
import { withArticle } from '../../errors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath, WORKLOAD_KINDS } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { getIn, objectAt, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const NAMED = [
  ...WORKLOAD_KINDS,
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Ingress',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'HorizontalPodAutoscaler',
  'NetworkPolicy',
];
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)?$/;
const LONGEST_NAME = 253;
const LONGEST_VALUE = 63;

/** What another program fills in before it is applied. */
const isOpen = (text: string) => /[${}<>]/.test(text);

/** The name of one resource. One that kustomize or somebody else is still to fill in is passed over. */
export function refusedNames(resource: Resource): Fault[] {
  const { kind, name } = resource;
  if (!NAMED.includes(kind) || name === '' || isOpen(name)) return [];
  if (SUBDOMAIN.test(name) && name.length <= LONGEST_NAME) return [];
  return [
    {
      resource,
      path: 'metadata.name',
      message: `${name} is no name of ${withArticle(kind)}: small letters, digits, hyphens and dots, ${LONGEST_NAME} at most`,
      fix: 'write another one, here and wherever it is named',
    },
  ];
}

/** Values of the labels of one resource and, where it has one, of its pod template. */
export function refusedLabels(resource: Resource): Fault[] {
  const template = [...podTemplatePath(resource), 'metadata', 'labels'];
  const own = ['metadata', 'labels'];
  const places =
    WORKLOAD_KINDS.includes(resource.kind) && template.length > 2 ? [own, template] : [own];
  return places.flatMap((place) =>
    Object.entries(objectAt(resource.json, place)).flatMap(([key, value]): Fault[] => {
      if (typeof value !== 'string' || isOpen(value)) return [];
      if (LABEL_VALUE.test(value) && value.length <= LONGEST_VALUE) return [];
      return [
        {
          resource,
          path: toPath([...place, key]),
          message: `the label ${key} has the value ${value}, and that of a label is letters, digits, \`-\`, \`_\` and \`.\`, ${LONGEST_VALUE} at most, with a letter or a digit first and last`,
          fix: 'write it in that form, or put it into an annotation',
        },
      ];
    }),
  );
}

const LASTING = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'];

/** Settings of the pods of one workload that do not go together, or that its kind does not take. */
export function refusedSettings(workload: Resource): Fault[] {
  const { restartPolicy = 'Always', activeDeadlineSeconds, dnsPolicy } = podSpecOf(workload);
  const place = [...podTemplatePath(workload), 'spec'];
  const isLasting = LASTING.includes(workload.kind);
  const found: Fault[] = [];
  const add = (field: string, message: string, fix: string) =>
    found.push({ resource: workload, path: toPath([...place, field]), message, fix });
  if (isLasting && restartPolicy !== 'Always' && typeof restartPolicy === 'string')
    add(
      'restartPolicy',
      `restartPolicy is ${restartPolicy}, and pods of a ${workload.kind} have to have Always`,
      'take it away, or make it a Job',
    );
  if (isLasting && (activeDeadlineSeconds ?? null) !== null)
    add(
      'activeDeadlineSeconds',
      `activeDeadlineSeconds is for Jobs: a ${workload.kind} may not have it`,
      'take it away',
    );
  const servers = getIn(podSpecOf(workload), ['dnsConfig', 'nameservers']);
  if (dnsPolicy === 'None' && strings(servers).length === 0)
    add(
      'dnsPolicy',
      'dnsPolicy is None, and `dnsConfig.nameservers` names no server',
      'take it away, or name the servers',
    );
  return found;
}
