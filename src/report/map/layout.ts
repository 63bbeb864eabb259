/** Where everything stands. The one door to `@dagrejs/dagre`. */
import { Graph, layout } from '@dagrejs/dagre';
import { boxOf, labelOf, labelSize } from './boxes.ts';
import { type PlacedLink, type PlacedNode, type Point, steer } from './courses.ts';
import type { MapLink, MapNode, TrafficMap } from './traffic-map.ts';

interface PlacedMap {
  width: number;
  height: number;
  nodes: PlacedNode[];
  links: PlacedLink[];
}

const DISTANCES = { nodesep: 26, edgesep: 18, ranksep: 58 };

/** An invisible caller of everything that nobody calls: it keeps them in one row at the top. */
const TOP = 'top';

/** Boxes and links together: a layout of twice as many takes four times as long, ten seconds, and nobody can read it. */
const MOST_DRAWN = 600;

/** Whether a picture has room for a map. */
export function canBeDrawn({ nodes, links }: TrafficMap): boolean {
  return nodes.length + links.length <= MOST_DRAWN;
}

/** Callers above, what they call below. The same map gives the same picture. */
export function place(map: TrafficMap): PlacedMap {
  // The layout depends on the order in which it hears of things: the order with the shortest lines is taken.
  const back = <T>(list: readonly T[]) => [...list].reverse();
  const placed = [map.nodes, back(map.nodes)].flatMap((nodes) =>
    [map.links, back(map.links)].map((links) => arrange(map, nodes, links)),
  );
  const shortest = Math.min(...placed.map(sidewaysOf));
  return placed.find((one) => sidewaysOf(one) === shortest) as PlacedMap;
}

/** How far lines go to the side in all. */
function sidewaysOf({ links }: PlacedMap): number {
  const steps = links.map(({ course }) =>
    course.reduce((sum, { x }, index) => sum + Math.abs(x - (course[index - 1]?.x ?? x)), 0),
  );
  return Math.round(steps.reduce((sum, step) => sum + step, 0));
}

function arrange(
  map: TrafficMap,
  orderedNodes: readonly MapNode[],
  orderedLinks: readonly MapLink[],
): PlacedMap {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', ...DISTANCES });
  const boxes = orderedNodes.map((node) => ({ node, box: boxOf(node) }));
  for (const { node, box } of boxes)
    graph.setNode(node.id, { width: box.width, height: box.height });
  const links = orderedLinks.map((link, index) => ({ link, index, lines: labelOf(link, map) }));
  const outside = new Set(map.nodes.filter(({ kind }) => kind === 'outside').map(({ id }) => id));
  for (const { link, index, lines } of links) {
    const options = {
      ...labelSize(lines),
      labelpos: 'c',
      weight: link.from.startsWith('host ') ? 8 : 2,
      // Further down there is room beside the way of the public hosts.
      minlen: outside.has(link.to) ? 2 : 1,
    };
    graph.setEdge(link.from, link.to, options, String(index));
  }
  graph.setNode(TOP, { width: 0, height: 0 });
  for (const { id } of orderedNodes)
    if (!map.links.some(({ to }) => to === id))
      graph.setEdge(TOP, id, { width: 0, height: 0, weight: 16 }, id);
  layout(graph);
  const nodes = boxes.map(({ node, box }) => ({ node, box, ...pointOf(graph.node(node.id)) }));
  const edges = links.map(({ link, index, lines }) => {
    const edge = graph.edge(link.from, link.to, String(index));
    const between = (edge.points as Point[]).slice(1, -1);
    const at = lines.length > 0 ? pointOf(edge) : (between[0] ?? { x: 0, y: 0 });
    return { link, between, label: { lines, ...labelSize(lines), ...at } };
  });
  return fit(nodes, steer(nodes, edges));
}

/** Without the invisible row at the top, and with the clients on the left. */
function fit(placed: readonly PlacedNode[], steered: readonly PlacedLink[]): PlacedMap {
  const edge = 10;
  const side = isBackToFront(placed) ? -1 : 1;
  const { nodes, links } = moved(placed, steered, ({ x, y }) => ({ x: x * side, y }));
  const spans = [
    ...nodes.map(({ x, y, box }) => ({ x, y, ...box })),
    ...links.map(({ label }) => label),
    ...links.flatMap(({ course }) => course.map((point) => ({ ...point, width: 0, height: 0 }))),
  ];
  const left = Math.min(...spans.map(({ x, width }) => x - width / 2));
  const right = Math.max(...spans.map(({ x, width }) => x + width / 2));
  const top = Math.min(...spans.map(({ y, height }) => y - height / 2));
  const bottom = Math.max(...spans.map(({ y, height }) => y + height / 2));
  const size = (length: number) => Math.ceil(Math.max(length, 0) + 2 * edge);
  return {
    width: size(right - left),
    height: size(bottom - top),
    ...moved(nodes, links, ({ x, y }) => ({ x: x - left + edge, y: y - top + edge })),
  };
}

/** Everything at another place. */
function moved(
  nodes: readonly PlacedNode[],
  links: readonly PlacedLink[],
  move: (point: Point) => Point,
): Pick<PlacedMap, 'nodes' | 'links'> {
  return {
    nodes: nodes.map((node) => ({ ...node, ...move(node) })),
    links: links.map(({ link, course, label }) => ({
      link,
      course: course.map(move),
      label: { ...label, ...move(label) },
    })),
  };
}

/** Whether the clients, whose way is what people look for first, stand more to the right than to the left. */
function isBackToFront(nodes: readonly PlacedNode[]): boolean {
  const mean = (list: readonly PlacedNode[]) =>
    list.reduce((sum, { x }) => sum + x, 0) / Math.max(1, list.length);
  const clients = nodes.filter(({ node }) => node.kind === 'client' || node.kind === 'host');
  return clients.length > 0 && mean(clients) > mean(nodes);
}

function pointOf({ x, y }: { x?: number; y?: number }): Point {
  return { x: x ?? 0, y: y ?? 0 };
}
