/** The kustomizations that an overlay is made of, as far as they lie on this disk. */
import { relative, resolve } from 'node:path';
import { readTextIfRegular } from '../../read-file.ts';
import { isObject, type JsonObject } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import type { ParsedYaml } from '../../yaml/yaml.ts';
import { kustomizationFile } from '../overlays.ts';
import { listEntries, RESOURCE_FIELDS } from './kustomization.ts';

/** One of them. */
export interface Layer {
  /** As messages show it: from the working directory. */
  file: string;
  /** Absolute: paths in it count from here. */
  folder: string;
  json: JsonObject;
  parsed: ParsedYaml;
}

/** Each once, in the order in which kustomize is done with them: the overlay itself comes last. */
export function layersOf(overlay: string, cwd: string): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set<string>();
  const walk = (folder: string): void => {
    const file = kustomizationFile(folder);
    if (!file || seen.has(file)) return;
    seen.add(file);
    const text = readTextIfRegular(file);
    if (text === undefined) return;
    const parsed = parseYamlOnce(text);
    const { json } = parsed;
    if (!isObject(json)) return;
    for (const { path } of listEntries(json, folder, RESOURCE_FIELDS)) walk(path);
    layers.push({ file: relative(cwd, file), folder, json, parsed });
  };
  walk(resolve(cwd, overlay));
  return layers;
}
