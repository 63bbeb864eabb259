/** Which layout a person wants, of those that go with the base. */
import { textAt } from '../../config/partial.ts';
import type { JsonObject } from '../../yaml/json.ts';
import type { Asker } from '../questions.ts';
import { type ChosenLayout, isReadBy, LAYOUT_LABELS, LAYOUTS, layoutsFor } from './layouts.ts';
import type { ReadLayout } from './plan.ts';

/** Asks where there is a choice. A base that cannot be built by itself is taken as it is. */
export async function askLayout(
  asker: Asker,
  base: string,
  spec: JsonObject,
  readLayout: ReadLayout,
): Promise<ChosenLayout | undefined> {
  const own = await readLayout(base);
  if (own === undefined) return undefined;
  const controller = textAt({ spec }, 'spec.entry.ingress.controller');
  const offered = layoutsFor(base, own).filter(
    (layout) => controller === undefined || isReadBy(layout, controller),
  );
  if (offered.length === 1) return offered[0];
  const left = LAYOUTS.filter((layout) => !offered.some((one) => one.layout === layout));
  const note =
    left.length > 0
      ? ` (not with this base${controller ? ` and ${controller}` : ''}: ${left.join(', ')})`
      : '';
  const domain = textAt({ spec }, 'spec.domain') ?? '<domain>';
  const answer = await asker.select(
    `Which hosts?${note}`,
    offered.map(({ layout }) => ({
      value: layout,
      label: `${layout}: ${LAYOUT_LABELS[layout].replaceAll('<domain>', domain)}`,
    })),
  );
  return offered.find(({ layout }) => layout === answer);
}
