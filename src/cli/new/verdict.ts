/** The checks of `ma-overlays check`, on manifests that were built a moment ago. */
import { runChecks } from '../../checks/index.ts';
import type { Settings } from '../../config/settings.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { surfaceOf } from '../../surface/surface.ts';
import { count } from '../check/outcome.ts';
import { toText } from '../check/print.ts';
import type { Colors } from '../colors.ts';

/** What the checks say of one overlay. */
export interface Verdict {
  /** As `check` prints it; empty where nothing was found. */
  text: string;
  hasErrors: boolean;
}

/** Checks the manifests of an overlay. */
export function judge(
  overlay: string,
  manifests: Buffer,
  settings: Settings,
  colors: Colors,
): Verdict {
  const view = surfaceOf(splitDocuments(manifests), { name: overlay, settings });
  const result = runChecks(view);
  const input = { name: overlay, file: undefined, view };
  const outcomes = [{ input, result, checklist: undefined }];
  return {
    text: result.findings.length > 0 ? toText(outcomes, colors) : '',
    hasErrors: count(outcomes).errors > 0,
  };
}
