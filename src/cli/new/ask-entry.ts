/** What lets requests in: only what carries the rest of the answers is offered. */
import { CONTROLLERS } from '../../controllers/index.ts';
import type { Asker } from '../questions.ts';
import { askField, type Known } from './ask-field.ts';
import { controllersFor } from './carried.ts';
import { isReadBy } from './layouts.ts';
import type { FieldValue } from './spec-fields.ts';

/** Asks on a terminal, and returns the fields that the answer fills in: `entry.ingress` or `entry.gateway`. */
export async function askEntry(asker: Asker, known: Known): Promise<FieldValue[]> {
  const { spec, layout } = known;
  const offered = controllersFor(spec).filter((name) => !layout || isReadBy(layout, name));
  const left = Object.keys(CONTROLLERS).filter((name) => !offered.some((one) => one === name));
  const note = left.length > 0 ? ` (not these, with your answers: ${left.join(', ')})` : '';
  const answer = await asker.select(`What lets requests into the cluster?${note}`, [
    { value: '', label: 'a Gateway, which is made (Gateway API)' },
    ...offered.map((value) => {
      const { title } = CONTROLLERS[value];
      return { value, label: value === title ? title : `${value}: ${title}` };
    }),
  ]);
  if (answer !== '') return [['entry.ingress.controller', answer]];
  const path = 'entry.gateway.className';
  return askField(path, 'Its class (`kubectl get gatewayclass`)', 'contour')(asker, known);
}
