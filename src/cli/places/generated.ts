/** Where the data of a generated ConfigMap or Secret comes from: a file, a line of one, or an entry of the kustomization. */
import { basename, resolve } from 'node:path';
import type { FilePlace } from '../../errors.ts';
import { EmbeddedDocument } from '../../manifests/embedded-document.ts';
import { list, stringAt, strings } from '../../yaml/json.ts';
import { locateKeys } from '../../yaml/locate.ts';
import type { Layer } from '../kustomize/layers.ts';
import { align } from './align.ts';
import type { Sources } from './read-sources.ts';
import { innerPlace, isNameOf, type Sought, sourcesWithin } from './sought.ts';

const FIELDS = { ConfigMapGenerator: 'configMapGenerator', SecretGenerator: 'secretGenerator' };
const DATA = ['data', 'binaryData', 'stringData'];

/** An entry of a layer that makes, changes or replaces the resource. */
interface Entry {
  layer: Layer;
  keys: readonly string[];
  json: ReturnType<typeof list>[number];
}

/**
 * Undefined where no local kustomization has such a generator. What an outer layer says of a key holds.
 * @param file - the kustomization that made the resource, as messages show it
 */
export function generatedPlace(
  sought: Sought,
  generator: string,
  file: string,
  sources: Sources,
): FilePlace | undefined {
  const field = Object.hasOwn(FIELDS, generator)
    ? FIELDS[generator as keyof typeof FIELDS]
    : undefined;
  if (field === undefined) return undefined;
  const entries = sources.layers.flatMap((layer) => entriesOf(layer, field));
  const [first] = sourcesWithin(
    sought,
    entries.filter(({ layer }) => layer.file === file),
    nameOf,
  );
  if (!first) return undefined;
  const named = { ...sought, baseName: nameOf(first) };
  const [holder = '', key] = sought.keys;
  if (DATA.includes(holder) && key !== undefined)
    for (const entry of entries.filter((one) => isNameOf(named, nameOf(one))).toReversed()) {
      const place = placeOfKey(entry, key, sought, sources);
      if (place) return place;
    }
  return inLayer(first.layer, [...first.keys, 'name']);
}

function entriesOf(layer: Layer, field: string): Entry[] {
  return list(layer.json[field]).map((json, index): Entry => {
    return { layer, json, keys: [field, String(index)] };
  });
}

function nameOf({ json }: Entry): string {
  return stringAt(json, ['name']);
}

function placeOfKey(
  { layer, keys, json }: Entry,
  key: string,
  sought: Sought,
  sources: Sources,
): FilePlace | undefined {
  for (const word of strings(json['files'])) {
    const [name, path = name] = word.includes('=') ? split(word) : [basename(word), word];
    if (name === key) return inFile(resolve(layer.folder, path), key, sought, sources);
  }
  for (const [index, word] of strings(json['literals']).entries())
    if (split(word)[0] === key) return inLayer(layer, [...keys, 'literals', String(index)]);
  for (const word of [...strings(json['envs']), stringAt(json, ['env'])].filter(Boolean)) {
    const path = resolve(layer.folder, word);
    const lines = sources.textOf(path)?.split('\n') ?? [];
    const line = lines.findIndex((text) => split(text.trim())[0] === key);
    if (line >= 0) return { file: sources.shown(path), line: line + 1 };
  }
  return undefined;
}

/** A key, and what stands behind the first `=`. */
function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

function inFile(path: string, key: string, sought: Sought, sources: Sources): FilePlace {
  const file = sources.shown(path);
  const text = sources.textOf(path);
  if (text === undefined) return { file };
  const [holder = '', , ...rest] = sought.keys;
  if (rest.length === 0) return innerPlace(file, sought);
  const built = sought.json[holder];
  const { parsed } = new EmbeddedDocument(key, text);
  const { keys } = align(sought.keys.slice(1), built, { [key]: text });
  const place = locateKeys(parsed, keys.slice(1));
  return { file, line: 1, ...place };
}

export function inLayer({ file, parsed }: Layer, keys: readonly string[]): FilePlace {
  return { file, ...locateKeys(parsed, keys) };
}
