/** Everything that the page says about one overlay. */
import { basename } from 'node:path';
import type { Finding } from '../checks/check.ts';
import { type CheckResult, runChecks } from '../checks/index.ts';
import { type ChecklistLine, checklistOf } from '../checks/shared/checklist.ts';
import type { Settings } from '../config/settings.ts';
import { splitDocuments } from '../protocol/documents.ts';
import { type Surface, surfaceOf } from '../surface/surface.ts';
import { type FunctionCall, saidIn } from './call.ts';
import { type Changes, changesOf } from './changes.ts';
import {
  type Comparison,
  compareChanges,
  compareFindings,
  type FindingComparison,
} from './compare.ts';
import { trafficMap } from './map/build.ts';
import type { TrafficMap } from './map/traffic-map.ts';

/** An overlay that was built. */
export interface BuiltOverlay {
  /** The path as it was given. */
  overlay: string;
  manifests: Buffer;
  /** The cluster that it is for, as its `environment.yaml` calls it. */
  cluster?: string | undefined;
  /** One for each DomainConfig. */
  calls: readonly FunctionCall[];
}

/** An overlay in another state, for comparison. */
export interface OtherState {
  /** What people call it: `main (1a2b3c4d)`, or the folder. */
  name: string;
  /** Undefined where it is not there, or cannot be built. */
  manifests: Buffer | undefined;
  /** None where it is rendered already. */
  calls: readonly FunctionCall[];
  /** What the function did and said is not seen any more. */
  isRendered: boolean;
}

/** What differs from the other state. */
export interface Against {
  name: string;
  /** Undefined where what the function did there cannot be seen. */
  changes: Comparison | undefined;
  findings: FindingComparison;
}

/** What the sections of the page are made from. */
export interface OverlayReport {
  overlay: string;
  /** Its last part; the whole where another overlay has the same. */
  name: string;
  settings: Settings | undefined;
  map: TrafficMap;
  /** Findings of the function and of the checks. */
  check: CheckResult;
  /** The guide's nine items. */
  checklist: ChecklistLine[];
  changes: Changes[];
  against?: Against;
}

/**
 * Overlays that are named together are checked side by side.
 * @param others - each of them in another state, in the same order; empty where there is none
 */
export function reportOn(
  overlays: readonly BuiltOverlay[],
  others: readonly OtherState[] = [],
): OverlayReport[] {
  const there = findingsThere(overlays, others);
  const surfaces = overlays.map(surfaceOfBuild);
  return overlays.map(({ overlay, calls }, index): OverlayReport => {
    const surface = (surfaces[index] as Surface).beside(surfaces);
    const check = runChecks(surface, saidIn(calls));
    const name = nameOf(overlay);
    const isAlone = overlays.filter((other) => nameOf(other.overlay) === name).length === 1;
    const changes = calls.map(changesOf);
    const other = others[index];
    return {
      overlay,
      name: isAlone ? name : overlay,
      settings: surface.settings,
      map: trafficMap(surface),
      check,
      checklist: checklistOf(surface, check),
      changes,
      ...(other ? { against: againstOther(other, there[index] ?? [], check, changes) } : {}),
    };
  });
}

/** What is found in each overlay as it is in the other state. */
function findingsThere(
  overlays: readonly BuiltOverlay[],
  others: readonly OtherState[],
): readonly Finding[][] {
  const surfaces = others.map(({ manifests, calls }, index) => {
    const overlay = overlays[index]?.overlay ?? '';
    return manifests && surfaceOfBuild({ overlay, manifests, calls });
  });
  const known = surfaces.flatMap((surface) => surface ?? []);
  return surfaces.map((surface, index) => {
    const { calls = [], isRendered = false } = others[index] ?? {};
    const said = isRendered ? undefined : saidIn(calls);
    return surface ? runChecks(surface.beside(known), said).findings : [];
  });
}

function againstOther(
  { name, calls, isRendered }: OtherState,
  there: readonly Finding[],
  { findings }: CheckResult,
  changes: readonly Changes[],
): Against {
  const { fresh, fixed } = compareFindings(there, findings);
  // What the function says of rendered manifests was said when they were rendered.
  const seen = [...fresh].filter(({ source }) => !isRendered || source === 'manifests');
  return {
    name,
    changes: isRendered ? undefined : compareChanges(calls.map(changesOf), changes),
    findings: { fresh: new Set(seen), fixed },
  };
}

/** What is public in an overlay that was built. */
export function surfaceOfBuild({ overlay, manifests, cluster, calls }: BuiltOverlay): Surface {
  // Of several DomainConfigs the last one has the last word.
  const settings = calls.at(-1)?.loaded.settings;
  return surfaceOf(splitDocuments(manifests), { name: overlay, settings, cluster });
}

function nameOf(path: string): string {
  return basename(path) || path;
}
