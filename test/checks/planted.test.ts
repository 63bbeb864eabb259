/** Each failure planted, one at a time: the checks name it, and nothing else. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PLANTINGS } from './plantings.ts';
import {
  findingsIn,
  foreign,
  label,
  newIn,
  OVERLAYS,
  overlay,
  planted,
  type Stream,
} from './support.ts';

const streams = new Map<string, Stream>();
for (const name of OVERLAYS) streams.set(name, await overlay(name));
for (const file of ['sound.yaml', 'sound-contour.yaml', 'sound-gateway.yaml'])
  streams.set(file, foreign(file));

const before = new Map([...streams].map(([name, stream]) => [name, findingsIn(stream)]));

for (const { name, code, severity = 'error', path, in: places, plant } of PLANTINGS)
  for (const place of places)
    test(`${code} in ${place}: ${name}`, () => {
      const stream = streams.get(place) as Stream;
      const found = newIn(before.get(place) ?? [], findingsIn(planted(stream, plant)));
      assert.equal([...new Set(found.map((one) => one.code))], [code], found.map(label).join(', '));
      assert.ok(
        found.every((one) => one.severity === severity),
        `is a ${severity}`,
      );
      if (path) assert.equal([...new Set(found.map((one) => one.path))], [path]);
      assert.ok(found.every((one) => one.message !== '' && one.fix !== '' && one.resource));
    });

test.run();
