/** Where everything stands. The one door to `@dagrejs/dagre`. */
import { Graph, layout } from '@dagrejs/dagre';
import { type Box, boxOf, labelOf, labelSize } from './boxes.ts';
import type { MapLink, MapNode, TrafficMap } from './traffic-map.ts';

export interface Point {
  x: number;
  y: number;
}

/** Both with the middle as their place. */
export interface PlacedNode extends Point {
  node: MapNode;
  box: Box;
}

export interface PlacedLink {
  link: MapLink;
  /** From border to border. */
  points: Point[];
  label: { lines: string[]; width: number; height: number } & Point;
}

export interface PlacedMap {
  width: number;
  height: number;
  nodes: PlacedNode[];
  links: PlacedLink[];
}

/** Callers above, what they call below. The same map gives the same picture. */
export function place(map: TrafficMap): PlacedMap {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 28,
    edgesep: 20,
    ranksep: 30,
    marginx: 12,
    marginy: 12,
  });
  const boxes = map.nodes.map((node) => ({ node, box: boxOf(node) }));
  for (const { node, box } of boxes)
    graph.setNode(node.id, { width: box.width, height: box.height });
  const links = map.links.map((link, index) => ({ link, index, lines: labelOf(link, map) }));
  for (const { link, index, lines } of links)
    graph.setEdge(link.from, link.to, { ...labelSize(lines), labelpos: 'c' }, String(index));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: boxes.map(({ node, box }) => ({ node, box, ...pointOf(graph.node(node.id)) })),
    links: links.map(({ link, index, lines }) => {
      const edge = graph.edge(link.from, link.to, String(index));
      const points = edge.points as Point[];
      const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
      const at = lines.length > 0 ? pointOf(edge) : middle;
      return { link, points, label: { lines, ...labelSize(lines), ...at } };
    }),
  };
}

function pointOf({ x, y }: { x?: number; y?: number }): Point {
  return { x: x ?? 0, y: y ?? 0 };
}
