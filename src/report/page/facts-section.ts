/** The facts of one overlay as a list, of several as a table. */
import { breakable, html, type Markup } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';
import { type Fact, factsOf } from './facts.ts';

/** Facts that no overlay has are left out. */
export function factsSection(reports: readonly OverlayReport[]): Markup {
  const [only] = reports;
  return reports.length === 1 && only ? factList(factsOf(only)) : factTable(reports);
}

function factList(facts: readonly Fact[]): Markup {
  const rows = facts
    .filter(({ value }) => value !== undefined)
    .map(
      (fact) => html`<div><dt>${fact.name}</dt><dd>${factMarkup(fact)}</dd></div>
`,
    );
  return html`<dl class="facts">
${rows}</dl>
`;
}

function factTable(reports: readonly OverlayReport[]): Markup {
  const columns = reports.map(factsOf);
  const names = columns[0]?.map(({ name }) => name) ?? [];
  const rows = names
    .map((name, index) => ({ name, facts: columns.flatMap((facts) => facts[index] ?? []) }))
    .filter(({ facts }) => facts.some(({ value }) => value !== undefined))
    .map(
      ({ name, facts }) => html`<tr><th scope="row">${name}</th>${facts.map(
        (fact, index) => html`<td data-overlay="${reports[index]?.name}">${factMarkup(fact)}</td>`,
      )}</tr>
`,
    );
  return html`<div class="wide"><table class="compare facts-table">
<thead><tr><td></td>${reports.map(({ name }) => html`<th scope="col"><a href="#${anchorOf(name)}">${name}</a></th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>
`;
}

function factMarkup({ value, isCode, isBad }: Fact): Markup {
  if (value === undefined) return html`<span class="quiet">–</span>`;
  if (isCode) return html`<code>${breakable(value)}</code>`;
  return isBad ? html`<strong class="bad">${value}</strong>` : html`${value}`;
}

/** The id of an overlay's section. */
export function anchorOf(name: string): string {
  return `overlay-${name.replace(/[^A-Za-z0-9-]/g, '-')}`;
}
