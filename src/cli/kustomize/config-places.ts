/** Where the DomainConfigs of an overlay stand, in it and in everything local that it is built from. Nothing remote is looked at. */
import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Chunk } from '../../manifests/chunk.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { readIfRegular } from '../../read-file.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import { isFile, kustomizationFile } from '../overlays.ts';
import { isPluginField, type ListEntry, type ListField, listEntries } from './kustomization.ts';

/** A DomainConfig that kustomize is told of. */
export interface ConfigPlace {
  /** As messages show them: from the working directory. */
  file: string;
  /** Where in that file, where it stands in a kustomization as text: `transformers[0]`. */
  at?: string;
  json: JsonObject;
  /** The kustomization that lists it. */
  listedIn: string;
  /** The field that lists it; for a folder of such files, the field that lists the folder. */
  field: ListField;
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

/**
 * The DomainConfigs that kustomize finds when it builds an overlay, under whatever field they are listed: a wrong one is for the caller to name.
 * What cannot be read is left out.
 */
export function configPlaces(overlay: string, cwd: string): ConfigPlace[] {
  const places: ConfigPlace[] = [];
  const seen = new Set<string>();
  /** `use` is undefined for a folder of manifests; else the field that the folder's files are configs for, whatever lists them in it. */
  const walk = (folder: string, outer: readonly Layer[], use: ListField | undefined): void => {
    const file = kustomizationFile(folder);
    if (!file || seen.has(`${use} ${file}`)) return;
    seen.add(`${use} ${file}`);
    for (const json of documentsIn(file, isAny)) {
      const layer = { file: relative(cwd, file), json };
      for (const entry of listEntries(json, folder)) {
        const field = use ?? entry.field;
        if (isFolder(entry.path))
          walk(entry.path, [...outer, layer], isPluginField(field) ? field : undefined);
        else
          for (const found of configsAt(entry, layer, cwd))
            places.push({
              ...found,
              listedIn: layer.file,
              field,
              renamedBy: outer.find((each) => renames(each.json, json))?.file,
              isChanged: use !== undefined && Object.keys(json).some((key) => !PLAIN.includes(key)),
            });
      }
    }
  };
  walk(resolve(cwd, overlay), [], undefined);
  return places;
}

/** A kustomization on the way to a config. */
interface Layer {
  file: string;
  json: JsonObject;
}

/** The DomainConfigs in what an entry names: in a file, or in the kustomization itself, where one may stand as text. */
function configsAt(
  { at, text, path }: ListEntry,
  layer: Layer,
  cwd: string,
): Pick<ConfigPlace, 'file' | 'at' | 'json' | 'isKrmFunction'>[] {
  const place = isFile(path) ? { file: relative(cwd, path) } : { file: layer.file, at };
  const documents = isFile(path) ? documentsIn(path, mayBeConfig) : inline(text);
  return documents.filter(isDomainConfig).map((json) => {
    const annotations = objectAt(json, ['metadata', 'annotations']);
    return { ...place, json, isKrmFunction: 'config.kubernetes.io/function' in annotations };
  });
}

/** Whether something is a DomainConfig, of whatever version, and however wrong what it says. */
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

/** The documents of an entry that is no path; a path has one line. */
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
