/** Where a kustomization, or a patch that it lists, gives a value of its own to a resource of an inner layer. */
import { resolve } from 'node:path';
import { compileExpression } from '../../envoy/origins/re2.ts';
import type { FilePlace } from '../../errors.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { withoutHash } from '../../surface/near-names.ts';
import {
  asText,
  equalJson,
  fromPointer,
  isObject,
  type Json,
  list,
  stringAt,
} from '../../yaml/json.ts';
import { locateKeys } from '../../yaml/locate.ts';
import type { Layer } from '../kustomize/layers.ts';
import { align } from './align.ts';
import { inLayer } from './generated.ts';
import type { Sources } from './read-sources.ts';
import { isNameOf, type Sought, valueAt } from './sought.ts';

/** The text of a patch. */
interface Patch {
  text: string;
  /** The place of keys in one of its documents. */
  place(chunk: Chunk, before: number, keys: readonly string[]): FilePlace;
  target: Json | undefined;
}

/** Undefined where none is known to say so. What an outer layer says holds. */
export function patchedPlace(sought: Sought, sources: Sources): FilePlace | undefined {
  if (sought.keys.length === 0) return undefined;
  for (const layer of sources.layers.toReversed()) {
    const patches = patchesOf(layer, sources).toReversed();
    // What a selector takes is not known for certain: the labels may have been others then.
    for (const patch of [...patches.filter(isCertain), ...patches.filter(isUncertain)]) {
      const place = inPatch(patch, sought);
      if (place) return place;
    }
    const place = inShortForm(layer, sought);
    if (place) return place;
  }
  return undefined;
}

function isUncertain({ target }: Patch): boolean {
  return ['labelSelector', 'annotationSelector'].some((key) => stringAt(target, [key]) !== '');
}

function isCertain(patch: Patch): boolean {
  return !isUncertain(patch);
}

function patchesOf(layer: Layer, sources: Sources): Patch[] {
  const inline = (text: string, at: readonly string[]): Omit<Patch, 'target'> => ({
    text,
    // Positions in one document are those of the text.
    place: (_chunk, before, keys) => inLayer(layer, before === 0 ? [...at, ...keys] : at),
  });
  const fromFile = (path: string): Omit<Patch, 'target'> => {
    const file = resolve(layer.folder, path);
    return {
      text: sources.textOf(file) ?? '',
      place: ({ parsed }, before, keys) => {
        const place = locateKeys(parsed, keys);
        return { file: sources.shown(file), ...(place && { ...place, line: before + place.line }) };
      },
    };
  };
  const entries = (field: string): Patch[] =>
    list(layer.json[field]).map((json, index) => {
      const path = stringAt(json, ['path']);
      const text = stringAt(json, ['patch']);
      const target = json['target'];
      return {
        ...(path ? fromFile(path) : inline(text, [field, String(index), 'patch'])),
        target,
      };
    });
  const { patchesStrategicMerge: merged } = layer.json;
  return [
    ...(Array.isArray(merged) ? merged : []).map((word, index): Patch => {
      const text = asText(word);
      const isInline = text.includes('\n');
      const at = ['patchesStrategicMerge', String(index)];
      return { ...(isInline ? inline(text, at) : fromFile(text)), target: undefined };
    }),
    ...entries('patches'),
    ...entries('patchesJson6902'),
  ];
}

function inPatch({ text, place, target }: Patch, sought: Sought): FilePlace | undefined {
  let before = 0;
  for (const chunk of splitDocuments(Buffer.from(text))) {
    const { json } = chunk;
    const keys = Array.isArray(json)
      ? isTargeted(sought, target) && keysOfOperation(json, sought)
      : isObject(json) &&
        isTargeted(sought, target ?? { kind: json['kind'] ?? '', ...metadataOf(json) }) &&
        keysOfMerge(json, sought);
    if (keys) return place(chunk, before, keys);
    before += chunk.text.split('\n').length - 1;
  }
  return undefined;
}

function metadataOf(json: Json): { name: string } {
  return { name: stringAt(json, ['metadata', 'name']) };
}

/** Kinds and names of targets are regular expressions for the whole; a plain name may have got a prefix since. */
function isTargeted(sought: Sought, target: Json | undefined): boolean {
  const [kind, name] = [stringAt(target, ['kind']), stringAt(target, ['name'])];
  const { resource, baseName = resource.name } = sought;
  if (kind !== '' && !matchesWhole(kind, resource.kind)) return false;
  if (name === '' || isNameOf(sought, name)) return true;
  return [baseName, withoutHash(resource.name)].some((one) => matchesWhole(name, one));
}

function matchesWhole(expression: string, text: string): boolean {
  return compileExpression(expression)?.(text) ?? false;
}

function keysOfMerge(json: Json, sought: Sought): readonly string[] | undefined {
  const { keys, isSame } = align(sought.keys, sought.json, json);
  return isSame ? keys : undefined;
}

/** The last operation that wrote the value. */
function keysOfOperation(operations: readonly Json[], sought: Sought) {
  for (const [index, operation] of [...operations.entries()].toReversed()) {
    const path = fromPointer(stringAt(operation, ['path']));
    if (!path.every((key, at) => key === sought.keys[at] || key === '-')) continue;
    const rest = sought.keys.slice(path.length);
    const value = isObject(operation) ? operation['value'] : undefined;
    const { keys, isSame } = align(rest, valueAt({ ...sought, keys: path }), value);
    const isWritten = rest.length > 0 ? isSame : equalJson(value, valueAt(sought));
    if (value !== undefined && isWritten) return [String(index), 'value', ...keys];
  }
  return undefined;
}

/** `images` and `replicas`, which are patches with fewer words. */
function inShortForm(layer: Layer, sought: Sought): FilePlace | undefined {
  const value = valueAt(sought);
  if (sought.keys.at(-1) === 'image' && typeof value === 'string')
    for (const [index, json] of list(layer.json['images']).entries()) {
      const name = stringAt(json, ['newName']) || stringAt(json, ['name']);
      const field = ['digest', 'newTag', 'newName'].find((key) => Object.hasOwn(json, key));
      if (field && name && value.replace(/[:@][^/]*$/, '') === name)
        return inLayer(layer, ['images', String(index), field]);
    }
  if (sought.keys.join() === 'spec,replicas')
    for (const [index, json] of list(layer.json['replicas']).entries())
      if (isNameOf(sought, stringAt(json, ['name'])) && json['count'] === value)
        return inLayer(layer, ['replicas', String(index), 'count']);
  return undefined;
}
