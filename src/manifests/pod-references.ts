/**
 * What pods name in their own namespace: ConfigMaps, Secrets, claims, the ServiceAccount.
 *
 * Source: Kubernetes API reference, `PodSpec`.
 */
import { asText, getIn, isObject, type JsonObject, list, stringAt } from '../yaml/json.ts';
import type { Resource } from './resource.ts';
import { podSpecOf, podTemplatePath } from './workload.ts';

type ReferencedKind = 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';

type Path = readonly (string | number)[];

/** One place of a pod template that names something. */
export interface PodReference {
  kind: ReferencedKind;
  name: string;
  /** Keys without which no container starts, each with its place. */
  keys: readonly { key: string; path: Path }[];
  /** Whether the pod starts without it. */
  isOptional: boolean;
  /** Place of the name, from the top of the resource. */
  path: Path;
}

/** A container with its place. */
export interface PlacedContainer {
  path: Path;
  json: JsonObject;
}

/** Containers and init containers of a workload. */
export function placedContainers(workload: Resource): PlacedContainer[] {
  const spec = podSpecOf(workload);
  return ['containers', 'initContainers'].flatMap((field) =>
    list(spec[field]).map((json, index) => ({
      path: [...podTemplatePath(workload), 'spec', field, index],
      json,
    })),
  );
}

/** Everything that the pods of a workload name. */
export function podReferencesOf(workload: Resource): PodReference[] {
  const spec = podSpecOf(workload);
  const top = [...podTemplatePath(workload), 'spec'];
  const account = stringAt(spec, ['serviceAccountName']);
  return [
    ...list(spec['volumes']).flatMap((volume, index) =>
      referencesOfVolume(volume, [...top, 'volumes', index]),
    ),
    ...placedContainers(workload).flatMap(referencesOfContainer),
    ...list(spec['imagePullSecrets']).map(({ name }, index) =>
      // Without it the kubelet pulls as nobody.
      plain('Secret', name, [...top, 'imagePullSecrets', index, 'name'], true),
    ),
    ...(account ? [plain('ServiceAccount', account, [...top, 'serviceAccountName'])] : []),
  ].filter(({ name }) => name !== '');
}

function referencesOfVolume(volume: JsonObject, place: Path): PodReference[] {
  const claim = getIn(volume, ['persistentVolumeClaim', 'claimName']);
  return [
    ...referencesOfSource(volume, place, 'secretName'),
    ...list(getIn(volume, ['projected', 'sources'])).flatMap((source, index) =>
      referencesOfSource(source, [...place, 'projected', 'sources', index], 'name'),
    ),
    plain('PersistentVolumeClaim', claim, [...place, 'persistentVolumeClaim', 'claimName']),
  ];
}

function referencesOfSource(
  source: JsonObject,
  place: Path,
  secretField: 'name' | 'secretName',
): PodReference[] {
  const kinds = [
    ['configMap', 'ConfigMap', 'name'],
    ['secret', 'Secret', secretField],
  ] as const;
  return kinds.flatMap(([field, kind, nameField]): PodReference[] => {
    const from = source[field];
    if (!isObject(from)) return [];
    const keys = list(from['items']).map(({ key }, index) => ({
      key: asText(key),
      path: [...place, field, 'items', index, 'key'],
    }));
    const path = [...place, field, nameField];
    return [{ ...plain(kind, from[nameField], path, from['optional'] === true), keys }];
  });
}

function referencesOfContainer({ path: place, json }: PlacedContainer): PodReference[] {
  const all = list(json['envFrom']).flatMap((from, index) =>
    (['configMapRef', 'secretRef'] as const).flatMap((field) => {
      const path = [...place, 'envFrom', index, field, 'name'];
      return referenceIn(from[field], KINDS[field], path, undefined);
    }),
  );
  const single = list(json['env']).flatMap((variable, index) =>
    (['configMapKeyRef', 'secretKeyRef'] as const).flatMap((field) => {
      const at = [...place, 'env', index, 'valueFrom', field];
      const from = getIn(variable, ['valueFrom', field]);
      return referenceIn(from, KINDS[field], [...at, 'name'], [...at, 'key']);
    }),
  );
  return [...all, ...single];
}

const KINDS = {
  configMapRef: 'ConfigMap',
  secretRef: 'Secret',
  configMapKeyRef: 'ConfigMap',
  secretKeyRef: 'Secret',
} as const;

function referenceIn(
  from: unknown,
  kind: ReferencedKind,
  path: Path,
  keyPath: Path | undefined,
): PodReference[] {
  if (!isObject(from)) return [];
  const keys = keyPath ? [{ key: asText(from['key']), path: keyPath }] : [];
  return [{ ...plain(kind, from['name'], path, from['optional'] === true), keys }];
}

function plain(kind: ReferencedKind, name: unknown, path: Path, isOptional = false): PodReference {
  return { kind, name: typeof name === 'string' ? name : '', keys: [], isOptional, path };
}
