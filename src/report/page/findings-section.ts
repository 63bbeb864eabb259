/** What the checks found, and what the function warned of. */
import type { Finding } from '../../checks/check.ts';
import type { CheckResult } from '../../checks/index.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { IgnoredFinding } from '../../checks/shared/ignore.ts';
import { fileOf, placeOf, plural } from '../../errors.ts';
import { breakable, html, type Markup, withCode } from '../markup.ts';
import type { Against, OverlayReport } from '../overlay-report.ts';

/** Beside another state, what is new and what is gone comes first. */
export function findingsSection({ check, against }: OverlayReport): Markup {
  const { findings, ignored } = check;
  if (against) return comparedSection(check, against);
  const count = findings.length;
  if (count + ignored.length === 0)
    return html`<p class="good">Nothing was found.</p>
`;
  return html`${
    count === 0 &&
    html`<p class="good">Nothing was found that is not accepted.</p>
`
  }${listOf([...findings.map((found) => foundItem(found)), ...ignored.map(acceptedItem)])}`;
}

/** What is new and what is fixed first; what was there before is one click away. */
function comparedSection(
  { findings, ignored }: CheckResult,
  { name, findings: compared }: Against,
) {
  const { fresh, fixed } = compared;
  const before = findings.filter((found) => !fresh.has(found));
  const changed = [
    ...findings.filter((found) => fresh.has(found)).map((found) => foundItem(found, 'new')),
    ...fixed.map((found) => item('fixed', found, [])),
  ];
  const rest = [...before.map((found) => foundItem(found)), ...ignored.map(acceptedItem)];
  return html`${
    changed.length === 0
      ? html`<p class="good">Nothing new was found, against ${name}.</p>
`
      : listOf(changed)
  }${
    rest.length > 0 &&
    html`<details><summary>${plural(before.length, 'finding')} as in ${name}${ignored.length > 0 && `, ${ignored.length} accepted`}</summary>
${listOf(rest)}</details>
`
  }`;
}

function listOf(items: readonly Markup[]): Markup {
  return html`<ul class="findings">
${items}</ul>
`;
}

function foundItem(found: Finding, mark?: 'new'): Markup {
  const rows = [
    ['Found', found.found],
    ['Expected', found.expected],
    ['Why', CATALOGUE[found.code].why],
    ['Fix', found.fix],
  ] as const;
  return item(found.severity, found, rows, mark);
}

function acceptedItem({ finding, reason }: IgnoredFinding): Markup {
  return item('accepted', finding, [['Because', reason]]);
}

/** @param rows - what is said about it: a name and a text each, where there is one */
function item(
  tag: 'error' | 'warning' | 'accepted' | 'fixed',
  found: Finding,
  rows: readonly (readonly [string, string?])[],
  mark?: string,
): Markup {
  const place = [fileOf(found), placeOf(found)].filter(Boolean).join(', ');
  const lines = rows.flatMap(([name, text]) => (text ? [[name, text] as const] : []));
  return html`<li class="finding ${tag}"><p>${mark && html`<span class="tag">${mark}</span> `}<span class="tag">${tag}</span> <strong>${withCode(found.message)}</strong> <code class="quiet">${found.code}</code></p>
${
  place !== '' &&
  html`<p class="place"><code>${breakable(place)}</code></p>
`
}<dl>${lines.map(([name, text]) => html`<dt>${name}</dt><dd>${withCode(text)}</dd>`)}</dl></li>
`;
}
