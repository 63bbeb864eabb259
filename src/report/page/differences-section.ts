/** What the function does otherwise than in another state, below the resource that it is in. */
import { resourceLabel } from '../../errors.ts';
import { printYaml } from '../../yaml/yaml.ts';
import type { Comparison, Difference } from '../compare.ts';
import { breakable, html, type Markup } from '../markup.ts';
import type { Against } from '../overlay-report.ts';
import { valueMarkup } from './changes-section.ts';

/** A sentence where nothing differs, or where it cannot be seen. */
export function differencesSection({ name, changes }: Against): Markup {
  if (!changes)
    return html`<p>${name} is rendered: what the function did there is not seen any more.</p>
`;
  if (changes.differences.length === 0)
    return html`<p class="good">The function writes the same as in ${name}.</p>
`;
  return table(name, changes);
}

function table(name: string, { differences, unchanged }: Comparison): Markup {
  const headings = [...new Set(differences.map(headingOf))];
  return html`<table class="stacked changes">
<thead><tr><th scope="col">Place</th><th scope="col">${name}</th><th scope="col">Here</th><th scope="col">Follows from</th></tr></thead>
${headings.map(
  (heading) => html`<tbody>
<tr class="heading"><th scope="rowgroup" colspan="4">${breakable(heading)}</th></tr>
${differences.filter((one) => headingOf(one) === heading).map(row)}</tbody>
`,
)}</table>
<p class="quiet">${unchanged} more are the same in both.</p>
`;
}

const WHOLE = 'Whole resources';

function headingOf({ what, resource, document }: Difference): string {
  if (what !== 'value') return WHOLE;
  const label = resourceLabel(resource);
  return document === undefined ? label : `${label}, data[${document}]`;
}

function row(one: Difference): Markup {
  const { what, state, path, resource, field } = one;
  const place = what === 'value' ? (path ?? '') : resourceLabel(resource);
  const [there, here] = what === 'value' ? valuesOf(one) : wholesOf(one);
  return html`<tr><td data-name="Place"><code>${breakable(place)}</code> <small class="quiet">${state}</small></td><td data-name="There">${there}</td><td data-name="Here">${here}</td><td data-name="Follows from"><code>${breakable(field)}</code></td></tr>
`;
}

function valuesOf({ state, there, here }: Difference): [Markup, Markup] {
  const untouched = html`<span class="quiet">not changed</span>`;
  return [
    state === 'new' ? untouched : valueMarkup(there, 'old'),
    state === 'gone' ? untouched : valueMarkup(here, 'new'),
  ];
}

function wholesOf({ what, there, here }: Difference): [Markup, Markup] {
  return [there, here].map((json) =>
    json === undefined
      ? html`<span class="quiet">not ${what}</span>`
      : html`<details><summary>${what}</summary><pre tabindex="0">${printYaml(json)}</pre></details>`,
  ) as [Markup, Markup];
}
