/** Rendered manifests as files, one for each resource, with names that stay the same from one rendering to the next. */
import { createHash } from 'node:crypto';
import { textAt } from '../../config/partial.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { withoutHash } from '../../surface/near-names.ts';
import { isObject, type Json } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';

/** One resource. */
export interface ResourceFile {
  name: string;
  text: string;
}

/** The one file of an environment that is not cut up. */
export const WHOLE_FILE = 'manifests.yaml';

/** How the manifests of an environment are laid out in its folder. */
export const LAYOUTS = {
  resource: resourceFiles,
  environment: (stream: Buffer): ResourceFile[] => [
    { name: WHOLE_FILE, text: stream.toString('utf8') },
  ],
} as const;

/** A name of Kubernetes has up to 253 characters, a name of a file up to 255 bytes, and up to 143 on an encrypted disk. */
const LONGEST = 130;

/**
 * Cuts a stream of kustomize's into a file for each resource, sorted by name. A content hash stays out of the name of the file: a
 * changed ConfigMap is then a change in a file, not another file. Every name is there once, and does not follow the order of the stream:
 * where names are equal, all of them become longer.
 */
export function resourceFiles(stream: Buffer): ResourceFile[] {
  const texts = splitDocuments(stream)
    .map((chunk) => chunk.text.replace(/^---[ \t\r]*\n/, ''))
    .filter((text) => /^[^\s#]/m.test(text));
  const times = new Map<string, number>();
  const resources = texts.map((text) => {
    const time = times.get(text) ?? 0;
    times.set(text, time + 1);
    return { text, choices: nameChoices(text, time), chosen: 0 };
  });
  const nameOf = ({ choices, chosen }: (typeof resources)[number]) => choices[chosen]?.() ?? '';
  for (;;) {
    const counts = new Map<string, number>();
    for (const name of resources.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
    const alike = resources.filter(
      (resource) =>
        (counts.get(nameOf(resource)) ?? 0) > 1 && resource.chosen < resource.choices.length - 1,
    );
    if (alike.length === 0) break;
    for (const resource of alike) resource.chosen += 1;
  }
  return resources
    .map((resource) => ({ name: `${nameOf(resource)}.yaml`, text: resource.text }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** From the shortest to one that nothing else can have, which is made where it is asked for; `time` counts resources that are the same in every byte. */
function nameChoices(text: string, time: number): (() => string)[] {
  const json = identityIn(text);
  const at = (path: string) => textAt(json, path) ?? '';
  const kind = at('kind') || 'resource';
  const name = at('metadata.name') || 'unnamed';
  const namespace = at('metadata.namespace');
  const [group = ''] = at('apiVersion').split('/').slice(0, -1);
  const isHashed = kind === 'ConfigMap' || kind === 'Secret';
  const stable = isHashed ? withoutHash(name) : name;
  const long = [kind, group, namespace, stable].filter(Boolean).join('-');
  const identity = (named: string) => JSON.stringify([at('apiVersion'), kind, namespace, named]);
  return [
    () => fileName(`${kind}-${stable}`),
    () => fileName(long),
    () => fileName(long, identity(stable)),
    () => fileName(long, identity(name)),
    () => fileName(long, `${text}\n${time}`),
  ];
}

/**
 * Kind, version and metadata. A line that begins with a letter begins a key of the top level: what other keys have is not parsed, unless
 * an alias leads there.
 */
function identityIn(text: string): Json | undefined {
  const parts = text.split(/^(?=[A-Za-z])/m).filter((part) => IDENTITY.test(part));
  const { json, problems } = parseYamlOnce(parts.join(''));
  return problems.length === 0 && isObject(json) ? json : parseYamlOnce(text).json;
}

const IDENTITY = /^(?:apiVersion|kind|metadata):\s/;

/** What every file system takes, also one that does not tell upper from lower case; a sum of `distinction` makes it the only one. */
function fileName(text: string, distinction?: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '_');
  if (distinction === undefined && plain.length <= LONGEST) return plain;
  const sum = createHash('sha256')
    .update(distinction ?? text)
    .digest('hex')
    .slice(0, 16);
  return `${plain.slice(0, LONGEST - 1 - sum.length)}-${sum}`;
}
