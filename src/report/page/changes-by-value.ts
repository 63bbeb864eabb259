/** The changes of many overlays: a row for each value of a place, with the overlays that have it. */
import { breakable, html, type Markup } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';
import { type Cell, cellsOf, WHOLE } from './changes-table.ts';

/** Cells of several overlays that say the same. */
interface Value {
  cell: Cell;
  names: string[];
}

/** For more overlays than a table has room for columns. */
export function changesByValue(reports: readonly OverlayReport[]): Markup {
  const values = new Map<string, Value>();
  for (const report of reports)
    for (const cell of cellsOf(report)) {
      const key = [cell.group, cell.place, cell.field, cell.content.text].join('\0');
      const value = values.get(key) ?? { cell, names: [] };
      values.set(key, { cell, names: [...value.names, report.name] });
    }
  const all = [...values.values()];
  const groups = new Set(all.map(({ cell }) => cell.group));
  const isWhole = groups.delete(WHOLE);
  return html`<table class="stacked changes">
<thead><tr><th scope="col">Place</th><th scope="col">Value</th><th scope="col">Overlays</th><th scope="col">Follows from</th></tr></thead>
${[...groups, ...(isWhole ? [WHOLE] : [])].map((group) =>
  groupMarkup(
    group,
    all.filter(({ cell }) => cell.group === group),
    reports.length,
  ),
)}</table>
`;
}

function groupMarkup(group: string, values: readonly Value[], count: number): Markup {
  const places = [...new Set(values.map(({ cell }) => cell.place))];
  const rows = places.map((place) => {
    const own = values.filter(({ cell }) => cell.place === place);
    return html`${own.map((value, index) => rowMarkup(value, index === 0 ? own.length : 0, count))}`;
  });
  return html`<tbody>
<tr class="heading"><th scope="rowgroup" colspan="4">${breakable(group)}</th></tr>
${rows}</tbody>
`;
}

/** @param span - how many rows the place stands beside; 0 where it stands in a row above */
function rowMarkup({ cell, names }: Value, span: number, count: number): Markup {
  const { place, content, field } = cell;
  const who = names.length === count ? 'all' : names.join(', ');
  const first =
    span > 0 && html`<td data-name="Place" rowspan="${span}"><code>${breakable(place)}</code></td>`;
  return html`<tr>${first}<td data-name="Value">${content}</td><td data-name="Overlays">${breakable(who)}</td><td data-name="Follows from"><code>${breakable(field)}</code></td></tr>
`;
}
