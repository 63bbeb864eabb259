/** Maps, lists, null, numbers and long texts in every place of manifests: what reads a scalar there takes whatever it finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../src/build/paths.ts';
import { runChecks } from '../src/checks/index.ts';
import { formatProblems } from '../src/errors.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { reportOn } from '../src/report/overlay-report.ts';
import { page } from '../src/report/page/page.ts';
import { surfaceOf } from '../src/surface/surface.ts';
import {
  asNumber,
  asText,
  getIn,
  isObject,
  type Json,
  objectAt,
  withValue,
} from '../src/yaml/json.ts';
import { parseYaml } from '../src/yaml/yaml.ts';
import fc from './support/fast-check.ts';
import { builtOverlay } from './support/overlays.ts';

const MAP = { toString: 1, valueOf: 1, constructor: 1 } as unknown as Json;
const SHAPES: readonly Json[] = [MAP, [MAP], null, -1.5, 'x'.repeat(20_000)];

/** Each call changes every fourth manifest in one place. */
const CALLS = Number(process.env['FOREIGN_SHAPES_CALLS'] ?? 8);
const EACH = 4;

type Path = readonly (string | number)[];

/** Every place, in documents inside of texts as well. */
function placesIn(json: Json, path: Path = []): Path[] {
  const inner = documentIn(json) ?? json;
  const items = Array.isArray(inner) ? [...inner.entries()] : Object.entries(objectAt(inner, []));
  return [path, ...items.flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

function documentIn(json: Json): Json | undefined {
  const found = typeof json === 'string' && json.includes('\n') ? parseYaml(json).json : undefined;
  return isObject(found) ? found : undefined;
}

function put(json: Json, [key, ...rest]: Path, shape: Json): Json {
  if (key === undefined) return shape;
  const inner = documentIn(json);
  if (inner !== undefined) return JSON.stringify(put(inner, [key, ...rest], shape));
  const changed = put(getIn(json, [key]) ?? null, rest, shape);
  return withValue(json, [String(key)], changed);
}

function useAll(config: string, stream: Buffer): void {
  const call = callFunction(config, stream);
  assert.not.match(formatProblems(call.result.problems), '[internal]');
  runChecks(surfaceOf(splitDocuments(stream), { name: 'o', settings: call.loaded.settings }));
  page(reportOn([{ overlay: 'o', manifests: stream, calls: [call] }]));
}

const shapes = suite('shapes of values');

for (const overlay of ['production', 'onprem'] as const)
  shapes(`in any place of ${overlay}`, async () => {
    const config = readFileSync(join(packageRoot, 'overlays', overlay, 'domain.yaml'), 'utf8');
    const built = splitDocuments(Buffer.from(await builtOverlay(overlay)));
    const all = built.flatMap(({ json }) =>
      isObject(json) ? [{ json, places: placesIn(json).slice(1) }] : [],
    );
    fc.assert(
      fc.property(
        fc.nat(EACH - 1),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...SHAPES)), {
          minLength: all.length,
          maxLength: all.length,
        }),
        (first, choices) => {
          const stream = all.map(({ json, places }, index) => {
            const [place, shape] = choices[index] ?? [0, null];
            const path = places[place % places.length];
            const isChanged = path && index % EACH === first;
            return JSON.stringify(isChanged ? put(json, path, shape) : json);
          });
          useAll(config, Buffer.from(stream.join('\n---\n')));
        },
      ),
      { numRuns: CALLS },
    );
  });

shapes('as text and as a number', () => {
  assert.is(asText(MAP), 'a map');
  assert.is(asText(['a', MAP, null, 1]), 'a, a map, null, 1');
  assert.is(asNumber('8080'), 8080);
  for (const value of [MAP, [1], undefined, 'x']) assert.ok(Number.isNaN(asNumber(value)));
});

shapes.run();
