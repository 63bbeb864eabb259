/** Hostile text in every field of a config: it is refused, or it is one value of what comes out and changes nothing around it. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { isObject, type Json, type JsonObject, objectAt } from '../src/yaml/json.ts';
import { parseStream } from './support/function.ts';

const HOSTILE = [
  '"',
  "'",
  '\\',
  '\n---\nkind: Secret',
  ': #',
  ' # comment',
  '{{ .Values.x }}',
  '${HOME}',
  '$(id)',
  '`id`',
  '</script><b>',
  ']]>',
  '.*',
  '|https://evil.example',
  ', https://evil.example',
  '\r\nX-Evil: 1',
  '%22',
  '*',
];

/** Their fields take free text: annotations, URLs of links, names of domains and task lists, a solver. Origins and hosts take none. */
const CASES = [
  'links-given',
  'engine-and-store-in-both',
  'notification-worker',
  'entry-annotations-given',
  'tls-acme-dns01-with-selector',
];

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

/** Every way to put a text behind one string of a value, or in its place. */
function* planted(json: Json, text: string): Generator<Json> {
  if (typeof json === 'string') yield* [json + text, text];
  else if (Array.isArray(json)) {
    for (const [index, item] of json.entries())
      for (const one of planted(item, text)) yield json.with(index, one);
  } else if (isObject(json)) {
    for (const [key, item] of Object.entries(json))
      for (const one of planted(item, text)) yield { ...json, [key]: one };
  }
}

/** Resources without their texts, documents inside ConfigMaps likewise: what the value of a field may change has none of this. */
function shapeOf(output: string): Json[] {
  return (parseStream(output) as JsonObject[]).map((resource) => {
    const documents = Object.entries(objectAt(resource, ['data'])).map(([key, value]) => [
      key,
      parsed(String(value)).map(bare),
    ]);
    return [bare(resource), Object.fromEntries(documents)];
  });
}

function bare(json: Json): Json {
  if (Array.isArray(json)) return json.map(bare);
  if (!isObject(json)) return typeof json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, bare(item)]));
}

function parsed(text: string): Json[] {
  try {
    return parseStream(text) as Json[];
  } catch {
    return [];
  }
}

const STRIDE = 11;

const injection = suite('injection');

for (const name of CASES)
  injection(`through any field of ${name}`, () => {
    const [config] = splitDocuments(Buffer.from(read(name, 'config.yaml'))).map(({ json }) => json);
    const input = Buffer.from(read(name, 'input.yaml'));
    const sound = shapeOf(read(name, 'expected.yaml'));
    assert.ok(isObject(config));
    const { metadata: _, ...rest } = config;
    let accepted = 0;
    for (const [index, text] of HOSTILE.entries())
      for (const [place, changed] of [...planted(rest, text)].entries()) {
        // Each place gets some of the texts, each text some of the places.
        if ((place + index) % STRIDE !== 0) continue;
        const given = JSON.stringify({ metadata: { name: 'o' }, ...(changed as object) });
        const { result, output } = callFunction(given, input);
        if (output.length === 0) {
          assert.ok(result.problems.some(({ severity }) => severity === 'error'));
          continue;
        }
        accepted += 1;
        assert.equal(shapeOf(output.toString()), sound, given);
      }
    assert.ok(accepted > 0);
  });

injection.run();
