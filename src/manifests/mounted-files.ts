/**
 * What a container finds under a path: which file of which ConfigMap or Secret.
 *
 * Source: Kubernetes API reference, `Volume`, `VolumeMount`, `KeyToPath`; of several mounts the deepest counts.
 */
import { posix } from 'node:path';
import { asText, getIn, isObject, type JsonObject, list } from '../yaml/json.ts';
import type { Resource } from './resource.ts';
import { volumesOf } from './workload.ts';

/** A key that may be the file. */
export interface FileSource {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  key: string;
}

/** What a mount shows at a path. */
export interface MountedPath {
  /** Where its volume is mounted. */
  mountPath: string;
  /** The keys that may be the file, of several sources of a volume each; none where `items` leave it out. */
  sources: readonly FileSource[];
  /** Whether the volume, or a source of it, is of a kind that may hold any file. */
  isOpen: boolean;
}

/** A mount of a container, and where it stands in the list. */
export interface Mount {
  json: JsonObject;
  index: number;
  /** Its path without a slash at the end. */
  at: string;
}

/** The mount that shows a path: the deepest, and of two at one place the later one, which lies over the other. */
export function mountOver(file: string, container: JsonObject): Mount | undefined {
  const path = posix.resolve('/', file);
  return list(container['volumeMounts'])
    .map((json, index) => ({
      json,
      index,
      at: posix.resolve('/', asText(json['mountPath'] ?? '')),
    }))
    .filter(({ at }) => path === at || path.startsWith(at === '/' ? at : `${at}/`))
    .sort((left, right) => right.at.length - left.at.length || right.index - left.index)[0];
}

/** Undefined where nothing is mounted there, and the image decides. */
export function mountedAt(
  file: string,
  container: JsonObject,
  workload: Resource,
): MountedPath | undefined {
  const found = mountOver(file, container);
  if (!found) return undefined;
  const { json: mount, at } = found;
  const path = posix.resolve('/', file);
  const volume = volumesOf(workload).find(({ name }) => name === mount['name']);
  const inside = posix.join(asText(mount['subPath'] ?? ''), posix.relative(at, path));
  return { mountPath: at, ...inVolume(volume, inside, mount) };
}

function inVolume(
  volume: JsonObject | undefined,
  file: string,
  mount: JsonObject,
): Omit<MountedPath, 'mountPath'> {
  const projected = getIn(volume, ['projected', 'sources']);
  const own = isObject(volume) ? [volume] : [];
  const parts = Array.isArray(projected) ? list(projected) : own;
  const isFilled = mount['subPathExpr'] !== undefined;
  return {
    sources: parts.flatMap((part) => sourcesIn(part, file)),
    isOpen: isFilled || parts.length === 0 || parts.some((part) => !isOfKeys(part)),
  };
}

function isOfKeys(part: JsonObject): boolean {
  return isObject(part['configMap']) || isObject(part['secret']);
}

function sourcesIn(part: JsonObject, file: string): FileSource[] {
  return (['ConfigMap', 'Secret'] as const).flatMap((kind): FileSource[] => {
    const source = part[kind === 'Secret' ? 'secret' : 'configMap'];
    if (!isObject(source)) return [];
    const name = asText(source['name'] ?? source['secretName'] ?? '');
    const items = list(source['items']);
    const key =
      items.length > 0
        ? items.find(({ key: own, path }) => posix.normalize(asText(path ?? own)) === file)?.['key']
        : file;
    return typeof key === 'string' ? [{ kind, name, key }] : [];
  });
}

/** Where a container finds a key of a ConfigMap: one path for each mount that shows it. */
export function pathsOfKey(
  configMap: Resource,
  key: string,
  container: JsonObject,
  workload: Resource,
): string[] {
  return list(container['volumeMounts']).flatMap((mount) => {
    const volume = volumesOf(workload).find(({ name }) => name === mount['name']);
    const at = asText(mount['mountPath'] ?? '');
    const inside = posix.normalize(asText(mount['subPath'] ?? '.'));
    return filesOfKey(volume, configMap, key).flatMap((file) => {
      if (inside === '.') return posix.resolve('/', at, file);
      if (file === inside) return posix.resolve('/', at);
      return file.startsWith(`${inside}/`)
        ? posix.resolve('/', at, file.slice(inside.length + 1))
        : [];
    });
  });
}

/** The files of a volume that are a key. */
function filesOfKey(volume: JsonObject | undefined, { names }: Resource, key: string): string[] {
  const projected = list(getIn(volume, ['projected', 'sources']));
  return [...(volume ? [volume] : []), ...projected].flatMap((part) => {
    const source = part['configMap'];
    if (!isObject(source) || !names.includes(asText(source['name']))) return [];
    const items = list(source['items']);
    if (items.length === 0) return [key];
    return items
      .filter((item) => item['key'] === key)
      .map((item) => posix.normalize(asText(item['path'])));
  });
}
