/** One test for each failure and each stream that it is planted in. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FindingCode } from '../../src/checks/shared/catalogue.ts';
import type { Severity } from '../../src/surface/faults/fault.ts';
import {
  findingsIn,
  foreign,
  label,
  type Manifest,
  newIn,
  OVERLAYS,
  type OverlayName,
  overlay,
  planted,
  type Stream,
} from './support.ts';

export type StreamName =
  | OverlayName
  | 'sound.yaml'
  | 'sound-contour.yaml'
  | 'sound-gateway.yaml'
  | 'sound-tls-in-pods.yaml'
  | 'sound-own-balancer.yaml';

/** A change of a sound stream, with the code that has to name it; none where the change is sound as well. */
export interface PlantedChange {
  name: string;
  code?: FindingCode;
  /** Default `error`. */
  severity?: Severity;
  /** Of every finding; any where none is given. */
  path?: string;
  /** What every message and its fix say; anything where none is given. */
  says?: RegExp;
  /** How many findings there are; any number where none is given. */
  times?: number;
  in: readonly StreamName[];
  plant: (manifests: Manifest[]) => void;
}

/** Makes changes of one code, in the same streams. */
export const changeIn =
  (streams: readonly StreamName[], code: PlantedChange['code'], severity?: 'warning') =>
  (name: string, plant: PlantedChange['plant']): PlantedChange => ({
    name,
    in: streams,
    plant,
    ...(code ? { code } : {}),
    ...(severity ? { severity } : {}),
  });

/** @param prepare - what every stream gets first; it has to be sound with it */
export async function plantEach(
  changes: readonly PlantedChange[],
  prepare: (manifests: Manifest[]) => void = () => {},
): Promise<void> {
  for (const place of new Set(changes.flatMap((change) => change.in))) {
    const stream = planted(await streamOf(place), prepare);
    const before = findingsIn(stream);
    test(`${place} has no error before`, () => {
      assert.equal(before.filter(({ severity }) => severity === 'error').map(label), []);
    });
    for (const change of changes.filter((candidate) => candidate.in.includes(place)))
      test(`${change.code ?? 'nothing'} in ${place}: ${change.name}`, () => {
        const found = newIn(before, findingsIn(planted(stream, change.plant))).filter(
          // A change may need an older form of a field.
          ({ code }) => code === change.code || code !== 'envoy-deprecated',
        );
        const expected = change.code ? [change.code] : [];
        assert.equal([...new Set(found.map(({ code }) => code))], expected, describe(found));
        if (change.times !== undefined) assert.is(found.length, change.times, describe(found));
        for (const { severity, path, message, fix, resource } of found) {
          assert.is(severity, change.severity ?? 'error');
          assert.ok(message && fix && resource);
          if (change.path !== undefined) assert.is(path, change.path);
          if (change.says) assert.match(`${message}\n${fix}`, change.says);
        }
      });
  }
}

export async function streamOf(name: StreamName): Promise<Stream> {
  const isOverlay = (OVERLAYS as readonly string[]).includes(name);
  return isOverlay ? overlay(name as OverlayName) : foreign(name);
}

function describe(found: ReturnType<typeof findingsIn>): string {
  return found.map((one) => `${label(one)}: ${one.message}`).join('; ') || 'nothing was found';
}
