/** What is written in a box and beside a line, and how much room it takes. */
import { widthOf, wrap } from './text.ts';
import type { MapLink, MapNode, TrafficMap } from './traffic-map.ts';

type LineRole = 'title' | 'name' | 'detail' | 'lock';

interface BoxLine {
  role: LineRole;
  text: string;
  /** Of the baseline, from the top of the box. */
  y: number;
}

/** The box of one node; sizes in pixels. */
export interface Box {
  width: number;
  height: number;
  lines: BoxLine[];
}

/** Sizes in pixels. */
export const SIZES: Readonly<Record<LineRole, number>> = {
  title: 11,
  name: 13,
  detail: 11,
  lock: 11,
};
/** Height of the letters beside a line, in pixels. */
export const LABEL_SIZE = 11;
const LEADING = 1.4;
const PADDING = 12;
const LONGEST = 30;
/** Room for the lock in front of the text. */
export const LOCK_WIDTH = 15;

/** Wraps what is written in it. Widths are estimated: there is no font here to measure with. */
export function boxOf(node: MapNode): Box {
  const linesOf = (role: LineRole, texts: readonly string[], longest = LONGEST) =>
    texts.flatMap((text) => wrap(text, longest)).map((text) => ({ role, text }));
  const texts = [
    ...linesOf('title', [node.title]),
    ...linesOf('name', [node.name]),
    ...linesOf('lock', node.endsTls ? ['TLS ends here'] : []),
    ...linesOf('detail', node.details, LONGEST + 4),
  ];
  let y = PADDING;
  const lines = texts.map(({ role, text }, index) => {
    const size = SIZES[role];
    y += size * LEADING + (index > 0 && role !== texts[index - 1]?.role ? 3 : 0);
    return { role, text, y: Math.round(y - size * 0.35) };
  });
  const widths = lines.map(
    ({ role, text }) => widthOf(text, SIZES[role]) + (role === 'lock' ? LOCK_WIDTH : 0),
  );
  return {
    width: Math.ceil(Math.max(96, ...widths) + 2 * PADDING),
    height: Math.ceil(y + PADDING - 4),
    lines,
  };
}

/** What stands beside a link: what its neighbours say already is left out. */
export function labelOf(link: MapLink, map: TrafficMap): string[] {
  if (link.broken !== undefined)
    return [spoken(link), ...wrap(link.broken, LONGEST)].filter(Boolean);
  const isRepeated = map.links.some(({ to, port }) => to === link.from && port === link.port);
  const kind = map.nodes.find(({ id }) => id === link.from)?.kind;
  if (kind === 'host' && isRepeated) return [];
  if (kind === 'service') return link.port ? [`:${link.port}`] : [];
  return [spoken(link), ...(link.purpose ? wrap(link.purpose, LONGEST) : [])];
}

/** `gRPC + TLS :443`. */
export function spoken({ protocol, port, tls }: MapLink): string {
  const saysTls = !tls || /TLS|HTTPS/.test(protocol);
  return `${protocol}${saysTls ? '' : ' + TLS'}${port ? ` :${port}` : ''}`;
}

/** Room for a label, in pixels; none where it has no lines. */
export function labelSize(lines: readonly string[]): { width: number; height: number } {
  if (lines.length === 0) return { width: 0, height: 0 };
  const width = Math.max(...lines.map((line) => widthOf(line, LABEL_SIZE)));
  return {
    width: Math.ceil(width + 8),
    height: Math.ceil(lines.length * LABEL_SIZE * LEADING + 4),
  };
}

/** From one line of a label to the next, in pixels. */
export const LABEL_LEADING = LABEL_SIZE * LEADING;
