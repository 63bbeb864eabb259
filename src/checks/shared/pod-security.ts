/**
 * Pods that the Pod Security level of their namespace lets in no more.
 *
 * Source: Kubernetes, "Pod Security Standards" and `k8s.io/pod-security-admission/policy`. `warn` and `audit` refuse nothing.
 */
import { sameNamespace } from '../../manifests/manifests.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import {
  asText,
  getIn,
  type JsonObject,
  list,
  objectAt,
  stringAt,
  strings,
} from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { inContext } from './refused-users.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';
const LEVELS = ['privileged', 'baseline', 'restricted'];

/** One finding for each workload that does not comply, with all that it lacks; and labels that are no level. */
export function refusedBySecurity(surface: Surface): Fault[] {
  return surface.manifests.ofKind('Namespace').flatMap((namespace): Fault[] => {
    const level = asText(objectAt(namespace.json, ['metadata', 'labels'])[LABEL] ?? '');
    if (level === '' || level === 'privileged' || /[${}<>]/.test(level)) return [];
    if (!LEVELS.includes(level))
      return [
        {
          resource: namespace,
          path: `metadata.labels[${LABEL}]`,
          message: `${LABEL} is ${level}, and the levels are ${LEVELS.join(', ')}`,
          fix: 'write one of them',
        },
      ];
    return surface.workloads
      .filter((workload) => sameNamespace(workload.namespace, namespace.name))
      .flatMap((workload) => ofWorkload(workload, level));
  });
}

function ofWorkload(workload: Resource, level: string): Fault[] {
  const baseline = notBaseline(workload);
  const all = level === 'baseline' ? baseline : [...baseline, ...notRestricted(workload)];
  if (all.length === 0) return [];
  const kind = workload.kind === 'Pod' ? 'the pod is refused' : 'no pod is made';
  return [
    {
      resource: workload,
      path: toPath([...podTemplatePath(workload), 'spec']),
      // Namespaces may be exempt, and webhooks write what is missing.
      severity: 'warning',
      message: `its namespace enforces the Pod Security level ${level}, and it has ${all.join('; ')}: ${kind}`,
      fix: 'write the settings that the level asks for, or give the namespace the level that these pods need',
    },
  ];
}

const ALLOWED = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const HOST = ['hostNetwork', 'hostPID', 'hostIPC'];

function notBaseline(workload: Resource): string[] {
  const spec = podSpecOf(workload);
  const ofContainers = placedContainers(workload).flatMap(({ json }) => {
    const name = stringAt(json, ['name']);
    const added = strings(getIn(json, ['securityContext', 'capabilities', 'add']));
    const more = added.filter((one) => !ALLOWED.has(one));
    const ports = list(json['ports']).filter(({ hostPort }) => (hostPort ?? 0) !== 0);
    return [
      ...(getIn(json, ['securityContext', 'privileged']) === true ? [`privileged in ${name}`] : []),
      ...(more.length > 0 ? [`capabilities ${more.join(', ')} in ${name}`] : []),
      ...ports.map(({ hostPort }) => `hostPort ${asText(hostPort)} in ${name}`),
    ];
  });
  return [
    ...HOST.filter((field) => spec[field] === true),
    ...list(spec['volumes'])
      .filter(({ hostPath }) => (hostPath ?? undefined) !== undefined)
      .map(({ name }) => `a hostPath in volume ${asText(name)}`),
    ...ofContainers,
  ];
}

/** Volumes of these types alone. */
const VOLUMES =
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret image'.split(
    ' ',
  );

function notRestricted(workload: Resource): string[] {
  const spec = podSpecOf(workload);
  const isWindows = getIn(spec, ['os', 'name']) === 'windows';
  const volumes = list(spec['volumes']).flatMap(({ name, ...source }) =>
    Object.keys(source)
      .filter((type) => !VOLUMES.includes(type) && type !== 'hostPath')
      .map((type) => `a volume ${asText(name)} of type ${type}`),
  );
  const lacking = new Map<string, string[]>();
  for (const { json } of placedContainers(workload))
    for (const what of lackingIn(json, workload, isWindows))
      lacking.set(what, [...(lacking.get(what) ?? []), stringAt(json, ['name'])]);
  return [
    ...volumes,
    ...[...lacking].map(([what, names]) => `no \`${what}\` in ${names.join(', ')}`),
  ];
}

function lackingIn(container: JsonObject, workload: Resource, isWindows: boolean): string[] {
  const own = objectAt(container, ['securityContext']);
  const profile = getIn(inContext('seccompProfile', container, workload), ['type']);
  const dropped = strings(getIn(own, ['capabilities', 'drop']));
  const isRoot = inContext('runAsUser', container, workload) === 0;
  return [
    ...(inContext('runAsNonRoot', container, workload) === true && !isRoot
      ? []
      : ['runAsNonRoot: true']),
    ...(isWindows || own['allowPrivilegeEscalation'] === false
      ? []
      : ['allowPrivilegeEscalation: false']),
    ...(isWindows || dropped.includes('ALL') ? [] : ['capabilities: {drop: [ALL]}']),
    ...(isWindows || profile === 'RuntimeDefault' || profile === 'Localhost'
      ? []
      : ['seccompProfile: {type: RuntimeDefault}']),
  ];
}
