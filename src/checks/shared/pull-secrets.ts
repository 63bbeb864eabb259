/**
 * Secrets with which the kubelet is to pull images.
 *
 * Source: Kubernetes, "Pull an Image from a Private Registry": one of another type is not read, and one that is missing is passed over.
 */
import { type PodReference, podReferencesOf } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { groupedBy } from '../../surface/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { providedFor } from './missing-objects.ts';

const TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

export function pullSecretFaults(surface: Surface): Fault[] {
  const uses = surface.workloads.flatMap((workload) =>
    podReferencesOf(workload)
      .filter(({ path }) => path.includes('imagePullSecrets'))
      .map((reference) => ({ workload, reference })),
  );
  const byNamespace = groupedBy(uses, ({ workload }) => [workload.namespace]);
  return uses.flatMap(({ workload, reference }): Fault[] => {
    const others = byNamespace.get(workload.namespace) ?? [];
    const names = others.map((one) => one.reference.name);
    const found =
      ofOtherType(reference, workload, surface) ??
      unlikeOthers(reference, workload, names, surface);
    return found
      ? [{ resource: workload, path: toPath(reference.path), severity: 'warning', ...found }]
      : [];
  });
}

type Said = Pick<Fault, 'message' | 'fix'>;

function ofOtherType(
  reference: PodReference,
  workload: Resource,
  surface: Surface,
): Said | undefined {
  const secrets = providedFor(reference, workload, surface).map(({ by }) => by);
  const [first] = secrets;
  if (!first || secrets.some(({ kind }) => kind !== 'Secret')) return undefined;
  const type = stringAt(first.json, ['type']) || 'Opaque';
  if (TYPES.includes(type)) return undefined;
  return {
    message: `Secret ${first.name} has the type ${type}, which the kubelet does not read: images are pulled without it, as anybody can pull them`,
    fix: `write \`type: ${TYPES[0]}\` with the key \`.dockerconfigjson\``,
  };
}

/** The pods beside it name one that is spelled almost like it. */
function unlikeOthers(
  reference: PodReference,
  workload: Resource,
  names: readonly string[],
  surface: Surface,
): Said | undefined {
  const { name } = reference;
  const isAlone = names.filter((one) => one === name).length === 1;
  const meant = names.find(
    (one) => isMisspelled(one, name) && names.filter((other) => other === one).length > 1,
  );
  // Where one of the two is there, that is told of the name.
  const isThere = [name, meant ?? name].some(
    (one) => providedFor({ ...reference, name: one }, workload, surface).length > 0,
  );
  if (!isAlone || meant === undefined || isThere) return undefined;
  return {
    message: `the pods name Secret ${name}, and those beside them ${meant}`,
    fix: `write \`${meant}\`, unless both are there`,
  };
}
