/** Volumes, mounts and variables of a workload's pods, found by name: what is there is brought up to date, not added twice. */

import { Draft, type Edit } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { podTemplatePath } from '../manifests/workload.ts';
import { getIn, isObject, type Json, type JsonObject, list } from '../yaml/json.ts';

export class PodDraft {
  readonly #draft: Draft;
  readonly #path: readonly string[];

  constructor(workload: Resource) {
    this.#draft = new Draft(workload);
    this.#path = [...podTemplatePath(workload), 'spec'];
  }

  get edits(): Edit[] {
    return this.#draft.edits;
  }

  containers(): JsonObject[] {
    return list(this.#draft.get([...this.#path, 'containers']));
  }

  /** Gives a place in the pod's spec a value. */
  set(path: readonly (string | number)[], value: Json, field: string): void {
    this.#draft.set([...this.#path, ...path], value, field);
  }

  volume(volume: JsonObject & { name: string }, field: string): void {
    this.#upsert(['volumes'], 'name', volume, field);
  }

  /** Mounts a volume, read only and as a folder: a `subPath` would never see a renewed file. */
  mount(containers: readonly string[], name: string, mountPath: string, field: string): void {
    this.#each(containers, (index) =>
      this.#upsert(
        ['containers', index, 'volumeMounts'],
        'mountPath',
        { name, mountPath, readOnly: true },
        field,
      ),
    );
  }

  variable(containers: readonly string[], name: string, value: string, field: string): void {
    this.#each(containers, (index) =>
      this.#upsert(['containers', index, 'env'], 'name', { name, value }, field),
    );
  }

  #each(names: readonly string[], write: (index: number) => void): void {
    for (const [index, container] of this.containers().entries())
      if (names.includes(String(container['name']))) write(index);
  }

  /** The item whose key has the same value, or one more at the end. */
  #upsert(path: readonly (string | number)[], key: string, item: JsonObject, field: string): void {
    const full = [...this.#path, ...path];
    const items = this.#draft.get(full);
    if (!Array.isArray(items)) {
      this.#draft.set(full, [item], field);
      return;
    }
    const index = items.findIndex((other) => isObject(other) && other[key] === item[key]);
    if (index < 0) this.#draft.insert(full, items.length, item, field);
    else this.#draft.reconcile([...full, index], item, field);
  }
}

/** The containers of a workload that mount a ConfigMap, and the name by which the pods refer to it. */
export function mountedFrom(
  workload: Resource,
  configMap: Resource,
): { configMap: string; containers: string[] } {
  const pod = getIn(workload.json, [...podTemplatePath(workload), 'spec']);
  const nameIn = (source: JsonObject): string | undefined => {
    const name = getIn(source, ['configMap', 'name']);
    return typeof name === 'string' && configMap.names.includes(name) ? name : undefined;
  };
  const volumes = list(getIn(pod, ['volumes'])).flatMap((volume) => {
    const sources = [volume, ...list(getIn(volume, ['projected', 'sources']))];
    const name = sources.map(nameIn).find((found) => found !== undefined);
    return name === undefined ? [] : [{ volume: String(volume['name']), name }];
  });
  const containers = list(getIn(pod, ['containers'])).filter((container) =>
    list(container['volumeMounts']).some((mount) =>
      volumes.some(({ volume }) => volume === mount['name']),
    ),
  );
  return {
    configMap: volumes[0]?.name ?? configMap.name,
    containers: containers.map((container) => String(container['name'])),
  };
}
