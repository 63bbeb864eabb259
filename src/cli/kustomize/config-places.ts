/** Where the DomainConfigs of an overlay stand, in it and in everything local that it is built from. Nothing remote is looked at. */
import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Chunk } from '../../manifests/chunk.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { readIfRegular } from '../../read-file.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  stringAt,
  strings,
} from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import { isFile, kustomizationFile } from '../overlays.ts';

/** What kustomize takes the files for that a kustomization lists. */
const FIELDS = [
  'resources',
  'bases',
  'components',
  'transformers',
  'generators',
  'validators',
] as const;
type Field = (typeof FIELDS)[number];

export interface ConfigPlace {
  /** As messages show them: from the working directory. */
  file: string;
  /** Where in that file, where it stands in a kustomization as text: `transformers[0]`. */
  at?: string;
  json: JsonObject;
  /** The kustomization that lists it. */
  listedIn: string;
  /** The field that lists it; for a folder of such files, the field that lists the folder. */
  field: Field;
  /** Whether it asks to be run as a KRM function, which kustomize skips without `--enable-exec`. */
  isKrmFunction: boolean;
  /** A kustomization around this one that gives other names or another namespace, after the DomainConfig has run. */
  renamedBy: string | undefined;
  /** Whether the kustomization that lists it as a plugin's may change it: with a patch, for instance. */
  isChanged: boolean;
}

/** What leaves the resources of a kustomization as their files have them. */
const PLAIN = ['apiVersion', 'kind', 'metadata', 'resources'];
const RENAMING = ['namePrefix', 'nameSuffix', 'namespace'];

export function configPlaces(overlay: string, cwd: string): ConfigPlace[] {
  const places: ConfigPlace[] = [];
  const seen = new Set<string>();

  const walk = (folder: string, outer: readonly Layer[], role: Field | undefined): void => {
    const file = kustomizationFile(folder);
    if (!file || seen.has(`${role} ${file}`)) return;
    seen.add(`${role} ${file}`);
    for (const json of documentsIn(file, isAny)) {
      const layer = { file: relative(cwd, file), json };
      for (const field of FIELDS)
        for (const [index, entry] of strings(json[field]).entries()) {
          const path = resolve(folder, entry);
          const use = role ?? field;
          if (isFolder(path)) {
            const isPlugin = !['resources', 'bases', 'components'].includes(use);
            walk(path, [...outer, layer], isPlugin ? use : undefined);
          } else
            add(
              isFile(path) ? documentsIn(path, mayBeConfig) : inline(entry),
              isFile(path)
                ? { file: relative(cwd, path) }
                : { file: layer.file, at: `${field}[${index}]` },
              layer,
              outer,
              use,
              role !== undefined,
            );
        }
    }
  };
  const add = (
    documents: readonly JsonObject[],
    place: Pick<ConfigPlace, 'file' | 'at'>,
    layer: Layer,
    outer: readonly Layer[],
    field: Field,
    isPluginFolder: boolean,
  ): void => {
    for (const json of documents.filter(isDomainConfig))
      places.push({
        ...place,
        json,
        listedIn: layer.file,
        field,
        isKrmFunction:
          'config.kubernetes.io/function' in objectAt(json, ['metadata', 'annotations']),
        renamedBy: outer.find((each) => renames(each.json, layer.json))?.file,
        isChanged: isPluginFolder && Object.keys(layer.json).some((key) => !PLAIN.includes(key)),
      });
  };
  walk(resolve(cwd, overlay), [], undefined);
  return places;
}

interface Layer {
  file: string;
  json: JsonObject;
}

export function isDomainConfig(json: Json | undefined): boolean {
  const version = stringAt(json, ['apiVersion']);
  return (
    stringAt(json, ['kind']) === 'DomainConfig' && version.startsWith('network.michelangelo.api/')
  );
}

/** Whether an outer layer names things otherwise than the inner one does. */
function renames(outer: JsonObject, inner: JsonObject): boolean {
  return RENAMING.some((field) => {
    const name = stringAt(outer, [field]);
    return name !== '' && !(field === 'namespace' && name === inner[field]);
  });
}

function documentsIn(path: string, isRead: (chunk: Chunk) => boolean): JsonObject[] {
  const bytes = readIfRegular(path);
  return bytes && isRead(new Chunk(bytes)) ? objectsIn(bytes, isRead) : [];
}

const isAny = () => true;

/** So that the manifests of a base are not parsed for every overlay. */
function mayBeConfig(chunk: Chunk): boolean {
  return chunk.mentions(['DomainConfig']);
}

/** A config may stand in the kustomization itself, as text. */
function inline(entry: string): JsonObject[] {
  return entry.includes('\n') ? objectsIn(Buffer.from(entry), mayBeConfig) : [];
}

function objectsIn(bytes: Buffer, isRead: (chunk: Chunk) => boolean): JsonObject[] {
  return splitDocuments(bytes)
    .filter(isRead)
    .map(({ text }) => parseYamlOnce(text).json)
    .filter(isObject);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
