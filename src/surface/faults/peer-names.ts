import { servicePorts } from '../../manifests/service.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import { jsonOf } from '../parts.ts';
import { peersOf } from '../peers.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** Workflow engines and object stores in configs that no Service has as its name, where one with the port has it with a prefix or a suffix. */
export function peersLeftBehind(surface: Surface): Fault[] {
  const { workers, controllerManagers, manifests, services } = surface;
  return [...workers, ...controllerManagers].flatMap((target) =>
    peersOf(jsonOf(target)).flatMap(({ name, path, host, port }): Fault[] => {
      const parsed = parseServiceAddress(host);
      const { resource } = target;
      const isHere = parsed && (parsed.namespace ?? resource.namespace) === resource.namespace;
      if (!isHere || serviceAt(host, resource, manifests)) return [];
      const near = services.find(
        (service) =>
          service.namespace === resource.namespace &&
          (service.name.endsWith(`-${parsed.name}`) ||
            service.name.startsWith(`${parsed.name}-`)) &&
          servicePorts(service).some((own) => own.port === port),
      );
      if (!near) return [];
      return [
        inDocument(target, path, {
          severity: 'warning',
          message: `the ${name} is ${host}:${port}, and there is no Service ${parsed.name} here; ${near.name} has that port`,
          fix: `write ${near.name}, or let the layer that renames be the one that lists the DomainConfig`,
        }),
      ];
    }),
  );
}
