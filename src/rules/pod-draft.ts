/** Volumes, mounts and variables of a workload's pods, found by name: what is there is brought up to date, not added twice. */
import type { Problem } from '../errors.ts';
import { Draft, type Edit } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import {
  containersMounting,
  podTemplatePath,
  sourcesOf,
  volumesOf,
} from '../manifests/workload.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { asText, getIn, isObject, type Json, type JsonObject, list } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { replaced } from './replaced.ts';

/** Where a pod has containers; among the second are sidecars that start before the others. */
const LISTS = ['containers', 'initContainers'] as const;

/** A container, and its place in the pod's spec. */
interface PlacedContainer {
  path: readonly (string | number)[];
  json: JsonObject;
}

/** A draft of a workload's pods: variables, volumes and mounts. */
export class PodDraft {
  /** What somebody else set under a name of ours. */
  readonly problems: Problem[] = [];
  readonly #workload: Resource;
  readonly #draft: Draft;
  readonly #path: readonly string[];

  constructor(workload: Resource) {
    this.#workload = workload;
    this.#draft = new Draft(workload);
    this.#path = [...podTemplatePath(workload), 'spec'];
  }

  get edits(): Edit[] {
    return this.#draft.edits;
  }

  containers(): PlacedContainer[] {
    return LISTS.flatMap((key) =>
      list(this.#draft.get([...this.#path, key])).map((json, index) => ({
        path: [key, index],
        json,
      })),
    );
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
    this.#each(containers, (path) =>
      this.#upsert(
        [...path, 'volumeMounts'],
        'mountPath',
        { name, mountPath, readOnly: true },
        field,
      ),
    );
  }

  variable(containers: readonly string[], name: string, value: string, field: string): void {
    this.#each(containers, (path) =>
      this.#upsert([...path, 'env'], 'name', { name, value }, field),
    );
  }

  #each(names: readonly string[], write: (path: PlacedContainer['path']) => void): void {
    for (const { path, json } of this.containers())
      if (names.includes(asText(json['name']))) write(path);
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
    if (index < 0) {
      this.#draft.insert(full, items.length, item, field);
      return;
    }
    const old = shownOf(items[index]);
    if (old !== shownOf(item))
      this.problems.push(
        replaced(
          this.#workload.reference,
          toPath([...full, index]),
          old,
          shownOf(item),
          field,
          'take it out of the base where what takes its place does the same; a volume for something else needs another name',
        ),
      );
    this.#draft.reconcile([...full, index], item, field);
  }
}

/** What a volume, a mount or a variable leads to, by names alone: values of variables may be secret, unless they are paths. */
function shownOf(item: Json | undefined): string {
  const at = (...path: string[]) => getIn(item, path);
  const value = at('value');
  const isPath = typeof value === 'string' && /^[\w./-]*$/.test(value);
  const names = [
    at('configMap', 'name'),
    at('secret', 'secretName'),
    at('mountPath') === undefined ? undefined : at('name'),
    isPath ? value : undefined,
  ];
  const [found] = names.filter((name) => typeof name === 'string');
  return found === undefined ? 'something else' : String(found);
}

/** The containers of a workload, init containers included, that mount a ConfigMap, and the name by which the pods refer to it. */
export function mountedFrom(
  workload: Resource,
  configMap: Resource,
): { configMap: string; containers: string[] } {
  const [name = configMap.name] = volumesOf(workload)
    .flatMap((volume) => sourcesOf(volume, 'configMap'))
    .filter((each) => configMap.names.includes(each));
  const containers = containersMounting(workload, configMap.names);
  return { configMap: name, containers: containers.map((container) => asText(container['name'])) };
}

/** A document that no workload of the build mounts: what the rule adds for its pods has no place. */
export function notMounted(
  { resource }: DocumentTarget,
  words: Pick<Problem, 'message' | 'expected' | 'fix'>,
): Problem {
  const { reference } = resource;
  return { code: 'target-missing', severity: 'error', resource: reference, ...words };
}
