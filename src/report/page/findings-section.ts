/** What the checks found, and what the function warned of. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import { placeOf } from '../../errors.ts';
import { breakable, html, type Markup, withCode } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';

export function findingsSection({ check }: OverlayReport): Markup {
  const { findings, ignored } = check;
  const count = findings.length;
  if (count + ignored.length === 0)
    return html`<p class="good">Nothing was found.</p>
`;
  return html`${
    count === 0 &&
    html`<p class="good">Nothing was found that is not accepted.</p>
`
  }<ul class="findings">
${findings.map((found) =>
  item(found.severity, found, [
    ['Found', found.found],
    ['Expected', found.expected],
    ['Why', CATALOGUE[found.code].why],
    ['Mend', found.mend],
  ]),
)}${ignored.map(({ finding, reason }) => item('accepted', finding, [['Because', reason]]))}</ul>
`;
}

/** @param rows - what is said about it: a name and a text each, where there is one */
function item(
  tag: 'error' | 'warning' | 'accepted',
  found: Finding,
  rows: readonly (readonly [string, string?])[],
): Markup {
  const place = placeOf(found);
  const lines = rows.flatMap(([name, text]) => (text ? [[name, text] as const] : []));
  return html`<li class="finding ${tag}"><p><span class="tag">${tag}</span> <strong>${withCode(found.message)}</strong> <code class="quiet">${found.code}</code></p>
${
  place !== '' &&
  html`<p class="place"><code>${breakable(place)}</code></p>
`
}<dl>${lines.map(([name, text]) => html`<dt>${name}</dt><dd>${withCode(text)}</dd>`)}</dl></li>
`;
}
