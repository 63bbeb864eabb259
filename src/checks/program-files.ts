/**
 * Whether programs find the files that they read.
 *
 * Sources: Michelangelo's `go/base/config` (the folders of `CONFIG_DIR`, else `config` in the working directory: `base.yaml`,
 * `$RUNTIME_ENVIRONMENT.yaml`, `secrets.yaml`), `docker/service.Dockerfile` (program `/app`, an example in `/config`).
 */
import { posix } from 'node:path';
import { isUpstreamImage } from '../manifests/images.ts';
import { pathsOfKey } from '../manifests/mounted-files.ts';
import { type PlacedContainer, placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { podTemplatePath, sourcesOf, volumesOf } from '../manifests/workload.ts';
import { apiConfigsOf } from '../surface/api-config.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, list, stringAt, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { envoyFileUses } from './shared/envoy-file-uses.ts';
import { fileModes } from './shared/file-modes.ts';
import { emptyFolders, hiddenFiles } from './shared/hidden-files.ts';
import { filesOfConfig, namedFiles } from './shared/named-files.ts';
import { othersConfigs } from './shared/other-programs.ts';
import { pageFiles } from './shared/page-files.ts';
import { pageFolders } from './shared/page-folders.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A program does not find a file, or may not read or write it',
  why: "Michelangelo's programs read `/config/base.yaml`, and its page `/usr/share/nginx/html/config.json`. From another place nothing is read: the programs start with the examples in their images, and a mount over the folder of the page hides the page itself. A certificate authority under another path than the variable names is not trusted. Files of ConfigMaps and Secrets belong to root: their mode says who else may read them. nginx does not start where it cannot write.",
  fix: 'let the mount, the key and the path agree',
  find: (surface) => [
    ...programConfigs(surface).flatMap((target) => [
      ...ofConfig(target, surface),
      ...filesOfConfig(target, surface),
    ]),
    ...[...programConfigs(surface), ...surface.uis].flatMap((target) => unmounted(target, surface)),
    ...othersConfigs(programConfigs(surface), surface),
    ...hiddenFiles([...programConfigs(surface), ...surface.envoys], surface),
    ...emptyFolders(surface),
    ...pageFiles(surface),
    ...pageFolders(surface),
    ...namedFiles(surface),
    ...envoyFileUses(surface),
    ...fileModes(surface),
  ],
};

function programConfigs(surface: Surface): DocumentTarget[] {
  const pods = surface.apiServices.flatMap((service) => surface.podsOf(service));
  const known = surface.clients;
  const ofApi = apiConfigsOf(pods, surface).filter(
    ({ resource, key }) => !known.some((one) => one.resource === resource && one.key === key),
  );
  return [...known, ...ofApi];
}

function ofConfig(target: DocumentTarget, surface: Surface): Fault[] {
  return surface.mounting([target]).flatMap((workload) =>
    placedContainers(workload)
      .filter(({ path }) => path.includes('containers'))
      .flatMap((container) => mountedElsewhere(target, container, workload) ?? []),
  );
}

/** A volume of the pod that none of its containers mounts. */
function unmounted({ resource: configMap, key }: DocumentTarget, surface: Surface): Fault[] {
  return surface.mounting([{ resource: configMap, key }]).flatMap((workload) =>
    volumesOf(workload).flatMap((volume, index): Fault[] => {
      const isOwn = sourcesOf(volume, 'configMap').some((name) => configMap.names.includes(name));
      const containers = placedContainers(workload).map(({ json }) => json);
      const isMounted = containers.some((json) =>
        list(json['volumeMounts']).some(({ name }) => name === volume['name']),
      );
      if (!isOwn || isMounted) return [];
      const isUpstream = containers.some(isUpstreamImage);
      return [
        {
          resource: workload,
          path: toPath([...podTemplatePath(workload), 'spec', 'volumes', index]),
          severity: isUpstream ? undefined : 'warning',
          message: `volume ${asText(volume['name'])} has ${key} of ConfigMap ${configMap.name}, and no container mounts it: the program does not read it`,
          fix: 'mount the volume in the container of the program',
        },
      ];
    }),
  );
}

function mountedElsewhere(
  { resource: configMap, key }: DocumentTarget,
  { json, path: place }: PlacedContainer,
  workload: Resource,
): Fault | undefined {
  const paths = pathsOfKey(configMap, key, json, workload);
  const folders = foldersOf(json);
  const names = namesOf(json);
  const [found] = paths;
  if (found === undefined || !folders || !names) return undefined;
  const isRead = (path: string) =>
    folders.includes(posix.dirname(path)) && names.includes(posix.basename(path));
  // A program of one's own may be told by its arguments.
  const words = [...strings(json['command']), ...strings(json['args'])].join(' ');
  if (paths.some((path) => isRead(path) || words.includes(path))) return undefined;
  const isUpstream = isUpstreamImage(json) && json['command'] === undefined;
  const wanted = folders.flatMap((folder) => names.map((name) => posix.join(folder, name)));
  const isNamed = names.includes(posix.basename(found));
  const mounts = list(json['volumeMounts']).map(({ mountPath }) => asText(mountPath));
  const at = mounts.findIndex(
    (mount) => found === mount || found.startsWith(`${mount.replace(/\/$/, '')}/`),
  );
  return {
    resource: workload,
    path: toPath([...place, 'volumeMounts', Math.max(at, 0), 'mountPath']),
    severity: isUpstream ? undefined : 'warning',
    message: `${key} of ConfigMap ${configMap.name} is mounted as ${found}, and the program reads ${wanted.join(', ')}${isUpstream ? '' : ', unless an image of yours reads another file'}`,
    fix: isNamed
      ? `mount it at \`${folders[0]}\`, or set \`CONFIG_DIR: ${posix.dirname(found)}\``
      : `let the file be called \`${names[0]}\``,
  };
}

/** Undefined where that is known only when it starts. */
function foldersOf(container: PlacedContainer['json']): string[] | undefined {
  const folder = posix.resolve('/', stringAt(container, ['workingDir']));
  const written = variable(container, 'CONFIG_DIR');
  if (written === undefined) return undefined;
  return (written || 'config').split(':').map((one) => posix.resolve(folder, one));
}

function namesOf(container: PlacedContainer['json']): string[] | undefined {
  const environment = variable(container, 'RUNTIME_ENVIRONMENT');
  if (environment === undefined) return undefined;
  return ['base', ...(environment ? [environment] : []), 'secrets'].map((name) => `${name}.yaml`);
}

/** Empty where it is not set; undefined where that cannot be told. */
function variable(container: PlacedContainer['json'], name: string): string | undefined {
  const found = list(container['env']).find((one) => one['name'] === name);
  if (!found) return list(container['envFrom']).length > 0 ? undefined : '';
  const { value } = found;
  return typeof value === 'string' && !value.includes('$(') ? value : undefined;
}
