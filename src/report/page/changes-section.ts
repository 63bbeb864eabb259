/** Every change of one overlay with its reason, below the resource that it is in. */
import { resourceLabel } from '../../errors.ts';
import type { Json } from '../../yaml/json.ts';
import { printYaml } from '../../yaml/yaml.ts';
import {
  type Change,
  type Changes,
  countChanges,
  headingOf,
  type ResourceChange,
  valueText,
} from '../changes.ts';
import { breakable, html, type Markup } from '../markup.ts';

/** One part for each call of the function. */
export function changesSection(all: readonly Changes[]): Markup {
  if (all.length === 0)
    return html`<p>No DomainConfig took part in this build: nothing was changed.</p>
`;
  return html`${all.map((changes) =>
    countChanges(changes) === 0
      ? html`<p>DomainConfig ${changes.config} changes nothing: every value is there already.</p>
`
      : html`${table(changes.changed)}${wholes('added', changes.added)}${wholes('removed', changes.removed)}`,
  )}`;
}

function table(changes: readonly Change[]): Markup | undefined {
  if (changes.length === 0) return undefined;
  const headings = [...new Set(changes.map((change) => headingOf(change)))];
  return html`<table class="stacked changes">
<thead><tr><th scope="col">Place</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Follows from</th></tr></thead>
${headings.map(
  (heading) => html`<tbody>
<tr class="heading"><th scope="rowgroup" colspan="4">${breakable(heading)}</th></tr>
${changes.filter((change) => headingOf(change) === heading).map(row)}</tbody>
`,
)}</table>
`;
}

function row(change: Change): Markup {
  return html`<tr><td data-name="Place"><code>${breakable(change.path)}</code></td><td data-name="Before">${valueMarkup(change.old, 'old')}</td><td data-name="After">${valueMarkup(change.new, 'new')}</td><td data-name="Follows from"><code>${breakable(change.field)}</code></td></tr>
`;
}

function wholes(word: 'added' | 'removed', list: readonly ResourceChange[]): Markup | undefined {
  if (list.length === 0) return undefined;
  const title = word === 'added' ? 'Resources that are added' : 'Resources that are taken away';
  return html`<section class="group"><h4>${title}</h4>
${list.map(
  (
    one,
  ) => html`<details class="${word}"><summary><strong>${resourceLabel(one.resource)}</strong> <span class="quiet">follows from</span> <code>${breakable(one.field)}</code></summary>
<pre tabindex="0">${printYaml(one.json)}</pre></details>
`,
)}</section>
`;
}

/** A value as it would stand in a manifest; what takes several lines is set as a block. */
export function valueMarkup(value: Json | undefined, side: 'old' | 'new'): Markup {
  if (value === undefined)
    return html`<span class="quiet">${side === 'old' ? 'nothing' : 'taken away'}</span>`;
  const text = valueText(value);
  return text.includes('\n')
    ? html`<pre class="${side}" tabindex="0">${text}</pre>`
    : html`<code class="${side}">${breakable(text)}</code>`;
}
