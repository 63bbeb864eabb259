/**
 * Programs that are given another program's config.
 *
 * Source: Michelangelo's `go/cmd`: each program has the section of its name at the top of `base.yaml`, the worker that for its engine as well.
 */
import { posix } from 'node:path';
import { isUpstreamImage } from '../../manifests/images.ts';
import { pathsOfKey } from '../../manifests/mounted-files.ts';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, list, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** By the name of the image, the sections of which its config has one. */
const SECTIONS = new Map([
  ['apiserver', ['apiserver']],
  ['controllermgr', ['controllermgr']],
  ['worker', ['worker', 'workflow-engine']],
]);

/** @param targets - the configs of programs */
export function othersConfigs(targets: readonly DocumentTarget[], surface: Surface): Fault[] {
  return targets.flatMap((target) =>
    surface
      .mounting([target])
      .flatMap((workload) =>
        placedContainers(workload).flatMap((one) => judge(target, one, workload) ?? []),
      ),
  );
}

function judge(
  target: DocumentTarget,
  { json: container, path }: PlacedContainer,
  workload: Resource,
): Fault | undefined {
  if (!isUpstreamImage(container)) return undefined;
  const program = /([\w-]+)(?:[:@][^/]*)?$/.exec(stringAt(container, ['image']))?.[1] ?? '';
  const own = SECTIONS.get(program);
  const { resource, key } = target;
  const files = pathsOfKey(resource, key, container, workload);
  // Others are for more than one program, or are laid over its own.
  if (!own || !files.some((file) => posix.basename(file) === 'base.yaml')) return undefined;
  const has = (section: string) => isObject(getIn(jsonOf(target), [section]));
  const of = [...SECTIONS].find(([name, all]) => name !== program && has(all[0] ?? ''))?.[0];
  if (own.some(has) || of === undefined) return undefined;
  const mounts = list(container['volumeMounts']);
  const at = mounts.findIndex(({ mountPath }) => files[0]?.startsWith(`${mountPath}`));
  return {
    resource: workload,
    path: toPath([...path, 'volumeMounts', Math.max(at, 0)]),
    message: `the ${program} is given ${key} of ConfigMap ${resource.name}, which is the config of the ${of}: there is no section ${own[0]} in it`,
    fix: `let the volume have the ConfigMap of the ${program}`,
  };
}
