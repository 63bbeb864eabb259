/** The changes of several overlays side by side: a row for each place, a column for each overlay. */
import { printYaml } from '../../yaml/yaml.ts';
import type { Change, ResourceChange } from '../changes.ts';
import { breakable, html, type Markup } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';
import { valueMarkup } from './changes-section.ts';

type Cell = { field: string; content: Markup };

interface Row {
  group: string;
  place: string;
  cells: Map<OverlayReport, Cell[]>;
}

export function changesTable(reports: readonly OverlayReport[]): Markup {
  const rows = rowsOf(reports);
  const groupNames = [...new Set(rows.map(({ group }) => group))];
  return html`<div class="wide"><table class="compare matrix">
<thead><tr><th scope="col">Place</th>${reports.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
${groupNames.map(
  (name) => html`<tbody>
<tr class="heading"><th scope="rowgroup" colspan="${reports.length + 1}">${breakable(name)}</th></tr>
${rows.filter(({ group }) => group === name).map((row) => rowMarkup(row, reports))}</tbody>
`,
)}</table></div>
`;
}

function rowMarkup({ place, cells }: Row, reports: readonly OverlayReport[]): Markup {
  const columns = reports.map((report) => {
    const own = cells.get(report) ?? [];
    return own.length === 0
      ? html`<td class="empty quiet">–</td>`
      : html`<td data-overlay="${report.name}"><div>${own.map(cellMarkup)}</div></td>`;
  });
  return html`<tr><th scope="row"><code>${breakable(place)}</code></th>${columns}</tr>
`;
}

function cellMarkup({ content, field }: Cell): Markup {
  return html`${content}<small class="quiet">${breakable(field)}</small>`;
}

/** The heading above resources that are added or taken away as a whole. */
const WHOLE = 'Whole resources';

/** Resources are matched by the names that they have in their base. */
function rowsOf(reports: readonly OverlayReport[]): Row[] {
  const rows = new Map<string, Row>();
  const add = (report: OverlayReport, group: string, place: string, cell: Cell) => {
    const key = JSON.stringify([group, place]);
    const row = rows.get(key) ?? { group, place, cells: new Map() };
    row.cells.set(report, [...(row.cells.get(report) ?? []), cell]);
    rows.set(key, row);
  };
  for (const report of reports)
    for (const { changed, added, removed } of report.changes) {
      for (const change of changed)
        add(report, groupOf(change), change.path, {
          field: change.field,
          content: valueMarkup(change.new, 'new'),
        });
      for (const [list, word] of [
        [added, 'added'],
        [removed, 'taken away'],
      ] as const)
        for (const one of list)
          add(report, WHOLE, wholeName(one), {
            field: one.field,
            content: wholeMarkup(word, one),
          });
    }
  const isLast = ({ group }: Row) => Number(group === WHOLE);
  return [...rows.values()].sort((left, right) => isLast(left) - isLast(right));
}

function wholeMarkup(word: string, { json }: ResourceChange): Markup {
  return html`<details><summary>${word}</summary><pre tabindex="0">${printYaml(json)}</pre></details>`;
}

function groupOf({ resource, baseName, document }: Change): string {
  return `${resource.kind} ${baseName}${document === undefined ? '' : `, data[${document}]`}`;
}

function wholeName({ resource, baseName }: ResourceChange): string {
  return `${resource.kind} ${baseName}`;
}
