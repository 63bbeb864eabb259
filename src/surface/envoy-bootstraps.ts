/** Every document of the stream that an Envoy may start from, of whatever program, with the container that does. */
import { sameNamespace } from '../manifests/manifests.ts';
import { mountedAt } from '../manifests/mounted-files.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { containersWith } from './bind-addresses.ts';
import { configPath, envoyContainers } from './envoy-program.ts';
import { once } from './once.ts';
import type { DocumentTarget } from './parts.ts';
import type { Reader } from './provided-files.ts';
import type { Surface } from './surface.ts';

/** A document that Envoy starts from. */
export interface Bootstrap {
  target: DocumentTarget;
  /** Undefined where no workload of the stream mounts it. */
  reader: Reader | undefined;
}

const SECTIONS = ['static_resources', 'staticResources', 'dynamic_resources', 'dynamicResources'];

/** `reader` is undefined where no container of the stream starts from the document. */
export const envoyBootstraps = once((surface): Bootstrap[] =>
  surface.manifests.find(['ConfigMap'], SECTIONS).flatMap((resource) =>
    resource
      .documentKeys((text) => SECTIONS.some((section) => text.includes(section)))
      .filter((key) => isBootstrap(resource.document(key)?.json))
      .map((key) => ({ resource, key }))
      .map((target) => ({ target, reader: readerOf(target, surface) })),
  ),
);

function isBootstrap(json: Json | undefined): boolean {
  return isObject(json) && SECTIONS.some((section) => isObject(json[section]));
}

/** A container that is told to start from it; else one that runs Envoy and has it, or the first that has it. */
function readerOf(target: DocumentTarget, surface: Surface): Reader | undefined {
  const readers = surface
    .mounting([target])
    .flatMap((workload) =>
      containersWith(target, workload).map((container) => ({ workload, container })),
    );
  const running = readers.filter(({ workload, container }) =>
    envoyContainers(workload).includes(container),
  );
  return running.find((reader) => startsFrom(reader, target)) ?? running[0] ?? readers[0];
}

/** Whether a container's `--config-path` leads to the key of the ConfigMap. */
export function startsFrom({ workload, container }: Reader, { resource, key }: DocumentTarget) {
  const path = configPath(container);
  const mounted = path === undefined ? undefined : mountedAt(path, container, workload);
  return (
    sameNamespace(resource.namespace, workload.namespace) &&
    (mounted?.sources.some(
      (source) =>
        source.kind === 'ConfigMap' && resource.names.includes(source.name) && source.key === key,
    ) ??
      false)
  );
}
