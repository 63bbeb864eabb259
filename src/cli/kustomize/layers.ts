/** The kustomizations that an overlay is made of, as far as they lie on this disk. */
import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readRegularFile, UnreadableFile } from '../../read-file.ts';
import { isObject, type JsonObject, strings } from '../../yaml/json.ts';
import { type ParsedYaml, parseYaml } from '../../yaml/yaml.ts';
import { KUSTOMIZATION_FILES } from '../overlays.ts';

export interface Layer {
  /** As messages show it: from the working directory. */
  file: string;
  /** Absolute: paths in it count from here. */
  folder: string;
  json: JsonObject;
  parsed: ParsedYaml;
}

/** What lists folders with resources. */
export const RESOURCE_FIELDS = ['resources', 'bases', 'components'] as const;

/** Each once, in the order in which kustomize is done with them: the overlay itself comes last. */
export function layersOf(overlay: string, cwd: string): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set<string>();
  const walk = (folder: string): void => {
    const file = KUSTOMIZATION_FILES.map((name) => join(folder, name)).find(isFile);
    if (!file || seen.has(file)) return;
    seen.add(file);
    const parsed = readYaml(file);
    if (!parsed || !isObject(parsed.json)) return;
    const { json } = parsed;
    for (const field of RESOURCE_FIELDS)
      for (const entry of strings(json[field])) walk(resolve(folder, entry));
    layers.push({ file: relative(cwd, file), folder, json, parsed });
  };
  walk(resolve(cwd, overlay));
  return layers;
}

function readYaml(file: string): ParsedYaml | undefined {
  try {
    return parseYaml(readRegularFile(file).toString('utf8'));
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
