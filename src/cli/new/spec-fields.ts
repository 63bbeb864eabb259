/** Setting fields of a spec by their dotted path, as flags and answers do. */
import { isObject, type Json, type JsonObject } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { UsageError } from '../io.ts';

/** A value and the dotted path, from `spec`, of the field that it belongs to. */
export type FieldValue = readonly [path: string, value: Json];

/** The map with the fields set, parents included; the one that was given stays as it was. */
export function withFields(spec: JsonObject, fields: readonly FieldValue[]): JsonObject {
  const result = structuredClone(spec);
  for (const [path, value] of fields) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    let map = result;
    for (const key of keys) {
      const next = Object.hasOwn(map, key) ? map[key] : undefined;
      const child = isObject(next) ? next : {};
      map[key] = child;
      map = child;
    }
    map[last] = value;
  }
  return result;
}

/** `port=8443` as `--set` takes it: the value is YAML, so that numbers, lists and maps can be given. */
export function parseField(text: string): FieldValue {
  const match = /^(?:spec\.)?([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*)=([\s\S]*)$/.exec(
    text,
  );
  const [, path, source] = match ?? [];
  if (path === undefined || source === undefined)
    throw new UsageError(
      `--set ${JSON.stringify(text)} is not of the form FIELD=VALUE`,
      'for instance --set port=8443, or --set worker.apiAddress=service',
    );
  const { json, problems } = parseYaml(source);
  if (json === undefined || problems.length > 0)
    throw new UsageError(
      `--set ${JSON.stringify(text)}: the value is not YAML`,
      'put a string with special characters in quotes, inside those of the shell',
    );
  return [path, json];
}
