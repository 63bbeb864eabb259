/** What the checks found, and what the function warned of. */

import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { IgnoredFinding } from '../../checks/shared/ignore.ts';
import { type Problem, type ResourceReference, resourceLabel } from '../../errors.ts';
import { breakable, html, type Markup, withCode } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';

export function findingsSection({ check, warnings }: OverlayReport): Markup {
  const { findings, ignored } = check;
  const count = findings.length + warnings.length;
  if (count + ignored.length === 0)
    return html`<p class="good">Nothing was found.</p>
`;
  return html`${
    count === 0 &&
    html`<p class="good">Nothing was found that is not accepted.</p>
`
  }<ul class="findings">
${findings.map(findingItem)}${warnings.map(warningItem)}${ignored.map(ignoredItem)}</ul>
`;
}

function findingItem(finding: Finding): Markup {
  const { code, severity, resource, path, message, mend } = finding;
  return item({
    tag: severity,
    code,
    message,
    resource,
    path,
    lines: [
      ['Why', CATALOGUE[code].why],
      ['Mend', mend],
    ],
  });
}

function warningItem({ code, severity, resource, path, message, mend }: Problem): Markup {
  return item({ tag: severity, code, message, resource, path, lines: [['Mend', mend]] });
}

function ignoredItem({ finding, reason }: IgnoredFinding): Markup {
  const { code, resource, path, message } = finding;
  return item({ tag: 'accepted', code, message, resource, path, lines: [['Because', reason]] });
}

interface Item {
  tag: 'error' | 'warning' | 'accepted';
  code: string;
  message: string;
  resource: ResourceReference | undefined;
  path: string | undefined;
  lines: readonly (readonly [name: string, text: string])[];
}

function item({ tag, code, message, resource, path, lines }: Item): Markup {
  const place = [resource && resourceLabel(resource), path].filter((part) => part !== undefined);
  return html`<li class="finding ${tag}"><p><span class="tag">${tag}</span> <strong>${withCode(message)}</strong> <code class="quiet">${code}</code></p>
${
  place.length > 0 &&
  html`<p class="place"><code>${breakable(place.join(', '))}</code></p>
`
}<dl>${lines.map(([name, text]) => html`<dt>${name}</dt><dd>${withCode(text)}</dd>`)}</dl></li>
`;
}
