/**
 * How Envoy is started in a container: its command line.
 *
 * Source: Envoy, "Command line options"; its image starts `envoy -c /etc/envoy/envoy.yaml` where a container says nothing.
 */

import type { Resource } from '../manifests/resource.ts';
import { allContainersOf } from '../manifests/workload.ts';
import { type JsonObject, stringAt, strings } from '../yaml/json.ts';

/** What the image starts with by itself. */
const DEFAULT_CONFIG = '/etc/envoy/envoy.yaml';

/** Whether a container runs Envoy, by its image or by the words of its command. */
export function runsEnvoy(container: JsonObject): boolean {
  const [program = ''] = strings(container['command']);
  const isScript = /(?:^|\/)(?:sh|bash|ash|docker-entrypoint\.sh)$/.test(program);
  if (program !== '' && !isScript) return /(?:^|\/)envoy$/.test(program);
  const image = stringAt(container, ['image']).split('@')[0] ?? '';
  if (/(?:^|\/)envoy(?:-[\w-]+)?(?::[^/]*)?$/.test(image)) return true;
  // A shell has an option of the same name.
  return isScript
    ? strings(container['command']).concat(strings(container['args'])).some(startsEnvoy)
    : optionOf(container, CONFIG) !== undefined;
}

/** The containers of a workload that run Envoy. */
export function envoyContainers(workload: Resource): JsonObject[] {
  return allContainersOf(workload).filter(runsEnvoy);
}

const CONFIG = ['-c', '--config-path'];

/** The value of the last of an option; undefined where it is not given. */
export function optionOf(container: JsonObject, names: readonly string[]): string | undefined {
  const words = wordsOf(container);
  const found = words.flatMap((word, index) => {
    for (const name of names) {
      if (word === name) return words[index + 1] ?? [];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
    return [];
  });
  return found.at(-1);
}

/** Whether a switch is among the words. */
export function hasSwitch(container: JsonObject, name: string): boolean {
  return wordsOf(container).includes(name);
}

/** The file that Envoy starts from; undefined where that is filled in when it starts, or given as text alone. */
export function configPath(container: JsonObject): string | undefined {
  const written = optionOf(container, CONFIG);
  if (written !== undefined) return /[$`]/.test(written) ? undefined : written;
  const isOther = strings(container['command']).length + strings(container['args']).length > 0;
  return isOther ? undefined : DEFAULT_CONFIG;
}

/** The words of the command; those of a script for a shell are cut as a shell cuts them, quotes that have blanks inside aside. */
function wordsOf(container: JsonObject): string[] {
  const words = [...strings(container['command']), ...strings(container['args'])];
  return words.flatMap((word) =>
    startsEnvoy(word)
      ? word.split(/[\s;]+/).map((part) => part.replace(/^(["'])(.*)\1$/, '$2'))
      : [word],
  );
}

/** Whether a script calls it with options. */
function startsEnvoy(word: string): boolean {
  return /(?:^|[\s;&/])envoy\s+(?:[^\n]*\s)?-/.test(word);
}
