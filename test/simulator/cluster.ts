/**
 * A stream of manifests as a cluster would see it: objects by kind, Services and the pods that they pick.
 *
 * Nothing here comes from `src/`: the simulator is a second opinion on what the function wrote. It knows as much of Kubernetes, the
 * Gateway API and Envoy as its topologies use, and says `unknown` about the rest.
 */
import { parseAllDocuments } from 'yaml';
import type { ControllerName } from './controllers.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests of any kind, read by paths that are known to be there
export type Json = any;

export class Cluster {
  readonly objects: readonly Json[];
  readonly controller: ControllerName;

  /** @param controller - the one that runs in it, where the class of an Ingress leaves it open */
  constructor(stream: string, controller: ControllerName) {
    this.controller = controller;
    this.objects = parseAllDocuments(stream, { merge: true })
      .map((document) => document.toJS())
      .filter((object) => object !== null)
      .flatMap((object) => (object.kind?.endsWith('List') ? object.items : [object]));
  }

  all(...kinds: string[]): Json[] {
    return this.objects.filter(({ kind }) => kinds.includes(kind));
  }

  named(kind: string, name: string, namespace: string): Json | undefined {
    return this.all(kind).find((o) => o.metadata.name === name && namespaceOf(o) === namespace);
  }

  /** Where a Service's port leads: the workload's name and the number of the port in its pods; undefined where nothing answers. */
  behind(
    service: Json | undefined,
    port: string | number,
  ): { workload: Json; port: number } | undefined {
    const found = service?.spec.ports.find((p: Json) => p.port === port || p.name === port);
    const workload = this.all('Deployment').find(
      (o) =>
        namespaceOf(o) === namespaceOf(service) &&
        service?.spec.selector &&
        Object.entries(service.spec.selector).every(
          ([key, value]) => o.spec.template.metadata.labels[key] === value,
        ),
    );
    if (!found || !workload) return undefined;
    const target = found.targetPort ?? found.port;
    const number = typeof target === 'number' ? target : portNamed(workload, target);
    return number === undefined ? undefined : { workload, port: number };
  }

  /** The volume, and the rest of the path in it, under which a container of a workload finds a file. */
  fileOf(workload: Json, path: string): { volume: Json; rest: string } | undefined {
    const { containers, volumes = [] } = workload.spec.template.spec;
    const mount = best(
      containers.flatMap(({ volumeMounts = [] }: Json) => volumeMounts),
      ({ mountPath }: Json) => (path.startsWith(`${mountPath}/`) ? mountPath.length : 0),
    ) as Json;
    const volume = volumes.find(({ name }: Json) => name === mount?.name);
    return volume && { volume, rest: path.slice(mount.mountPath.length + 1) };
  }

  /** The text of a key of a ConfigMap that a workload mounts. */
  mounted(workload: Json, key: string): string | undefined {
    for (const { configMap } of workload.spec.template.spec.volumes ?? []) {
      const text =
        configMap && this.named('ConfigMap', configMap.name, namespaceOf(workload))?.data?.[key];
      if (typeof text === 'string') return text;
    }
    return undefined;
  }
}

export function namespaceOf(object: Json): string {
  return object?.metadata.namespace ?? 'default';
}

/** How well a pattern fits a host: 0 not at all, the longer the better, an exact one best. */
export function hostFit(pattern: string | undefined, host: string): number {
  if (pattern === undefined || pattern === '' || pattern === '*') return 1;
  if (pattern.toLowerCase() === host) return 1000;
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) ? pattern.length : 0;
}

/** The member with the largest positive score; the first of several. */
export function best<T>(members: readonly T[], score: (member: T) => number): T | undefined {
  let found: T | undefined;
  let highest = 0;
  for (const member of members) {
    const value = score(member);
    if (value > highest) [found, highest] = [member, value];
  }
  return found;
}

function portNamed(workload: Json, name: string): number | undefined {
  const { containers = [], initContainers = [] } = workload.spec.template.spec;
  return [...containers, ...initContainers]
    .flatMap(({ ports = [] }: Json) => ports)
    .find((port: Json) => port.name === name)?.containerPort;
}
