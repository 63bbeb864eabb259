/** The changes of several overlays side by side: a row for each place, a column for each overlay. */
import { printYaml } from '../../yaml/yaml.ts';
import { headingOf, type ResourceChange } from '../changes.ts';
import { breakable, html, type Markup } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';
import { valueMarkup } from './changes-section.ts';

/** One change: the table has it in the row of its place, and the rows of a group below each other. */
export interface Cell {
  group: string;
  place: string;
  field: string;
  content: Markup;
}

interface Column {
  name: string;
  cells: readonly Cell[];
}

/** The heading above resources that are added or taken away as a whole. */
export const WHOLE = 'Whole resources';

/** For as many overlays as columns can be read side by side. */
export function changesTable(reports: readonly OverlayReport[]): Markup {
  const columns = reports.map((report) => ({ name: report.name, cells: cellsOf(report) }));
  const groups = new Set(columns.flatMap(({ cells }) => cells.map(({ group }) => group)));
  const isWhole = groups.delete(WHOLE);
  return html`<div class="wide"><table class="compare matrix">
<thead><tr><th scope="col">Place</th>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
${[...groups, ...(isWhole ? [WHOLE] : [])].map((group) => groupMarkup(group, columns))}</table></div>
`;
}

function groupMarkup(group: string, columns: readonly Column[]): Markup {
  const own = columns.map(({ name, cells }) => ({
    name,
    cells: cells.filter((cell) => cell.group === group),
  }));
  const places = new Set(own.flatMap(({ cells }) => cells.map(({ place }) => place)));
  return html`<tbody>
<tr class="heading"><th scope="rowgroup" colspan="${columns.length + 1}">${breakable(group)}</th></tr>
${[...places].map((place) => rowMarkup(place, own))}</tbody>
`;
}

function rowMarkup(place: string, columns: readonly Column[]): Markup {
  const entries = columns.map(({ name, cells }) => {
    const own = cells.filter((cell) => cell.place === place);
    return own.length === 0
      ? html`<td class="empty quiet">–</td>`
      : html`<td data-overlay="${name}"><div>${own.map(cellMarkup)}</div></td>`;
  });
  return html`<tr><th scope="row"><code>${breakable(place)}</code></th>${entries}</tr>
`;
}

function cellMarkup({ content, field }: Cell): Markup {
  return html`${content}<small class="quiet">${breakable(field)}</small>`;
}

/** Resources are matched by the names that they have in their base. */
export function cellsOf({ changes }: OverlayReport): Cell[] {
  const labelOf = ({ resource, baseName }: Pick<ResourceChange, 'resource' | 'baseName'>) =>
    `${resource.kind} ${baseName}`;
  const wholes = (list: readonly ResourceChange[], word: string) =>
    list.map((one) => {
      const content = html`<details><summary>${word}</summary><pre tabindex="0">${printYaml(one.json)}</pre></details>`;
      return { group: WHOLE, place: labelOf(one), field: one.field, content };
    });
  return changes.flatMap(({ changed, added, removed }) => [
    ...changed.map((change) => ({
      group: headingOf(change, labelOf(change)),
      place: change.path,
      field: change.field,
      content: valueMarkup(change.new, 'new'),
    })),
    ...wholes(added, 'added'),
    ...wholes(removed, 'taken away'),
  ]);
}
