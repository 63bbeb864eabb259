/**
 * Mounts that hide the config of a program: another volume over its file, or an empty one where it is looked for.
 *
 * Sources: Kubernetes, `pkg/apis/core/validation`, `ValidateVolumeMounts` (two mounts may not have one path, as it is written); containerd and
 * CRI-O put mounts in place from the top down, and two at one place in their order; Kubernetes, "Volumes", `emptyDir`: it is empty at first.
 */
import { posix } from 'node:path';
import { isUpstreamImage } from '../../manifests/images.ts';
import { mountOver, pathsOfKey } from '../../manifests/mounted-files.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { volumesOf } from '../../manifests/workload.ts';
import { configPath, runsEnvoy } from '../../surface/envoy-program.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import { providedFile } from '../../surface/provided-files.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, isObject, type JsonObject, list, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** @param targets - the configs of programs, Envoy's among them */
export function hiddenFiles(targets: readonly DocumentTarget[], surface: Surface): Fault[] {
  return targets.flatMap((target) =>
    surface
      .mounting([target])
      .flatMap((workload) =>
        placedContainers(workload).flatMap(
          (container) => hiddenIn(container, target, workload, surface) ?? [],
        ),
      ),
  );
}

/** A file that the container has, under a mount that does not have it. */
function hiddenIn(
  container: PlacedContainer,
  { resource, key }: DocumentTarget,
  workload: Resource,
  surface: Surface,
): Fault | undefined {
  const { json, path } = container;
  const hidden = pathsOfKey(resource, key, json, workload).map((file) => {
    const mount = mountOver(file, json);
    const found = providedFile(file, { workload, container: json }, surface);
    const isOwn = found.state === 'here' && found.resource === resource;
    const volume = volumesOf(workload).find(({ name }) => name === mount?.json['name']);
    const isItself = volume !== undefined && holds(volume, resource);
    return { file, mount, volume, isShown: isOwn || isItself, state: found.state };
  });
  const [first] = hidden;
  if (!first?.mount || !first.volume || hidden.some(({ isShown }) => isShown)) return undefined;
  // Two with one path, letter by letter, are refused: `pod-reference-missing` says so.
  const paths = list(json['volumeMounts']).map(({ mountPath }) => mountPath);
  if (paths.filter((one) => one === first.mount?.json['mountPath']).length > 1) return undefined;
  const isSure = first.state === 'missing' || isEmpty(first.volume, workload);
  return {
    resource: workload,
    path: toPath([...path, 'volumeMounts', first.mount.index, 'mountPath']),
    severity: isSure ? undefined : 'warning',
    message: `volume ${asText(first.volume['name'])} is mounted at ${first.mount.at} and hides ${key} of ConfigMap ${resource.name}, which is mounted as ${first.file}${isSure ? '' : ': the program reads what that volume has'}`,
    fix: 'mount it at a place of its own',
  };
}

function holds(volume: JsonObject, { names }: Resource): boolean {
  return [volume, ...list(objectOf(volume['projected'])['sources'])].some((part) =>
    names.includes(asText(objectOf(part['configMap'])['name'])),
  );
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** An `emptyDir` that no other container of the pod, and none that runs first, could fill. */
function isEmpty(volume: JsonObject, workload: Resource): boolean {
  const users = placedContainers(workload).filter(({ json }) =>
    list(json['volumeMounts']).some(({ name }) => name === volume['name']),
  );
  return isObject(volume['emptyDir']) && users.length < 2;
}

/** Programs whose config is looked for in an empty volume: Envoy's, and those of upstream's images. */
export function emptyFolders({ workloads }: Surface): Fault[] {
  return workloads.flatMap((workload) =>
    placedContainers(workload)
      .filter(({ path }) => path.includes('containers'))
      .flatMap(({ json, path }): Fault[] => {
        const file = fileOf(json);
        const mount = file === undefined ? undefined : mountOver(file, json);
        const volume = volumesOf(workload).find(({ name }) => name === mount?.json['name']);
        // One that is mounted over the config itself is named with it.
        const isOver = list(json['volumeMounts']).some(({ mountPath }, index) => {
          const at = posix.resolve('/', asText(mountPath));
          return index !== mount?.index && (at === mount?.at || file?.startsWith(`${at}/`));
        });
        if (!file || !mount || !volume || isOver || !isEmpty(volume, workload)) return [];
        const isOpen = !runsEnvoy(json) && list(json['envFrom']).length > 0;
        return [
          {
            resource: workload,
            path: toPath([...path, 'volumeMounts', mount.index]),
            severity: isOpen ? 'warning' : undefined,
            message: `the program reads ${file}, and volume ${asText(volume['name'])}, which is mounted at ${mount.at}, is an empty folder${isOpen ? ', unless one of `envFrom` has a CONFIG_DIR' : ''}`,
            fix: 'let the volume be the ConfigMap with the config: `configMap: {name: ...}`',
          },
        ];
      }),
  );
}

const PROGRAMS = /\/michelangelo-ai\/(?:apiserver|controllermgr|worker)(?:[:@]|$)/;

/** What a container reads when it starts; undefined where a script may have written it, or other folders are named. */
function fileOf(container: JsonObject): string | undefined {
  const words = [...strings(container['command']), ...strings(container['args'])];
  if (words.some((word) => /(?:^|\/)(?:ba|a)?sh$/.test(word))) return undefined;
  if (runsEnvoy(container)) return configPath(container);
  const isTold = list(container['env']).some(({ name }) => name === 'CONFIG_DIR');
  const isElsewhere = isTold || container['workingDir'] !== undefined || words.length > 0;
  if (isElsewhere) return undefined;
  const isOurs = isUpstreamImage(container) && PROGRAMS.test(asText(container['image']));
  return isOurs ? '/config/base.yaml' : undefined;
}
