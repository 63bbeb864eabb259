/** Names of Services in annotations of Ingresses → the names that this build gave them, which kustomize does not write there. */
import { CONTROLLERS } from '../controllers/index.ts';
import { Draft } from '../manifests/edit.ts';
import { hasPreviousName, type Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import { FROM_BUILD } from './rule.ts';

const KEYS = Object.values(CONTROLLERS).flatMap(({ namesServices = [] }) => namesServices);

/** A name alone, in a list, or behind `serviceName=`. */
const NAME = /(?<=^|[,;\s]|serviceName=)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?=$|[,;\s])/g;

export function annotatedServices({ manifests }: Surface): Draft[] {
  return manifests.find(['Ingress'], KEYS).flatMap((ingress) => {
    const draft = new Draft(ingress);
    for (const key of KEYS) {
      const value = ingress.annotation(key);
      if (value === undefined) continue;
      const written = value.replace(NAME, (name) => currentName(name, ingress, manifests));
      if (written !== value) draft.set(['metadata', 'annotations', key], written, FROM_BUILD);
    }
    return [draft];
  });
}

function currentName(name: string, { namespace }: Resource, manifests: Surface['manifests']) {
  const service = manifests.named('Service', name, namespace);
  return service && hasPreviousName(service) ? service.name : name;
}
