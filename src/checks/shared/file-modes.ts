/**
 * Files of ConfigMaps and Secrets that a container may not read, or not run, by their mode.
 *
 * Source: Kubernetes, `pkg/volume/util/atomic_writer.go`: the files belong to root; `SetVolumeOwnership` gives them to `fsGroup` and lets it
 * read. A user without a group in the image has root's.
 */
import { mountedAt } from '../../manifests/mounted-files.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type JsonObject, list, objectAt, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { inContext } from './refused-users.ts';

type Path = readonly (string | number)[];

const READ = { group: 0o040, others: 0o004 };
const ANY_EXECUTE = 0o111;
const DEFAULT_MODE = 0o644;
const FIELDS = ['configMap', 'secret', 'projected'] as const;

/** Faults of the volumes of every workload, each at the volume in its pod template. */
export function fileModes({ workloads }: Surface): Fault[] {
  return workloads.flatMap((workload) =>
    list(podSpecOf(workload)['volumes']).flatMap((volume, index) =>
      FIELDS.flatMap((field) => {
        const source = volume[field];
        if (!isObject(source)) return [];
        const place = [...podTemplatePath(workload), 'spec', 'volumes', index, field];
        return [
          ...notReadable(workload, volume, modesIn(source, place)),
          ...notExecutable(workload, volume, source, place),
        ];
      }),
    ),
  );
}

interface Mode {
  value: number;
  path: Path;
}

/** Every mode that is written for files of a volume. */
function modesIn(source: JsonObject, place: Path): Mode[] {
  const items = (from: JsonObject, at: Path) =>
    list(from['items']).map(({ mode }, index) => ({
      value: mode,
      path: [...at, 'items', index, 'mode'],
    }));
  const projected = list(source['sources']).flatMap((one, index) =>
    ['configMap', 'secret'].flatMap((field) =>
      items(objectAt(one, [field]), [...place, 'sources', index, field]),
    ),
  );
  const own = { value: source['defaultMode'], path: [...place, 'defaultMode'] };
  return [own, ...items(source, place), ...projected].flatMap(({ value, path }) =>
    typeof value === 'number' ? [{ value, path }] : [],
  );
}

function notReadable(workload: Resource, volume: JsonObject, modes: readonly Mode[]): Fault[] {
  if (inContext('fsGroup', {}, workload) !== undefined) return [];
  const container = mounting(workload, volume).find((one) => isNobody(one.json, workload));
  if (!container) return [];
  const bits = isInRootsGroup(container.json, workload) ? READ.group | READ.others : READ.others;
  const { json } = container;
  return modes
    .filter(({ value }) => (meant(value) & bits) === 0)
    .map(({ value, path }) => ({
      resource: workload,
      path: toPath(path),
      message: `mode ${shown(value)} lets nobody but root read the files, and container ${stringAt(json, ['name'])} does not run as root: it is answered \`permission denied\``,
      fix: 'set `securityContext.fsGroup` of the pod, whose group may read them then, or write mode 0444',
    }));
}

/** The program itself is such a file. */
function notExecutable(
  workload: Resource,
  volume: JsonObject,
  source: JsonObject,
  place: Path,
): Fault[] {
  const { defaultMode = DEFAULT_MODE } = source;
  const hasModes = modesIn(source, place).some(({ path }) => path.includes('items'));
  if (typeof defaultMode !== 'number' || hasModes) return [];
  if ((meant(defaultMode) & ANY_EXECUTE) !== 0) return [];
  return mounting(workload, volume).flatMap(({ json, path }): Fault[] => {
    const command = getIn(json, ['command', 0]);
    if (typeof command !== 'string' || !command.startsWith('/')) return [];
    const mounts = list(json['volumeMounts']).filter((one) => one['name'] === volume['name']);
    const found = mountedAt(command, { volumeMounts: mounts }, workload);
    const isCovered = mountedAt(command, json, workload)?.mountPath !== found?.mountPath;
    if (!found || found.sources.length === 0 || found.isOpen || isCovered) return [];
    return [
      {
        resource: workload,
        path: toPath([...path, 'command', 0]),
        message: `${command} is a file of mode ${shown(defaultMode)}, which cannot be run: the container ends with \`permission denied\``,
        fix: 'write `defaultMode: 0555` in the volume, or name the shell first in `command`',
      },
    ];
  });
}

function mounting(workload: Resource, volume: JsonObject): PlacedContainer[] {
  return placedContainers(workload).filter(({ json }) =>
    list(json['volumeMounts']).some(({ name }) => name === volume['name']),
  );
}

/** Whether it is certain that a container does not run as root. */
function isNobody(container: JsonObject, workload: Resource): boolean {
  const user = inContext('runAsUser', container, workload);
  if (typeof user === 'number') return user > 0;
  return user === undefined && inContext('runAsNonRoot', container, workload) === true;
}

/** Unless a group is written, it is that of the user in the image, or root's. */
function isInRootsGroup(container: JsonObject, workload: Resource): boolean {
  const group = inContext('runAsGroup', container, workload);
  const others = inContext('supplementalGroups', {}, workload);
  return !(typeof group === 'number' && group > 0) || (Array.isArray(others) && others.includes(0));
}

/** `0440` in a file that kustomize has not read is octal, and seen as the number 440, which nobody writes for 0670. */
function meant(mode: number): number {
  const isOctal = /^[0-7]{3}$/.test(String(mode)) && (mode > 0o777 || AS_OCTAL.includes(mode));
  return isOctal ? Number.parseInt(String(mode), 8) : mode;
}

const AS_OCTAL = [400, 440, 444, 500];

function shown(mode: number): string {
  return `0${meant(mode).toString(8)}`;
}
