/**
 * Hostile names of resources, namespaces, ports, labels, classes and keys in manifests: where they are not refused, the output is the one for
 * harmless names with the names exchanged. Nothing around them changes, whatever they get into: a list in an annotation, a regular expression,
 * an expression of Prometheus, a document inside a ConfigMap.
 */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROLE_LABEL } from '../src/manifests/resource.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { getIn, isObject, type Json, type JsonObject, list, objectAt } from '../src/yaml/json.ts';
import { parseStream } from './support/function.ts';

const HOSTILE = [
  '"',
  "'\\",
  '\n---\nkind: Secret\n',
  '\u001b[31m\u0085\u202e\ufeff',
  ']]><script>alert(1)</script>',
  '$(id)`id`;&',
  '|.*|',
  '{{ .Values.x }}',
  ': # ',
];

const CASES = [
  'controller-nginx-inc',
  'controller-alb-external',
  'controller-contour',
  'controller-haproxy',
  'gateway-ca',
  'tls-at-envoy-secret',
  'network-policies',
  'alerts-on-manifests-of-others',
];

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

/** Documents inside ConfigMaps as values, so that a name in them is exchanged as one. */
const EMBEDDED = 'document of ';

const HASH = 'network.michelangelo.api/config-hash';

/** What is compared: a hash of what a ConfigMap says is another for each name, and in PromQL a name is quoted. */
function opened(resource: JsonObject): Json {
  const text = JSON.stringify(resource, (key, value) =>
    key === HASH || (key === 'groups' && resource['kind'] === 'PrometheusRule') ? undefined : value,
  );
  const plain = JSON.parse(text) as JsonObject;
  if (plain['kind'] !== 'ConfigMap') return plain;
  const data = Object.entries(objectAt(plain, ['data'])).map(([key, value]) => {
    const [only, ...others] = parsed(String(value));
    return isObject(only) && others.length === 0 ? [EMBEDDED + key, only] : [key, value];
  });
  return { ...plain, data: Object.fromEntries(data) };
}

function closed(resource: Json): Json {
  if (!isObject(resource) || resource['kind'] !== 'ConfigMap') return resource;
  const data = Object.entries(objectAt(resource, ['data'])).map(([key, value]) =>
    key.startsWith(EMBEDDED) ? [key.slice(EMBEDDED.length), JSON.stringify(value)] : [key, value],
  );
  return { ...resource, data: Object.fromEntries(data) };
}

function parsed(text: string): Json[] {
  try {
    return valuesOf(text);
  } catch {
    return [];
  }
}

function valuesOf(text: string): JsonObject[] {
  const asNumber = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value;
  return JSON.parse(JSON.stringify(parseStream(text), asNumber)) as JsonObject[];
}

/** The same with a function over every text, but for those of this project's own labels. */
function mapped(json: Json, inText: (text: string) => string): Json {
  if (typeof json === 'string') return inText(json);
  if (Array.isArray(json)) return json.map((item) => mapped(item, inText));
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [
      key,
      key === ROLE_LABEL ? item : mapped(item, inText),
    ]),
  );
}

/** One name in place of another: alone, in an address, in a list, in front of what a name that is made from it has besides. */
function exchanged(json: Json, name: string, hostile: string): Json {
  const pattern = new RegExp(`(?<![\\w-])${name}(?![\\w])`, 'g');
  return mapped(json, (text) => text.replaceAll(pattern, () => hostile));
}

/** Names that the manifests choose. Each is made one that stands for nothing else first. */
function withPlainNames(resources: readonly Json[]): { resources: Json[]; names: string[] } {
  const found = resources.flatMap((resource) => [
    getIn(resource, ['metadata', 'name']),
    getIn(resource, ['metadata', 'namespace']),
    ...Object.values(objectAt(resource, ['spec', 'selector', 'matchLabels'])),
    ...list(getIn(resource, ['spec', 'ports'])).map(({ name }) => name),
  ]);
  const names = [...new Set(found)].filter((name) => typeof name === 'string');
  const plain = new Map(names.map((name) => [name, `${name}-zz`]));
  return {
    resources: resources.map((one) => mapped(one, (text) => plain.get(text) ?? text)),
    names: [...new Set(plain.values())],
  };
}

/** A letter as an escape, as it may stand in names: then no document is passed over because its bytes lack a word. */
const printed = (resource: Json) =>
  JSON.stringify(closed(resource)).replace('"kind"', '"k\\u0069nd"');

const run = (config: string, resources: readonly Json[]) =>
  callFunction(config, Buffer.from(resources.map(printed).join('\n---\n'))).output;

const outputOf = (config: string, resources: readonly Json[]): Json[] =>
  valuesOf(run(config, resources).toString()).map(opened);

const injection = suite('hostile names');

for (const [start, name] of CASES.entries())
  injection(`in the manifests of ${name}`, () => {
    const config = read(name, 'config.yaml');
    const input = splitDocuments(Buffer.from(read(name, 'input.yaml')));
    const { resources, names } = withPlainNames(
      input.flatMap(({ json }) => (isObject(json) ? [opened(json)] : [])),
    );
    const sound = outputOf(config, resources);
    assert.ok(sound.length > 0);
    let accepted = 0;
    for (const [index, own] of names.entries())
      for (const [at, text] of HOSTILE.entries()) {
        if ((start + index + at) % STRIDE !== 0) continue;
        const hostile = own + text;
        const changed = resources.map((one) => exchanged(one, own, hostile));
        const output = outputOf(config, changed);
        if (output.length === 0) continue;
        accepted += 1;
        for (const [number, one] of sound.entries())
          assert.equal(output[number], exchanged(one, own, hostile), JSON.stringify(hostile));
        assert.is(output.length, sound.length, JSON.stringify(hostile));
      }

    assert.ok(accepted > 2, `${accepted}`);
  });

/** Each name gets some of the texts. */
const STRIDE = 9;

injection.run();
