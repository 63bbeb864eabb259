/** A bootstrap with the listeners, clusters and routes of its files in it: `--mode validate` does not read these files (Envoy 1.40). */
import { connectionManagers } from '../../envoy/bootstrap.ts';
import { fieldsAt, spelled } from '../../envoy/proto-json.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { getIn, isObject, type Json, list, withValue } from '../../yaml/json.ts';

/** As it stands in the stream where nothing can be put into it, or clusters come from somewhere else as well. */
export function wholeBootstrap(target: DocumentTarget): Json {
  const own = target.resource.document(target.key)?.json ?? null;
  const whole = jsonOf(target) ?? null;
  if (whole === own || hasOtherClusters(own, whole)) return own;
  let made = whole;
  for (const kind of ['listeners', 'clusters']) {
    const path = spelled(made, ['static_resources', kind]).map(String);
    const items = list(getIn(made, path));
    if (items.length > 0) made = withValue(made, path, items.map(withoutType));
  }
  for (const { path, value } of connectionManagers(made)) {
    if (value['rds'] === undefined || value['route_config'] === undefined) continue;
    const manager = getIn(made, path);
    if (!isObject(manager)) continue;
    const { rds: _, ...rest } = manager;
    const table = withoutType(rest['route_config'] as Json);
    made = withValue(made, path.map(String), { ...rest, route_config: table });
  }
  return made;
}

/** Routes may lead to clusters that a server hands out. */
function hasOtherClusters(own: Json, whole: Json): boolean {
  const count = (json: Json) =>
    fieldsAt(json, ['static_resources', 'clusters']).flatMap(({ value }) => list(value)).length;
  const isDynamic = fieldsAt(own, ['dynamic_resources', 'cds_config']).length > 0;
  return isDynamic && count(own) === count(whole);
}

/** In a file each resource says what it is; in a bootstrap its place does. */
function withoutType(json: Json): Json {
  if (!isObject(json)) return json;
  const { '@type': _, ...rest } = json;
  return rest;
}
