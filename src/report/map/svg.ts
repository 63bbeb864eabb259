/** The traffic map as SVG. */
import { escapeMarkup } from '../markup.ts';
import { LABEL_LEADING, LABEL_SIZE, LOCK_WIDTH } from './boxes.ts';
import { MAP_STYLE, schemes } from './colors.ts';
import type { Course, PlacedLink, PlacedNode, Point } from './courses.ts';
import { place } from './layout.ts';
import { brokenLinks, type TrafficMap } from './traffic-map.ts';

interface SvgOptions {
  /** Of what it is a map; it is also the drawing's name for who cannot see it. */
  title: string;
  /** Unique in the page. */
  id: string;
  /** Whether it brings its colours along: a file of its own has to. */
  standalone: boolean;
}

/** A drawing that scales with its width. */
export function drawSvg(map: TrafficMap, { title, id, standalone }: SvgOptions): string {
  const { width, height, nodes, links } = place(map);
  const style = standalone ? `<style>\n${schemes('.map')}${MAP_STYLE}</style>\n` : '';
  const ground = standalone ? `<rect class="behind" width="${width}" height="${height}"/>\n` : '';
  // In a page it may shrink a little and grow a little, so that it can be read; in a file of its own it has its size.
  const size = standalone ? '' : ` style="--width: ${width}px"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" aria-labelledby="${id}-title ${id}-description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"${size}>
<title id="${id}-title">${escapeMarkup(title)}</title>
<desc id="${id}-description">${escapeMarkup(describe(map))}</desc>
${style}${ground}${links.map(drawLink).join('')}${nodes.map(drawNode).join('')}${links.map(drawLabel).join('')}</svg>
`;
}

/** What the drawing shows, in a sentence or two. */
export function describe(map: TrafficMap): string {
  const hosts = map.nodes.filter(({ kind }) => kind === 'host').map(({ name }) => name);
  const ends = map.nodes
    .filter(({ endsTls }) => endsTls)
    .map(({ title, name }) => `${title} ${name}`);
  const broken = brokenLinks(map).map((link) => link.broken);
  return [
    hosts.length > 0 ? `Public hosts: ${hosts.join(', ')}.` : 'No public host.',
    ends.length > 0 ? `TLS ends at ${ends.join(', ')}.` : 'No TLS ends here.',
    broken.length > 0 ? `Broken: ${broken.join('; ')}.` : 'No link is broken.',
  ].join(' ');
}

function drawNode({ node, box, x, y }: PlacedNode): string {
  const left = round(x - box.width / 2);
  const top = round(y - box.height / 2);
  const lines = box.lines.map(({ role, text, y: line }) => {
    const indent = role === 'lock' ? LOCK_WIDTH : 0;
    const lock = role === 'lock' ? drawLock(12, line) : '';
    return `${lock}<text class="${role}" x="${12 + indent}" y="${line}">${escapeMarkup(text)}</text>`;
  });
  const corner = node.kind === 'client' ? Math.min(22, box.height / 2) : 7;
  return `<g class="node ${node.kind}" transform="translate(${left} ${top})"><rect class="box" width="${box.width}" height="${box.height}" rx="${corner}"/>${lines.join('')}</g>
`;
}

/** A padlock of nine by ten pixels that stands on a baseline. */
function drawLock(x: number, baseline: number): string {
  const top = baseline - 9;
  return `<path class="shackle" d="M${x + 2} ${top + 4}v-2a2.5 2.5 0 0 1 5 0v2"/><rect class="case" x="${x}" y="${top + 4}" width="9" height="6" rx="1"/>`;
}

function drawLink({ link, course }: PlacedLink): string {
  const kind = link.broken !== undefined ? 'cut' : link.tls ? 'secure' : 'plain';
  return `<g class="${kind}"><path class="link" d="${curve(course)}"/><path class="head" d="${arrowHead(course)}"/></g>
`;
}

function drawLabel({ link, label }: PlacedLink): string {
  const { lines, width, height, x, y } = label;
  if (lines.length === 0) return '';
  const top = y - height / 2;
  const texts = lines.map(
    (line, index) =>
      `<text class="label" x="${round(x)}" y="${round(top + 2 + LABEL_LEADING * (index + 1) - LABEL_SIZE * 0.35)}">${escapeMarkup(line)}</text>`,
  );
  return `<g class="${link.broken === undefined ? 'whole' : 'cut'}"><rect class="behind" x="${round(x - width / 2)}" y="${round(top)}" width="${width}" height="${height}"/>${texts.join('')}</g>
`;
}

/** Straight where the course is straight down, an S in between. */
function curve(course: Course): string {
  return course
    .map((point, index) => {
      const before = course[index - 1];
      if (!before) return `M${at(point)}`;
      if (before.x === point.x) return before.y === point.y ? '' : `V${round(point.y)}`;
      const middle = (before.y + point.y) / 2;
      return `C${at({ x: before.x, y: middle })} ${at({ x: point.x, y: middle })} ${at(point)}`;
    })
    .join('');
}

/** It points the way in which every course ends: straight down, or up. */
function arrowHead(course: Course): string {
  const last = course.at(-1) ?? { x: 0, y: 0 };
  const before = course.findLast(({ y }) => y !== last.y) ?? last;
  const back = last.y >= before.y ? -9 : 9;
  return `M${at(last)}l-4.5 ${back}h9Z`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
