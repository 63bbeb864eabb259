/** Rendered manifests as files, one for each resource, with names that stay the same from one rendering to the next. */
import { textAt } from '../config/partial.ts';
import { parseYaml } from '../yaml/yaml.ts';

/** One resource. */
export interface ResourceFile {
  name: string;
  text: string;
}

/** What kustomize appends to the names of generated ConfigMaps and Secrets: ten characters of its own alphabet. */
const CONTENT_HASH = /-[2456789bcdfghkmt]{10}$/;

/**
 * Cuts a stream of kustomize's into a file for each resource, sorted by name. A content hash stays out of the name of the file: a
 * changed ConfigMap is then a change in a file, not another file.
 */
export function resourceFiles(stream: string): ResourceFile[] {
  const resources = stream
    .split(/^---\n/m)
    .filter((text) => /^[^\s#]/m.test(text))
    .map((text) => ({ text, ...identity(text) }));
  const names = resources.map(({ short }) => short);
  const clashing = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const taken = new Map<string, number>();
  return resources
    .map(({ text, short, long }) => {
      const base = clashing.has(short) ? long : short;
      const count = (taken.get(base) ?? 0) + 1;
      taken.set(base, count);
      return { name: `${base}${count > 1 ? `-${count}` : ''}.yaml`, text };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function identity(text: string): { short: string; long: string } {
  const { json } = parseYaml(text);
  const at = (path: string) => textAt(json, path) ?? '';
  const kind = at('kind') || 'resource';
  const name = at('metadata.name') || 'unnamed';
  const [group = ''] = at('apiVersion').split('/').slice(0, -1);
  const long = [kind, group, at('metadata.namespace'), name].filter(Boolean).join('-');
  const isHashed = kind === 'ConfigMap' || kind === 'Secret';
  const stable = isHashed ? name.replace(CONTENT_HASH, '') : name;
  return { short: fileName(`${kind}-${stable}`), long: fileName(long) };
}

/** What every file system takes; names of roles have colons, and kinds upper-case letters. */
function fileName(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '_');
}
