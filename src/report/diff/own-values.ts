/**
 * What is each environment's own: its public hosts, the prefix of its names, its namespace. A change that is the same but for those is
 * one change. Each is replaced by what it stands for, so that two texts which are equal then say the same of two environments: where one
 * has a value of its own, the other has its own.
 */
import { hostRoles, type Settings } from '../../config/settings.ts';
import type { ResourceReference } from '../../errors.ts';
import { resourcesOf } from '../../manifests/resource.ts';
import { hostFinder, writeLike } from '../../net/host-occurrences.ts';
import { escapeExpression } from '../../net/origins.ts';
import { CONTENT_HASH, withoutHash } from '../../surface/near-names.ts';
import type { FunctionCall } from '../call.ts';

/** One overlay in one state, built or rendered. */
export interface BuiltState {
  manifests: Buffer;
  /** None where it is rendered already, or where another program was the function. */
  calls: readonly FunctionCall[];
  /** Known of a rendered one too. */
  settings: Settings | undefined;
}

/** Values of one overlay in one state. */
export interface OwnValues {
  /** Kind and name of a resource in its base, `Deployment worker`; its own name where that is not known. */
  baseLabel(resource: ResourceReference): string;
  /** A text with marks in the place of what is the environment's own. */
  replaceIn(text: string): string;
}

/** Does not occur in YAML. */
const MARK = '\0';

/** kustomize's hash behind a name, or the one that the function writes at pods. */
const HASH = `(?:${CONTENT_HASH}(?![\\w-]))?`;
const CONFIG_HASH = /^(\s*network\.michelangelo\.api\/config-hash:).*$/gm;

/** @param resources - of the finished manifests */
export function ownValues(
  { calls, settings }: Pick<BuiltState, 'calls' | 'settings'>,
  resources: readonly ResourceReference[],
): OwnValues {
  const names = baseNames(calls, resources);
  const hosts = new Map<string, string>();
  if (settings)
    for (const role of hostRoles(settings))
      for (const [index, { host }] of settings.hosts[role].entries())
        if (!hosts.has(host)) hosts.set(host, `${MARK}${role}${index}${MARK}`);
  const domain = settings?.config.spec.domain;
  if (domain && !hosts.has(domain)) hosts.set(domain, `${MARK}domain${MARK}`);
  const namespace = mostFrequent(resources.flatMap((one) => one.namespace ?? []));
  const words = wordsOf(names, resources, namespace, settings);
  const finder = hostFinder([...hosts.keys()]);
  return {
    baseLabel: (resource) => {
      const { kind, name } = resource;
      const base = names.get(keyOf(resource)) ?? withoutHash(name);
      const isMain = resource.namespace === undefined || resource.namespace === namespace;
      return `${kind} ${isMain ? '' : `${resource.namespace}/`}${base}`;
    },
    replaceIn: (text) =>
      replaceWords(replaceHosts(text, finder, hosts), words).replace(CONFIG_HASH, `$1 ${MARK}hash`),
  };
}

function replaceHosts(
  text: string,
  finder: ReturnType<typeof hostFinder>,
  marks: ReadonlyMap<string, string>,
): string {
  let replaced = '';
  let end = 0;
  for (const occurrence of finder.find(text)) {
    const mark = marks.get(occurrence.host);
    const isPlain =
      text.slice(occurrence.start, occurrence.end) === writeLike(occurrence, occurrence.host);
    if (mark === undefined || !isPlain || occurrence.start < end) continue;
    replaced += text.slice(end, occurrence.start) + mark + occurrence.dot;
    end = occurrence.end;
  }
  return replaced + text.slice(end);
}

interface Words {
  pattern: RegExp;
  marks: ReadonlyMap<string, string>;
}

function replaceWords(text: string, { pattern, marks }: Words): string {
  return text.replace(pattern, (written, word: string) => {
    const hash = written === word ? '' : `${MARK}hash`;
    return (marks.get(word) ?? word) + hash;
  });
}

/** Names of resources and the namespace that most of them are in. */
function wordsOf(
  names: ReadonlyMap<string, string>,
  resources: readonly ResourceReference[],
  namespace: string | undefined,
  settings: Settings | undefined,
): Words {
  const marks = new Map<string, string>();
  if (namespace) marks.set(namespace, `${MARK}namespace${MARK}`);
  if (settings) marks.set(`michelangelo-${settings.name}`, `${MARK}issuer${MARK}`);
  for (const resource of resources) {
    const name = withoutHash(resource.name);
    const base = names.get(keyOf(resource));
    // One that is written like its base needs no mark, but its hash does.
    if (!marks.has(name) && (name !== resource.name || (base !== undefined && base !== name)))
      marks.set(name, base ?? name);
  }
  const sources = [...marks.keys()]
    .sort((left, right) => right.length - left.length)
    .map(escapeExpression);
  const pattern =
    sources.length === 0
      ? /(?!)/g
      : new RegExp(`(?<![\\w-])(${sources.join('|')})${HASH}(?![\\w-])`, 'g');
  return { pattern, marks };
}

/** From kind and name to the name in the base, for resources that kustomize renamed, and for those that the function named after them. */
function baseNames(
  calls: readonly FunctionCall[],
  resources: readonly ResourceReference[],
): Map<string, string> {
  const names = new Map<string, string>();
  const affixes = new Set<string>();
  for (const { batch } of calls)
    for (const { reference, name, originalName } of batch.chunks.flatMap(
      (chunk) => resourcesOf(chunk).resources,
    )) {
      names.set(keyOf(reference), originalName);
      if (originalName !== name && name.endsWith(originalName))
        affixes.add(name.slice(0, -originalName.length));
    }
  // Of what is rendered, the names that came before are not known any more.
  if (calls.length === 0) affixes.add(sharedPrefix(resources));
  const [prefix = ''] = affixes;
  if (prefix !== '' && affixes.size === 1)
    for (const resource of resources) {
      const { name } = resource;
      const known = names.get(keyOf(resource));
      if ((known === undefined || known === name) && name.startsWith(prefix))
        names.set(keyOf(resource), withoutHash(name.slice(prefix.length)));
    }
  return withoutTwins(names);
}

/** What all workloads and Services have in front, up to a hyphen: `dev-`, or `dev-michelangelo-`; empty where it is nothing. */
function sharedPrefix(resources: readonly ResourceReference[]): string {
  const names = resources
    .filter(({ kind }) => ['Deployment', 'Service', 'StatefulSet'].includes(kind))
    .map(({ name }) => name);
  const [first = '', ...others] = [...new Set(names)];
  let length = others.length > 0 ? first.length : 0;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, first.lastIndexOf('-', length - 1) + 1);
}

/** Two resources of one kind that came from one name keep the names that tell them apart. */
function withoutTwins(names: ReadonlyMap<string, string>): Map<string, string> {
  const counts = new Map<string, number>();
  const twinKey = ([key, base]: readonly [string, string]) => `${key.split(' ')[0]} ${base}`;
  for (const entry of names) counts.set(twinKey(entry), (counts.get(twinKey(entry)) ?? 0) + 1);
  return new Map([...names].filter((entry) => counts.get(twinKey(entry)) === 1));
}

/** Within a build a kind has a name once, whatever the namespace: where it has it twice, neither has a base name. */
function keyOf({ kind, name }: ResourceReference): string {
  return `${kind} ${withoutHash(name)}`;
}

function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
}
