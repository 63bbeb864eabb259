/**
 * Files that Envoy reads or writes beside its certificates.
 *
 * Sources: Envoy's `config.core.v3.PathConfigSource` and `access_loggers.file.v3.FileAccessLog`; tried with Envoy 1.40: without the file that
 * it is to subscribe to, or a log that it may open, it does not start.
 */
import { posix } from 'node:path';
import { withUnderscores } from '../../envoy/proto-json.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { volumesOf } from '../../manifests/workload.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { runsEnvoy } from '../../surface/envoy-program.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import { providedFile } from '../../surface/provided-files.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, leavesOf, list } from '../../yaml/json.ts';

/** Of every document of Envoy, in the containers that start from it. */
export function envoyFileUses(surface: Surface): Fault[] {
  return surface.envoys.flatMap((target) => {
    const { resource, key } = target;
    const leaves = leavesOf(resource.document(key)?.json)
      .filter(({ value }) => value.startsWith('/'))
      .map(({ path, value }) => ({ path, file: value, field: fieldOf(path) }));
    return surface.mounting([target]).flatMap((workload) =>
      placedContainers(workload)
        .filter(({ json }) => runsEnvoy(json) && containersWith(target, workload).includes(json))
        .flatMap((container) =>
          leaves.flatMap((leaf) => judge(leaf, { target, container, workload }, surface)),
        ),
    );
  });
}

interface Leaf {
  path: readonly (string | number)[];
  file: string;
  field: string;
}

function fieldOf(path: readonly (string | number)[]): string {
  return path
    .slice(-2)
    .map((key) => withUnderscores(String(key)))
    .join('.');
}

function judge(
  { path, file, field }: Leaf,
  {
    target,
    container,
    workload,
  }: { target: DocumentTarget; container: PlacedContainer; workload: Resource },
  surface: Surface,
): Fault[] {
  const { json } = container;
  if (field === 'path_config_source.path') {
    const found = providedFile(file, { workload, container: json }, surface);
    if (found.state !== 'missing') return [];
    return [
      inDocument(target, path, {
        message: `Envoy reads ${file}, and what is mounted at ${found.mounted.mountPath} has ${[...new Set(found.there)].join(', ') || 'no such file'}: it does not start`,
        fix: 'name the file as the key of what is mounted, or add the key',
      }),
    ];
  }
  const isLog = field === 'typed_config.path' || field === 'admin.access_log_path';
  if (!isLog || file.startsWith('/dev/') || isWritable(file, json, workload)) return [];
  return [
    inDocument(target, path, {
      message: `Envoy writes ${file}, and the file system of container ${asText(json['name'] ?? '')} is read-only there: it does not start`,
      fix: `write to the standard output instead, with \`envoy.access_loggers.stdout\`, or mount an \`emptyDir\` at ${posix.dirname(file)}`,
    }),
  ];
}

/** As far as mounts and the security context tell. */
function isWritable(file: string, container: PlacedContainer['json'], workload: Resource): boolean {
  const mount = list(container['volumeMounts']).find(({ mountPath }) =>
    `${file}`.startsWith(`${asText(mountPath).replace(/\/+$/, '')}/`),
  );
  if (mount) {
    const volume = volumesOf(workload).find(({ name }) => name === mount['name']);
    const isOfKeys = isObject(volume?.['configMap']) || isObject(volume?.['secret']);
    return mount['readOnly'] !== true && !isOfKeys;
  }
  return getIn(container, ['securityContext', 'readOnlyRootFilesystem']) !== true;
}
