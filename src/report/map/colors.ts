/** The colours of a drawing, in light and in dark; text on its ground has a contrast of at least 4.5. */
import { FONTS } from './text.ts';

const LIGHT = `
  --ground: #ffffff; --text: #1c2128; --quiet: #535c68; --plain: #6b7683; --tls: #1a6f3c; --broken: #b3211a;
  --client: #ffffff; --client-line: #8b949e; --host: #e6f0fd; --host-line: #2a67c4;
  --entry: #efe9fc; --entry-line: #7048c6; --service: #f3f4f6; --service-line: #7d8794;
  --workload: #e7f5ec; --workload-line: #2f7f4c; --outside: #fcf3df; --outside-line: #94670f;
  --missing: #fdeceb; --missing-line: #b3211a;`;

const DARK = `
  --ground: #14181d; --text: #e6eaef; --quiet: #a5afba; --plain: #8e99a5; --tls: #5fc98a; --broken: #ff8078;
  --client: #14181d; --client-line: #77818c; --host: #152a47; --host-line: #6ba3f5;
  --entry: #2a2145; --entry-line: #a98cf0; --service: #222830; --service-line: #8a95a1;
  --workload: #16301f; --workload-line: #58b67b; --outside: #332812; --outside-line: #d3a347;
  --missing: #3f1a18; --missing-line: #ff8078;`;

/** Colours as custom properties of an element, for screens in either scheme and for paper. */
export function schemes(selector: string): string {
  return `${selector} {${LIGHT}\n}
@media screen and (prefers-color-scheme: dark) {
${selector} {${DARK}\n}
}
`;
}

const KINDS = ['client', 'host', 'entry', 'route', 'service', 'workload', 'outside', 'missing'];

function boxStyle(kind: string): string {
  const color = kind === 'route' ? 'entry' : kind;
  return `.map .${kind} .box { fill: var(--${color}); stroke: var(--${color}-line); }`;
}

/** How the parts of a drawing look. */
export const MAP_STYLE = `.map text { font-family: ${FONTS}; fill: var(--text); }
.map .title, .map .detail { font-size: 11px; fill: var(--quiet); }
.map .name { font-size: 13px; font-weight: 600; }
.map .lock { font-size: 11px; font-weight: 600; fill: var(--tls); }
.map .shackle { fill: none; stroke: var(--tls); stroke-width: 1.5; }
.map .case { fill: var(--tls); }
.map .label { font-size: 11px; text-anchor: middle; }
.map .behind { fill: var(--ground); }
.map .box { stroke-width: 1.5; }
${KINDS.map(boxStyle).join('\n')}
.map .outside .box, .map .client .box { stroke-dasharray: 5 3; }
.map .missing .box { stroke-width: 2.5; stroke-dasharray: 6 4; }
.map .missing .title, .map .missing .name { fill: var(--broken); }
.map .link { fill: none; stroke-width: 1.5; stroke: var(--plain); }
.map .head { fill: var(--plain); }
.map .secure .link { stroke: var(--tls); stroke-width: 2.5; }
.map .secure .head { fill: var(--tls); }
.map .cut .link { stroke: var(--broken); stroke-width: 2.5; stroke-dasharray: 7 5; }
.map .cut .head { fill: var(--broken); }
.map .cut .label { fill: var(--broken); font-weight: 600; }
`;
