/**
 * Which files an overlay is built from, as far as they lie on this disk: its folder, and whatever a kustomization on the way names. A path too
 * many costs a build, and one too few a stale environment: every text in a kustomization counts as a path.
 */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { splitDocuments } from '../../protocol/documents.ts';
import { readIfRegular } from '../../read-file.ts';
import { isObject, type Json, leavesOf } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import { KUSTOMIZATION_FILES, kustomizationFile } from '../overlays.ts';
import { type ListEntry, listEntries, PLUGIN_FIELDS } from './kustomization.ts';

/** Where kustomize looks for Helm charts that it is told no place of. */
const CHARTS = 'charts';

/** Absolute paths of files and folders; undefined where one of the kustomizations cannot be read. */
export type BuiltFrom = (overlay: string) => ReadonlySet<string> | undefined;

/** What several overlays have in common is read once. */
export function builtFrom(cwd: string): BuiltFrom {
  const layers = new Map<string, Layer | undefined>();
  const layerIn = (folder: string): Layer | undefined => {
    if (!layers.has(folder)) layers.set(folder, readLayer(folder));
    return layers.get(folder);
  };
  return (overlay) => {
    const own = resolve(cwd, overlay);
    const paths = new Set([own, realPath(own)]);
    const folders = [realPath(own)];
    // Grows while it is walked.
    for (const folder of folders) {
      const layer = layerIn(folder);
      if (layer === undefined) return undefined;
      for (const path of layer.paths) paths.add(path);
      for (const inner of layer.folders) if (!folders.includes(inner)) folders.push(inner);
    }
    return paths;
  };
}

/** What one kustomization names. */
interface Layer {
  paths: ReadonlySet<string>;
  /** Folders with kustomizations of their own: of these only what those name. */
  folders: readonly string[];
}

function readLayer(folder: string): Layer | undefined {
  const file = kustomizationFile(folder);
  const json = file && read(file);
  if (!json) return undefined;
  const named = textsIn(json);
  const plugins = isObject(json) ? listEntries(json, folder, PLUGIN_FIELDS) : [];
  for (const plugin of plugins) named.push(...textsOfPlugin(plugin));
  const paths = new Set(KUSTOMIZATION_FILES.map((name) => resolve(folder, name)));
  const folders = new Set<string>();
  for (const name of [...named, CHARTS]) {
    const path = resolve(folder, name);
    if (kustomizationFile(path) === undefined) {
      paths.add(path).add(realPath(path));
      continue;
    }
    folders.add(realPath(path));
    // A link to a folder may lead elsewhere tomorrow.
    if (realPath(path) !== path) paths.add(path);
  }
  return { paths, folders: [...folders] };
}

/** Configs of plugins may name files themselves. Their paths count from the kustomization, also where it lists a folder of configs. */
function textsOfPlugin({ text, path }: ListEntry, outer: readonly string[] = []): string[] {
  if (text.includes('\n')) return textsIn(parseYamlOnce(text).json ?? null);
  const file = kustomizationFile(path);
  const json = read(file ?? path) ?? null;
  if (file === undefined) return textsIn(json);
  if (!isObject(json) || outer.includes(path)) return [];
  return listEntries(json, path).flatMap((inner) => textsOfPlugin(inner, [...outer, path]));
}

/** Of a file in which kustomize reads several documents, all; undefined where it is not YAML. */
function read(file: string): Json | undefined {
  const bytes = readIfRegular(file);
  if (bytes === undefined) return undefined;
  const documents = splitDocuments(bytes).map(({ text }) => parseYamlOnce(text));
  if (documents.some(({ problems }) => problems.length > 0)) return undefined;
  const found = documents.flatMap(({ json }) => json ?? []);
  return found.length === 1 ? found[0] : found;
}

/** A generator's file may stand behind its key: `config.yaml=files/config.yaml`. */
function textsIn(json: Json): string[] {
  return leavesOf(json).flatMap(({ value }) =>
    typeof value === 'string' && value !== '' && !value.includes('\n')
      ? [value, ...(value.includes('=') ? [value.slice(value.indexOf('=') + 1)] : [])]
      : [],
  );
}

/** Without links; as it is where it is not there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
