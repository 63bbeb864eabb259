/** The guide's nine checklist items, each answered by the checks: pass, fail, or what shows it where manifests cannot. */
import type { Surface } from '../../surface/surface.ts';
import type { CheckResult } from '../index.ts';
import { ITEMS } from './checklist-items.ts';

/** The answer to an item. `control plane` is one that only the manifests of the control plane can answer, not those of a compute cluster. */
export type ChecklistState = 'pass' | 'fail' | 'cannot be seen here' | 'control plane';

/** An item with its answer. */
export interface ChecklistLine {
  /** Counts from 1, in the order of the guide. */
  number: number;
  /** The guide's words. */
  item: string;
  state: ChecklistState;
  /** Codes of the findings that make it fail; the command that shows it where it cannot be seen; else what was seen. */
  because: string;
}

/** One line for each item; a finding that is accepted with a reason does not fail it. */
export function checklistOf(surface: Surface, { findings }: CheckResult): ChecklistLine[] {
  const isCompute = surface.settings?.role === 'compute';
  return ITEMS.map(({ item, ofCompute, codes, counts, seen, command }, position): ChecklistLine => {
    const common = { number: position + 1, item };
    if (isCompute && !ofCompute)
      return { ...common, state: 'control plane', because: 'its own checklist answers it' };
    const failing = findings.filter(
      (found) =>
        // An entry that is missing is not an error where another stream may have it; the item asks for it.
        (found.severity === 'error' || found.code === 'entry-missing') &&
        codes.includes(found.code) &&
        (counts?.(found, surface) ?? true),
    );
    const reasons = [...new Set(failing.map(({ code }) => code))];
    if (reasons.length > 0) return { ...common, state: 'fail', because: reasons.join(', ') };
    const what = seen(surface);
    return what === undefined
      ? { ...common, state: 'cannot be seen here', because: command(surface) }
      : { ...common, state: 'pass', because: what };
  });
}
