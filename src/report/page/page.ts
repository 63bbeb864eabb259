/** The whole report as one HTML page that needs nothing else: no script, no font, no request. */
import { schemes } from '../map/colors.ts';
import { brokenLinks } from '../map/traffic-map.ts';
import { html, Markup } from '../markup.ts';
import type { OverlayReport } from '../overlay-report.ts';
import { changesByValue } from './changes-by-value.ts';
import { changesSection } from './changes-section.ts';
import { changesTable } from './changes-table.ts';
import { checklistSection } from './checklist-section.ts';
import { differencesSection } from './differences-section.ts';
import { anchorOf, factsSection } from './facts-section.ts';
import { findingsSection } from './findings-section.ts';
import { mapSection } from './map-section.ts';
import { PAGE_STYLE } from './style.ts';

/** More overlays than that are folded, and compared by value: columns would leave the screen. */
const MOST_AT_A_GLANCE = 4;

/** The text of the file. Everything from manifests is escaped. */
export function page(reports: readonly OverlayReport[]): string {
  const isSingle = reports.length === 1;
  const names = reports.map(({ name }) => name).join(', ');
  const isLong = reports.length > MOST_AT_A_GLANCE;
  const title = isLong ? `Network of ${reports.length} overlays` : `Network of ${names}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
${new Markup(schemes(':root'))}${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<p class="quiet">${reports.map(({ overlay }) => overlay).join(', ')}</p>
<h1>${title}</h1>
${factsSection(reports)}</header>
<main>
${reports.map((report) => (isLong ? foldedSection(report) : overlaySection(report, isSingle)))}${
  !isSingle &&
  html`<section>
<h2>Every change, ${isLong ? 'by value' : 'side by side'}</h2>
<p class="quiet">New values, each with the config field that it follows from.</p>
${isLong ? changesByValue(reports) : changesTable(reports)}</section>
`
}</main>
</body>
</html>
`.text;
}

/** Open where there is something to look at. */
function foldedSection(report: OverlayReport): Markup {
  const { check, against, map, name } = report;
  const errors = check.findings.filter(({ severity }) => severity === 'error').length;
  const isOpen = errors + brokenLinks(map).length + (against?.findings.fresh.size ?? 0) > 0;
  return html`<details class="overlay"${isOpen && new Markup(' open')}><summary>${name}</summary>
${overlaySection(report, false)}</details>
`;
}

function overlaySection(report: OverlayReport, isSingle: boolean): Markup {
  const id = anchorOf(report.name);
  const heading = (text: string) => (isSingle ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`);
  return html`<section class="overlay" id="${id}">
${
  !isSingle &&
  html`<h2>${report.name}</h2>
`
}${heading('Who talks to whom')}
${mapSection(report.map, report.name, id)}${heading('Checklist')}
${checklistSection(report.checklist)}${heading('Findings')}
${findingsSection(report)}${
  report.against &&
  html`${heading(`What differs from ${report.against.name}`)}
${differencesSection(report.against)}`
}${
  isSingle &&
  html`${heading('Every change, and why')}
${changesSection(report.changes)}`
}</section>
`;
}
