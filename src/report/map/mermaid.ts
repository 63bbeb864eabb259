/** The traffic map as a Mermaid flow chart, which GitHub and GitLab draw in Markdown. */
import { inJson, onOneLine } from '../../foreign-text.ts';
import { spoken } from './boxes.ts';
import type { MapLink, MapNode, NodeKind, TrafficMap } from './traffic-map.ts';

/** Brackets of each kind's shape. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  client: ['([', '])'],
  host: ['([', '])'],
  entry: ['[/', '/]'],
  route: ['[/', '/]'],
  service: ['[', ']'],
  workload: ['[[', ']]'],
  outside: ['[(', ')]'],
  missing: ['{{', '}}'],
};

/** The text of the chart without a code fence. Names from manifests are quoted: none of them can become syntax. */
export function drawMermaid(map: TrafficMap, title: string): string {
  const names = new Map(map.nodes.map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string) => names.get(id) ?? '';
  const broken = map.links.flatMap(({ broken: why }, index) => (why === undefined ? [] : [index]));
  const missing = map.nodes.filter(({ kind }) => kind === 'missing').map(({ id }) => nameOf(id));
  const lines = [
    '---',
    `title: ${inJson(JSON.stringify(title)).replaceAll('<', '\\u003c')}`,
    '---',
    'flowchart TB',
    ...map.nodes.map((node) => `  ${nameOf(node.id)}${box(node)}`),
    ...map.links.map((link) => `  ${nameOf(link.from)} ${arrow(link)} ${nameOf(link.to)}`),
    ...(missing.length > 0 ? [`  style ${missing.join(',')} stroke:#b3211a,stroke-width:3px`] : []),
    ...(broken.length > 0 ? [`  linkStyle ${broken.join(',')} stroke:#b3211a,color:#b3211a`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function box({ kind, title, name, details, endsTls }: MapNode): string {
  const [open, close] = SHAPES[kind];
  const lines = [title, name, ...(endsTls ? ['TLS ends here'] : []), ...details];
  return `${open}"${lines.map(quote).join('<br>')}"${close}`;
}

/** Thick where it is encrypted, dotted where it is broken. */
function arrow(link: MapLink): string {
  const text = [spoken(link), link.purpose, link.broken].filter((part) => part !== undefined);
  const line = link.broken !== undefined ? '-.->' : link.tls ? '==>' : '-->';
  return `${line}|"${text.map(quote).join('<br>')}"|`;
}

/** Mermaid takes characters by number where they could mean something to it. */
function quote(text: string): string {
  return onOneLine(text).replace(
    /[^\w .,:/+()*=@-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
