/** Everything that the page says about one overlay. */
import { basename } from 'node:path';
import { type CheckResult, runChecks } from '../checks/index.ts';
import { type ChecklistLine, checklistOf } from '../checks/shared/checklist.ts';
import type { Settings } from '../config/settings.ts';
import { splitDocuments } from '../protocol/documents.ts';
import { type Surface, surfaceOf } from '../surface/surface.ts';
import { type FunctionCall, saidIn } from './call.ts';
import { type Changes, changesOf } from './changes.ts';
import { trafficMap } from './map/build.ts';
import type { TrafficMap } from './map/traffic-map.ts';

/** An overlay that was built. */
export interface BuiltOverlay {
  /** The path as it was given. */
  overlay: string;
  manifests: Buffer;
  /** One for each DomainConfig. */
  calls: readonly FunctionCall[];
}

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
}

/** Overlays that are named together are checked side by side. */
export function reportOn(overlays: readonly BuiltOverlay[]): OverlayReport[] {
  const surfaces = overlays.map(surfaceOfBuild);
  return overlays.map(({ overlay, calls }, index): OverlayReport => {
    const surface = (surfaces[index] as Surface).beside(surfaces);
    const check = runChecks(surface, saidIn(calls));
    const name = nameOf(overlay);
    const isAlone = overlays.filter((other) => nameOf(other.overlay) === name).length === 1;
    return {
      overlay,
      name: isAlone ? name : overlay,
      settings: surface.settings,
      map: trafficMap(surface),
      check,
      checklist: checklistOf(surface, check),
      changes: calls.map(changesOf),
    };
  });
}

/** What is public in an overlay that was built. */
export function surfaceOfBuild({ overlay, manifests, calls }: BuiltOverlay): Surface {
  // Of several DomainConfigs the last one has the last word.
  const settings = calls.at(-1)?.loaded.settings;
  return surfaceOf(splitDocuments(manifests), { name: overlay, settings });
}

function nameOf(path: string): string {
  return basename(path) || path;
}
