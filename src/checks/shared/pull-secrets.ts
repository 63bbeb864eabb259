/**
 * Secrets with which the kubelet is to pull images.
 *
 * Source: Kubernetes, "Pull an Image from a Private Registry": one of another type is not read, and one that is missing is passed over.
 */
import { type PodReference, podReferencesOf } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { groupedBy } from '../../maps.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { isMerged } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { providedFor } from './missing-objects.ts';

const TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

/** Warnings: a Secret of another type, and a name that is a misspelling of the one that the pods beside it have. */
export function pullSecretFaults(surface: Surface): Fault[] {
  const uses = surface.workloads.flatMap((workload) =>
    podReferencesOf(workload)
      .filter(({ path }) => path.includes('imagePullSecrets'))
      .map((reference) => ({ workload, reference })),
  );
  const byNamespace = groupedBy(uses, ({ workload }) => [workload.namespace]);
  const counts = new Map(
    [...byNamespace].map(([namespace, those]) => [
      namespace,
      groupedBy(those, ({ reference }) => [reference.name]),
    ]),
  );
  return uses.flatMap(({ workload, reference }): Fault[] => {
    const names = counts.get(workload.namespace) ?? new Map<string, unknown[]>();
    const found =
      ofOtherType(reference, workload, surface) ??
      unlikeOthers(reference, workload, names, surface);
    return found
      ? [{ resource: workload, path: toPath(reference.path), severity: 'warning', ...found }]
      : [];
  });
}

/** Where each kind says the type of the Secret. Sources: the references of External Secrets and of Sealed Secrets. */
const TYPE_FIELDS = new Map<string, readonly string[]>([
  ['Secret', ['type']],
  ['ExternalSecret', ['spec', 'target', 'template', 'type']],
  ['SealedSecret', ['spec', 'template', 'type']],
]);

type Said = Pick<Fault, 'message' | 'fix'>;

function ofOtherType(
  reference: PodReference,
  workload: Resource,
  surface: Surface,
): Said | undefined {
  const makers = providedFor(reference, workload, surface).map(({ by }) => by);
  const [first] = makers;
  const [field] = makers.map(({ kind }) => TYPE_FIELDS.get(kind));
  if (!first || !field || makers.some(({ kind }) => !TYPE_FIELDS.has(kind))) return undefined;
  const type = stringAt(first.json, field) || 'Opaque';
  if (TYPES.includes(type) || makers.some(isMerged)) return undefined;
  const secret = first.kind === 'Secret' ? '' : `${reference.name}, which ${first.kind} `;
  return {
    message: `Secret ${secret}${first.name}${secret ? ' makes,' : ''} has the type ${type}, which the kubelet does not read: images are pulled without it, as anybody can pull them`,
    fix: `write \`${field.slice(field[0] === 'spec' ? 1 : 0).join('.')}: ${TYPES[0]}\` with the key \`.dockerconfigjson\``,
  };
}

/** The pods beside it name one that is spelled almost like it. */
function unlikeOthers(
  reference: PodReference,
  workload: Resource,
  names: ReadonlyMap<string, readonly unknown[]>,
  surface: Surface,
): Said | undefined {
  const { name } = reference;
  const isAlone = names.get(name)?.length === 1;
  const meant = [...names].find(([one, uses]) => uses.length > 1 && isMisspelled(one, name))?.[0];
  // Where one of the two is there, that is told of the name.
  const isHere = (one: string) =>
    providedFor({ ...reference, name: one }, workload, surface).length > 0;
  if (!isAlone || isHere(name)) return undefined;
  if (meant === undefined || isHere(meant)) return unlikeMade(reference, names, isHere);
  return {
    message: `the pods name Secret ${name}, and those beside them ${meant}`,
    fix: `write \`${meant}\`, unless both are there`,
  };
}

/** All the pods beside it, which are several, name one that something here makes, and nothing makes this one. */
function unlikeMade(
  { name }: PodReference,
  names: ReadonlyMap<string, readonly unknown[]>,
  isHere: (name: string) => boolean,
): Said | undefined {
  const others = [...names].filter(([one]) => one !== name);
  const [made, uses = []] = others[0] ?? [];
  if (made === undefined || others.length > 1 || uses.length < 3 || !isHere(made)) return undefined;
  return {
    message: `the pods name Secret ${name}, which nothing here makes, and all those beside them ${made}, which is here`,
    fix: `write \`${made}\`, unless both are there`,
  };
}
