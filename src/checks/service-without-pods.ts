/**
 * Services that carry none of our requests: metrics, health, other programs. Those that do are faults of a link.
 *
 * The pods of a Service may be in another stream: only those that it was probably meant for tell that it is wrong.
 */
import type { Resource } from '../manifests/resource.ts';
import { servicePorts, typeOfService } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { nearPods } from '../surface/faults/near-pods.ts';
import { servicesInUse } from '../surface/faults/service-pods.ts';
import type { Surface } from '../surface/surface.ts';
import { stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A Service that leads to no pod',
  why: 'Its endpoints stay empty: connections are refused, and a monitor finds nothing to ask.',
  fix: 'let the selector be part of the labels of the pods, and name a port of their containers',
  find: (surface) => {
    const inUse = new Set(servicesInUse(surface));
    return surface.services.flatMap((service) => {
      const pods = surface.podsOf(service);
      if (typeOfService(service) === 'ExternalName') return passedBy(service, pods);
      if (inUse.has(service)) return [];
      return pods.length > 0 ? portFaults(service, pods) : selectorFaults(service, surface);
    });
  },
};

/** A name of somewhere else: the selector has no effect. Source: Kubernetes, `ServiceSpec`, "Ignored if type is ExternalName". */
function passedBy(service: Resource, pods: readonly Resource[]): Fault[] {
  const name = stringAt(service.json, ['spec', 'externalName']);
  const shown = pods.map((pod) => `${pod.kind} ${pod.name}`).join(' and ');
  return pods.length === 0 || name === ''
    ? []
    : [
        {
          resource: service,
          path: 'spec.type',
          message: `the Service is of type ExternalName: its name leads to ${name}, and no request reaches the pods of ${shown}, which its selector takes`,
          fix: 'take `type` and `externalName` away; or take the selector away, where the other host is meant',
        },
      ];
}

function portFaults(service: Resource, pods: readonly Resource[]): Fault[] {
  const declared = pods.flatMap((pod) => containerPortsOf(allContainersOf(pod)));
  return servicePorts(service).flatMap(({ index, targetPort }): Fault[] => {
    if (typeof targetPort !== 'string' || declared.some(({ name }) => name === targetPort))
      return [];
    const names = declared.flatMap(({ name }) => name || []);
    return [
      {
        resource: service,
        path: `spec.ports[${index}].targetPort`,
        message: `no container of ${pods.map(({ name }) => name).join(', ')} has a port named ${targetPort}`,
        fix: names.length > 0 ? `name one of: ${names.join(', ')}` : 'write the number of the port',
      },
    ];
  });
}

function selectorFaults(service: Resource, surface: Surface): Fault[] {
  const near = nearPods(service, surface);
  return near ? [{ resource: service, path: 'spec.selector', ...near }] : [];
}
