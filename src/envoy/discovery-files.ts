/**
 * Listeners, clusters and route tables that Envoy reads from files beside its bootstrap, put where they would stand without them.
 *
 * Source: Envoy's "xDS configuration API overview", filesystem subscriptions (`path`, `path_config_source`): a file has `resources`, each
 * with its `@type`.
 */
import { getIn, isObject, type Json, objectAt, stringAt, withValue } from '../yaml/json.ts';
import { connectionManagers } from './bootstrap.ts';
import { fieldsAt, type Path, spelled, viewOf } from './proto-json.ts';

/** Where a piece of a bootstrap really stands. */
interface Mount {
  at: Path;
  /** Name of the file. */
  file: string;
  path: Path;
}

interface Composed {
  json: Json | undefined;
  mounts: readonly Mount[];
}

/** @param read - what a file says, by its name without folders; undefined where it is not at hand */
export function composed(
  json: Json | undefined,
  read: (file: string) => Json | undefined,
): Composed {
  if (!isObject(json)) return { json, mounts: [] };
  let whole: Json = json;
  const mounts: Mount[] = [];
  for (const [source, list] of [
    ['lds_config', 'listeners'],
    ['cds_config', 'clusters'],
  ] as const) {
    const [config] = fieldsAt(json, ['dynamic_resources', source]);
    const file = fileOf(config?.value);
    const resources = file === undefined ? [] : resourcesOf(read(file));
    if (file === undefined || resources.length === 0) continue;
    const path = spelled(whole, ['static_resources', list]);
    const own = getIn(whole, path);
    const kept = Array.isArray(own) ? own : [];
    const added = resources.map((resource, index) => {
      mounts.push({
        at: [...path, kept.length + index],
        file,
        path: ['resources', resource.index],
      });
      return resource.value;
    });
    whole = withList(whole, path, [...kept, ...added]);
  }
  for (const { path, value } of connectionManagers(whole)) {
    const file = fileOf(getIn(value, ['rds', 'config_source']));
    const name = stringAt(value, ['rds', 'route_config_name']);
    const tables = file === undefined ? [] : resourcesOf(read(file));
    const table = tables.find((each) => stringAt(each.value, ['name']) === name);
    if (file === undefined || !table) continue;
    const at = [...path, 'route_config'];
    mounts.push({ at, file, path: ['resources', table.index] });
    whole = withValue(whole, at.map(String), table.value);
  }
  return { json: whole, mounts };
}

/** The file and the path in it of a place; undefined for what stands in the bootstrap itself. */
export function fileAt(
  mounts: readonly Mount[],
  path: Path,
): { file: string; path: Path } | undefined {
  // The last is the deepest: a route table stands inside of a listener.
  const mount = mounts.findLast(({ at }) =>
    at.every((key, index) => String(path[index]) === String(key)),
  );
  return mount && { file: mount.file, path: [...mount.path, ...path.slice(mount.at.length)] };
}

function fileOf(config: Json | undefined): string | undefined {
  const view = viewOf(config);
  const path = getIn(view, ['path_config_source', 'path']) ?? getIn(view, ['path']);
  return typeof path === 'string' ? path.split('/').at(-1) : undefined;
}

function resourcesOf(json: Json | undefined): { index: number; value: Json }[] {
  const list = getIn(json, ['resources']);
  return (Array.isArray(list) ? list : []).map((value, index) => ({ index, value }));
}

/** With a list at a path whose parent may be missing. */
function withList(json: Json, path: Path, list: Json[]): Json {
  const [parent, key] = path as [string, string];
  return withValue(json, [parent], { ...objectAt(json, [parent]), [key]: list });
}
