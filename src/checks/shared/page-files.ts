/**
 * Whether nginx finds the page and its config.
 *
 * Source: Michelangelo's `docker/ui.Dockerfile`: nginx serves /usr/share/nginx/html, and the page asks for /config.json.
 */
import { isUpstreamImage } from '../../manifests/images.ts';
import { pathsOfKey } from '../../manifests/mounted-files.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, volumesOf } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const PAGE = '/usr/share/nginx/html';
const PARENTS = [PAGE, '/usr/share/nginx', '/usr/share', '/usr'];

/** Faults of where the containers that mount the page's config mount it. */
export function pageFiles(surface: Surface): Fault[] {
  return surface.uis.flatMap((target) =>
    surface.mounting([target]).flatMap((workload) =>
      placedContainers(workload)
        .filter(({ path }) => path.includes('containers'))
        .flatMap((container) => ofContainer(target, container, workload)),
    ),
  );
}

function ofContainer(
  { resource: configMap, key }: DocumentTarget,
  { json, path }: PlacedContainer,
  workload: Resource,
): Fault[] {
  const paths = pathsOfKey(configMap, key, json, workload);
  const mounts = list(json['volumeMounts']);
  // A config of nginx may lead it anywhere.
  const isOwn = mounts.some(({ mountPath }) => asText(mountPath).startsWith('/etc/nginx'));
  if (paths.length === 0 || isOwn) return [];
  const isUpstream = isUpstreamImage(json);
  const severity = isUpstream ? undefined : ('warning' as const);
  const unless = isUpstream ? '' : ', unless an image of yours has the page elsewhere';
  const at = (index: number) => toPath([...path, 'volumeMounts', index, 'mountPath']);
  const covering = mounts.findIndex((mount) => covers(mount, workload));
  if (covering >= 0)
    return [
      {
        resource: workload,
        path: at(covering),
        severity,
        message: `volume ${asText(mounts[covering]?.['name'])} is mounted over ${asText(mounts[covering]?.['mountPath'])}, where the image has the page, and has no index.html${unless}`,
        fix: `mount ${key} alone: \`mountPath: ${PAGE}/config.json\` with \`subPath: ${key}\``,
      },
    ];
  const wanted = `${PAGE}/config.json`;
  const own = mounts.findIndex(({ mountPath }) => paths[0]?.startsWith(asText(mountPath)));
  if (paths.includes(wanted)) return [];
  return [
    {
      resource: workload,
      path: at(Math.max(own, 0)),
      severity,
      message: `${key} of ConfigMap ${configMap.name} is mounted as ${paths[0]}, and the page asks for ${wanted}${unless}`,
      fix: `write \`mountPath: ${wanted}\` with \`subPath: ${key}\``,
    },
  ];
}

/** Whether a mount hides the folder of the page, and nothing puts a page there. */
function covers(mount: JsonObject, workload: Resource): boolean {
  const folder = asText(mount['mountPath']).replace(/\/+$/, '');
  const volume = volumesOf(workload).find(({ name }) => name === mount['name']);
  if (!PARENTS.includes(folder) || !volume) return false;
  const { containers, initContainers } = podSpecOf(workload);
  const users = [...list(containers), ...list(initContainers)].filter((container) =>
    list(container['volumeMounts']).some(({ name }) => name === volume['name']),
  );
  if (isObject(volume['emptyDir'])) return users.length < 2;
  const source = volume['configMap'] ?? volume['secret'];
  if (!isObject(source)) return false;
  return (
    ![...list(source['items'])].some(({ path }) => path === 'index.html') && !mayHavePage(source)
  );
}

/** A ConfigMap of many files may be the page itself. */
function mayHavePage(source: JsonObject): boolean {
  return /page|html|static|site|dist/.test(asText(getIn(source, ['name']) ?? source['secretName']));
}
