/**
 * The ways that lines take between the places that the layout gave: straight down through each row of boxes, bent only in
 * the space between two rows. So no line touches a box that it has nothing to do with.
 */
import type { Box } from './boxes.ts';
import type { MapLink, MapNode } from './traffic-map.ts';

/** In pixels, from the upper left corner of the drawing. */
export interface Point {
  x: number;
  y: number;
}

/** From top to bottom; between two points of one x the line is straight. */
export type Course = Point[];

/** With its middle as its place, as labels have. */
export interface PlacedNode extends Point {
  node: MapNode;
  box: Box;
}

/** A link with its way, and the place of its label. */
export interface PlacedLink {
  link: MapLink;
  course: Course;
  label: { lines: string[]; width: number; height: number } & Point;
}

interface Edge extends Omit<PlacedLink, 'course'> {
  /** Where the layout leads it past other rows. */
  between: Point[];
}

/** The upper and the lower border of a row. */
interface Row {
  y: number;
  half: number;
}

/** Gives each link its course; several on one side of a box stand side by side. */
export function steer(nodes: readonly PlacedNode[], edges: readonly Edge[]): PlacedLink[] {
  const rows = rowsOf(nodes, edges);
  const byId = new Map(nodes.map((node) => [node.node.id, node]));
  return edges.map((edge) => {
    const { link, label, between } = edge;
    const from = byId.get(link.from) as PlacedNode;
    const to = byId.get(link.to) as PlacedNode;
    const start = dock(from, edge, edges, 'from');
    const end = dock(to, edge, edges, 'to');
    const side = from.y <= to.y ? 1 : -1;
    const course = [
      { x: start, y: from.y + (side * from.box.height) / 2 },
      { x: start, y: from.y + side * halfAt(rows, from.y) },
      ...between.flatMap(({ x, y }) => [
        { x, y: y - side * halfAt(rows, y) },
        { x, y: y + side * halfAt(rows, y) },
      ]),
      { x: end, y: to.y - side * halfAt(rows, to.y) },
      { x: end, y: to.y - (side * to.box.height) / 2 },
    ];
    return { link, label, course };
  });
}

function rowsOf(nodes: readonly PlacedNode[], edges: readonly Edge[]): Row[] {
  const rows: Row[] = [];
  const add = (y: number, half: number) => {
    const row = rows.find((one) => Math.abs(one.y - y) < 1);
    if (row) row.half = Math.max(row.half, half);
    else rows.push({ y, half });
  };
  for (const { y, box } of nodes) add(y, box.height / 2);
  for (const { label } of edges) if (label.lines.length > 0) add(label.y, label.height / 2);
  return rows;
}

/** A line is straight a little before and behind a row. */
const STRAIGHT = 7;

function halfAt(rows: readonly Row[], y: number): number {
  return (rows.find((row) => Math.abs(row.y - y) < 1)?.half ?? 0) + STRAIGHT;
}

/** Where a link meets its box: in the order in which the links come from the left. */
function dock(
  { x, box, node }: PlacedNode,
  edge: Edge,
  edges: readonly Edge[],
  end: 'from' | 'to',
): number {
  const beside = edges.filter(({ link }) => link[end] === node.id);
  const far = ({ between, label }: Edge) =>
    (end === 'from' ? between[0]?.x : between.at(-1)?.x) ?? label.x;
  const sorted = [...beside].sort((left, right) => far(left) - far(right));
  const room = Math.min(box.width * 0.7, (sorted.length - 1) * 46);
  const step = sorted.length > 1 ? room / (sorted.length - 1) : 0;
  return x - room / 2 + step * sorted.indexOf(edge);
}
