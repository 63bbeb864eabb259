/**
 * Whether nginx may write where it has to.
 *
 * Sources: Michelangelo's `docker/ui.Dockerfile` (`nginx:alpine`); the official image (temporary files in /var/cache/nginx, its number in
 * /run/nginx.pid, /var/run is a link to /run); nginxinc/nginx-unprivileged (all of it in /tmp). nginx ends at start where it cannot write.
 */
import { isUpstreamImage } from '../../manifests/images.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type JsonObject, list, stringAt, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { inContext } from './refused-users.ts';

/** Each has to be writable: one of the folders of each line, or what is above it. */
const OFFICIAL = [['/var/cache/nginx'], ['/run', '/var/run']];
const UNPRIVILEGED = [['/tmp']];

/** Faults of the containers that serve the page: folders that they may not write to, and capabilities that they have lost. */
export function pageFolders(surface: Surface): Fault[] {
  return surface.mounting(surface.uis).flatMap((workload) =>
    placedContainers(workload)
      .filter(({ path }) => path.includes('containers'))
      .flatMap(({ json, path }): Fault[] => {
        const needed = foldersOf(json);
        const lost = needed === OFFICIAL ? lostCapabilities(json, workload) : [];
        if (lost.length > 0)
          return [
            {
              resource: workload,
              path: toPath([...path, 'securityContext', 'capabilities', 'drop']),
              message: `nginx in container ${stringAt(json, ['name'])} starts as root without ${lost.join(', ')}, gives its folders and workers to another user, and ends`,
              fix: `add ${lost.join(', ')} under \`capabilities.add\`, or write \`runAsUser: 101\``,
            },
          ];
        if (!needed || getIn(json, ['securityContext', 'readOnlyRootFilesystem']) !== true)
          return [];
        const lacking = needed.flatMap((folders) =>
          folders.some((folder) => isMounted(folder, json)) ? [] : (folders[0] ?? []),
        );
        if (lacking.length === 0) return [];
        return [
          {
            resource: workload,
            path: toPath([...path, 'securityContext', 'readOnlyRootFilesystem']),
            message: `nginx in container ${stringAt(json, ['name'])} writes to ${lacking.join(' and ')}, which is read-only: it ends when it starts`,
            fix: `mount an \`emptyDir\` at ${lacking.map((folder) => `\`${folder}\``).join(' and ')}`,
          },
        ];
      }),
  );
}

/** Undefined where it is another program, or has a config of its own. */
function foldersOf(container: JsonObject): string[][] | undefined {
  const image = stringAt(container, ['image']);
  const isOwn = list(container['volumeMounts']).some(({ mountPath }) =>
    asText(mountPath).startsWith('/etc/nginx'),
  );
  if (isOwn || container['command'] !== undefined) return undefined;
  if (/(?:^|\/)nginx-unprivileged(?:[:@]|$)/.test(image)) return UNPRIVILEGED;
  const isNginx = /^(?:docker\.io\/)?(?:library\/)?nginx(?:[:@]|$)/.test(image);
  const isPage = isUpstreamImage(container) && /\/ui(?:[:@]|$)/.test(image);
  return isNginx || isPage ? OFFICIAL : undefined;
}

function isMounted(folder: string, container: JsonObject): boolean {
  return list(container['volumeMounts']).some(({ mountPath, readOnly }) => {
    const at = asText(mountPath).replace(/\/+$/, '');
    return readOnly !== true && (folder === at || folder.startsWith(`${at}/`));
  });
}

/** What the official image does as root before it serves. */
const CAPABILITIES = ['CHOWN', 'SETGID', 'SETUID'];

function lostCapabilities(container: JsonObject, workload: Resource): string[] {
  const names = (part: string) =>
    strings(getIn(container, ['securityContext', 'capabilities', part])).map((name) =>
      name.toUpperCase().replace(/^CAP_/, ''),
    );
  const user = inContext('runAsUser', container, workload);
  if ((user !== undefined && user !== 0) || inContext('runAsNonRoot', container, workload) === true)
    return [];
  const [dropped, added] = [names('drop'), names('add')];
  return CAPABILITIES.filter(
    (name) =>
      (dropped.includes(name) || dropped.includes('ALL')) &&
      !added.includes(name) &&
      !added.includes('ALL'),
  );
}
