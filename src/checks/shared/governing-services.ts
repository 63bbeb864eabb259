/** Services that give the pods of StatefulSets their names. Source: Kubernetes, "StatefulSets: Stable Network ID". */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isHeadless } from '../../manifests/service.ts';
import { selects } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';

/** The pods run without it, so that nothing but their names is lost; another stream may have it. */
export function missingGoverningServices({ manifests, services }: Surface): Fault[] {
  return manifests.ofKind('StatefulSet').flatMap((resource): Fault[] => {
    const { name, namespace } = resource;
    const wanted = stringAt(resource.json, ['spec', 'serviceName']);
    const near = services.filter((service) => sameNamespace(service.namespace, namespace));
    if (wanted === '' || near.length === 0 || near.some(({ names }) => names.includes(wanted)))
      return [];
    const where = namespace === '' ? '' : ` in namespace ${namespace}`;
    return [
      {
        resource,
        path: 'spec.serviceName',
        severity: 'warning',
        message: `there is no Service ${wanted}${where}: unless something else makes it, ${name}-0.${wanted} and the names of the other pods lead nowhere`,
        fix: fixFor(wanted, resource, near),
      },
    ];
  });
}

function fixFor(wanted: string, workload: Resource, services: readonly Resource[]): string {
  const own = services.filter((service) => selects(service, workload));
  const found = own.find(isHeadless) ?? own[0];
  return found && isHeadless(found)
    ? `write \`${found.name}\``
    : `add a Service ${wanted} with \`clusterIP: None\` for these pods`;
}
