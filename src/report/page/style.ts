/** How the page looks: on a wide screen, on a phone, on paper; its colours are those of the drawings. */
import { MAP_STYLE } from '../map/colors.ts';
import { FONTS } from '../map/text.ts';

const BASE = `* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 84rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1.25rem; }
h2 { font-size: 1.35rem; margin: 2.75rem 0 0.9rem; }
h3 { font-size: 1.1rem; margin: 1.9rem 0 0.7rem; }
h4 { font: 600 0.92rem/1.4 ${FONTS}; margin: 1.6rem 0 0.5rem; }
header p { margin: 0 0 0.2rem; }
p { margin: 0.4rem 0; }
a { color: var(--host-line); }
code, pre { font-family: ${FONTS}; font-size: 0.82rem; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
small { font-size: 0.78rem; }
summary { cursor: pointer; padding: 0.3rem 0; }
.quiet { color: var(--quiet); }
.bad { color: var(--broken); }
.good { color: var(--tls); font-weight: 600; }
:focus-visible { outline: 2px solid var(--host-line); outline-offset: 2px; }
details.overlay { border-top: 1px solid var(--service-line); }
details.overlay > summary { font-size: 1.35rem; font-weight: 700; padding: 0.7rem 0; }
details.overlay > section > h2 { display: none; }
section.overlay + section.overlay { border-top: 1px solid var(--service-line); margin-top: 3rem; }
`;

const FACTS = `.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); margin: 0; border: 1px solid var(--service); border-radius: 8px; overflow: hidden; }
.facts div { padding: 0.7rem 1rem; box-shadow: 1px 1px 0 var(--service); }
.facts dt { font-size: 0.8rem; color: var(--quiet); }
.facts dd { margin: 0.1rem 0 0; font-weight: 600; }
`;

const MAP = `figure { margin: 0; }
.drawing { overflow-x: auto; border: 1px solid var(--service); border-radius: 8px; padding: 1rem; }
.map { display: block; margin: 0 auto; width: 100%; height: auto; min-width: calc(var(--width) * 0.8); max-width: calc(var(--width) * 1.15); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; padding: 0; margin: 0.7rem 0; font-size: 0.85rem; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 0.45rem; }
.line { width: 2rem; border-top: 2px solid var(--plain); }
.secure-line { border-top: 3px solid var(--tls); }
.cut-line { border-top: 3px dashed var(--broken); }
.swatch { width: 1.1rem; height: 0.85rem; border-radius: 3px; border: 1.5px solid; }
${['host', 'entry', 'service', 'workload', 'outside']
  .map(
    (kind) => `.${kind}-swatch { background: var(--${kind}); border-color: var(--${kind}-line); }`,
  )
  .join('\n')}
.alarm { list-style: none; margin: 0 0 1rem; padding: 0.7rem 1rem; border-left: 4px solid var(--broken); background: var(--missing); color: var(--text); font-weight: 600; border-radius: 0 8px 8px 0; }
`;

const FINDINGS = `.findings { list-style: none; padding: 0; margin: 0; display: grid; gap: 0.8rem; }
.finding { border: 1px solid var(--service); border-left: 4px solid var(--service-line); border-radius: 0 8px 8px 0; padding: 0.6rem 1rem; }
.finding p { margin: 0.1rem 0; }
.finding dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 0.8rem; margin: 0.4rem 0 0; font-size: 0.9rem; }
.finding dt { color: var(--quiet); }
.finding dd { margin: 0; min-width: 0; }
.finding.error { border-left-color: var(--broken); }
.finding.warning { border-left-color: var(--outside-line); }
.tag { font-size: 0.75rem; font-weight: 700; padding: 0.1rem 0.5rem; border-radius: 99px; border: 1.5px solid currentColor; }
.error .tag { color: var(--broken); }
.warning .tag { color: var(--outside-line); }
.fixed .tag { color: var(--tls); }
.finding.fixed { border-left-color: var(--tls); }
.accepted .tag { color: var(--quiet); }
`;

