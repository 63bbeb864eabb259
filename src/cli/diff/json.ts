/** A comparison for programs. */
import { jsonText } from '../../foreign-text.ts';
import type { Comparison } from './compare.ts';

/** Everything, whatever its length. */
export function toJson({ from, to, overlays, entries }: Comparison): string {
  const json = {
    from,
    to,
    overlays: overlays.map(({ overlay, state, resources, failures }) => ({
      overlay,
      state,
      ...(state === 'new' || state === 'gone' ? { resources } : {}),
      ...(failures.length > 0 ? { failures } : {}),
    })),
    changes: entries.map(({ state, label, overlays, isExact, blocks, hidden }) => ({
      state,
      resource: label,
      overlays: overlays.map(({ overlay, label }) => ({ overlay, resource: label })),
      // Else each overlay has its own hosts, names, namespace and hashes there.
      sameInAll: isExact,
      lines: blocks.map(({ path, removed, added }) => ({ path, removed, added })),
      notShown: hidden,
    })),
  };
  return jsonText(json);
}
