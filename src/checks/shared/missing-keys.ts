/** Keys of ConfigMaps and Secrets that pods ask for and that are not there, and mounts of volumes that are not there. */
import {
  type PlacedContainer,
  type PodReference,
  placedContainers,
  podReferencesOf,
} from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { providedFor } from './missing-objects.ts';

/** Keys that a volume or a variable asks for. */
export function missingKeys(surface: Surface): Fault[] {
  return surface.workloads.flatMap((workload) =>
    podReferencesOf(workload).flatMap((reference) => {
      const { kind, name, isOptional } = reference;
      const there = keysOf(reference, workload, surface);
      if (isOptional || !there) return [];
      return reference.keys
        .filter(({ key }) => !there.includes(key))
        .map(
          ({ key, path }): Fault => ({
            resource: workload,
            path: toPath(path),
            message: `${kind} ${name} has no key ${key}`,
            fix: nearKey(key, there),
          }),
        );
    }),
  );
}

/** A `subPath` that is not a file of its volume: the kubelet mounts an empty folder. */
export function missingSubPaths(surface: Surface): Fault[] {
  return surface.workloads.flatMap((workload) => {
    const volumes = list(podSpecOf(workload)['volumes']);
    const references = podReferencesOf(workload);
    return placedContainers(workload).flatMap(({ path, json }) =>
      list(json['volumeMounts']).flatMap(({ name, subPath }, index): Fault[] => {
        const at = volumes.findIndex((volume) => volume['name'] === name);
        const volume = volumes[at];
        if (!volume || typeof subPath !== 'string' || subPath === '') return [];
        const place = [...podTemplatePath(workload), 'spec', 'volumes', at];
        const [reference] = references.filter((one) => startsWith(one.path, place));
        const field = reference?.kind === 'Secret' ? 'secret' : 'configMap';
        if (!reference || !isObject(volume[field])) return [];
        const items = list(getIn(volume, [field, 'items']));
        const files =
          items.length > 0
            ? strings(items.map((item) => item['path'] ?? item['key']))
            : keysOf(reference, workload, surface);
        const [first] = subPath.split('/').filter((part) => part !== '.');
        if (!files || files.includes(subPath) || files.some((file) => file.split('/')[0] === first))
          return [];
        return [
          {
            resource: workload,
            path: toPath([...path, 'volumeMounts', index, 'subPath']),
            message: `volume ${asText(name)} has no file ${subPath}: an empty folder is mounted instead`,
            fix: nearKey(subPath, files),
          },
        ];
      }),
    );
  });
}

/** Mounts that name no volume of the pod, and two at one place: the API refuses both. */
export function brokenMounts({ workloads }: Surface): Fault[] {
  return workloads.flatMap((workload) => {
    const templates = list(getIn(workload.json, ['spec', 'volumeClaimTemplates']));
    const names = [
      ...list(podSpecOf(workload)['volumes']).map(({ name }) => name),
      ...templates.map((template) => getIn(template, ['metadata', 'name'])),
    ];
    return placedContainers(workload).flatMap((container) => [
      ...mountsWithoutVolume(container, strings(names), workload),
      ...mountsTwice(container, workload),
    ]);
  });
}

function mountsWithoutVolume(
  { path, json }: PlacedContainer,
  names: readonly string[],
  resource: Resource,
): Fault[] {
  return ['volumeMounts', 'volumeDevices'].flatMap((field) =>
    list(json[field]).flatMap(({ name }, index): Fault[] =>
      typeof name !== 'string' || names.includes(name)
        ? []
        : [
            {
              resource,
              path: toPath([...path, field, index, 'name']),
              message: `the pod has no volume ${name}, it has ${names.join(', ') || 'none'}`,
              fix: `add a volume ${name}, or name one that is there`,
            },
          ],
    ),
  );
}

function mountsTwice({ path, json }: PlacedContainer, resource: Resource): Fault[] {
  const mounts = list(json['volumeMounts']);
  const pathOf = ({ mountPath }: JsonObject) => asText(mountPath);
  return mounts.flatMap((mount, index): Fault[] =>
    mounts.findIndex((other) => pathOf(other) === pathOf(mount)) === index
      ? []
      : [
          {
            resource,
            path: toPath([...path, 'volumeMounts', index, 'mountPath']),
            message: `two volumes are mounted at ${pathOf(mount)}`,
            fix: 'mount each at a place of its own',
          },
        ],
  );
}

/** The variables that a container gets from whole ConfigMaps and Secrets; undefined where that cannot be told. */
export function variablesFrom(
  { path, json }: PlacedContainer,
  workload: Resource,
  surface: Surface,
): string[] | undefined {
  const place = [...path, 'envFrom'];
  const found = podReferencesOf(workload)
    .filter((reference) => startsWith(reference.path, place))
    .map((reference) => {
      const prefix = getIn(json, ['envFrom', reference.path[place.length] ?? 0, 'prefix']);
      return keysOf(reference, workload, surface)?.map((key) => `${asText(prefix ?? '')}${key}`);
    });
  return found.includes(undefined) ? undefined : found.flatMap((keys) => keys ?? []);
}

/** The keys that a referenced object has; undefined where that cannot be told. */
function keysOf(
  reference: PodReference,
  workload: Resource,
  surface: Surface,
): readonly string[] | undefined {
  const found = providedFor(reference, workload, surface);
  if (found.length === 0 || found.some(({ keys }) => keys === undefined)) return undefined;
  return found.flatMap(({ keys }) => keys ?? []);
}

function nearKey(key: string, there: readonly string[]): string {
  const near = there.find((own) => isMisspelled(key, own));
  return near ? `write \`${near}\`` : `name one of: ${there.join(', ')}`;
}

function startsWith(path: readonly unknown[], start: readonly unknown[]): boolean {
  return start.every((part, index) => path[index] === part);
}