const CHECKLIST = `.checklist { list-style: none; padding: 0; margin: 0; font-size: 0.95rem; }
.checklist li { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0.2rem 1rem; padding: 0.5rem 0; border-bottom: 1px solid var(--service); }
.checklist strong { font-weight: 500; }
.checklist code { overflow-wrap: anywhere; }
.state { font-weight: 600; }
.pass .state { color: var(--tls); }
.fail .state { color: var(--broken); }
.unseen .state { color: var(--outside-line); }
.other .state { color: var(--quiet); }
`;

const TABLES = `table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.8rem 0.45rem 0; border-bottom: 1px solid var(--service); }
thead th { font-size: 0.8rem; font-weight: 600; color: var(--quiet); }
.changes { table-layout: fixed; }
.changes thead th:first-child { width: 30%; }
.changes thead th:last-child { width: 20%; }
.changes code, .compare code, .links code { overflow-wrap: anywhere; }
.old { color: var(--broken); }
.new { color: var(--tls); }
pre.old, pre.new { padding-left: 0.6rem; border-left: 2px solid currentColor; }
.added, .removed { border-left: 3px solid var(--tls); padding-left: 0.8rem; margin: 0.4rem 0; }
.removed { border-left-color: var(--broken); }
.added pre, .removed pre { padding: 0.5rem 0; }
.wide { overflow-x: auto; }
.compare th[scope='row'] { min-width: 9rem; font-weight: 400; color: var(--quiet); }
.compare td { min-width: 11rem; }
.facts-table td:nth-last-child(n + 5), .facts-table td:nth-last-child(n + 5) ~ td { min-width: 7rem; padding-right: 0.5rem; }
.facts-table th[scope='row'] { position: sticky; left: 0; background: var(--ground); }
.compare thead th { font-size: 0.95rem; color: var(--text); }
.heading th { font: 600 0.88rem/1.4 ${FONTS}; padding-top: 1.4rem; }
.matrix th[scope='row'] { width: 26%; }
.matrix small { display: block; }
.cut-row { background: var(--missing); }
`;

/** Tables become a card for each row. */
const NARROW = `@media (max-width: 46rem) {
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
.drawing { padding: 0.5rem; }
.checklist li { grid-template-columns: minmax(0, 1fr); }
.matrix .empty { display: none; }
.stacked, .stacked tbody, .stacked tr, .stacked td, .compare, .compare tbody, .compare tr, .compare td, .compare th[scope='row'], .heading th { display: block; width: auto; }
.facts-table th[scope='row'] { position: static; }
.stacked thead, .compare thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.stacked tr, .compare tr { border-bottom: 1px solid var(--service-line); padding: 0.5rem 0; }
.stacked td, .compare td { border: 0; padding: 0.15rem 0; display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.6rem; }
.compare th[scope='row'] { border: 0; padding: 0.15rem 0; font-weight: 600; }
.stacked td::before { content: attr(data-name); color: var(--quiet); font-size: 0.8rem; }
.compare td::before { content: attr(data-overlay); color: var(--quiet); font-size: 0.8rem; }
.stacked td > :nth-child(n + 2) { grid-column: 2; }
}
`;

const PAPER = `@page { margin: 14mm; }
@media print {
body { max-width: none; padding: 0; font-size: 10pt; }
.drawing { overflow: visible; border: 0; padding: 0; }
.map { min-width: 0; max-height: 235mm; }
figure, .finding, .checklist li, tr, .facts div { break-inside: avoid; }
h2, h3, h4 { break-after: avoid; }
details::details-content { content-visibility: visible; }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** The style sheet as text, for the page's one `style` element. */
export const PAGE_STYLE = [
  BASE,
  MAP_STYLE,
  FACTS,
  MAP,
  CHECKLIST,
  FINDINGS,
  TABLES,
  NARROW,
  PAPER,
].join('');
