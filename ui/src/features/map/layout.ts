/**
 * Where the capabilities stand and how their relations run: dagre lays the graph out in ranks from
 * left to right, and the drawing is spread over the room there is. A function of the graph and the
 * room alone, so that nothing moves when health does.
 */

import { Graph, layout as rank } from '@dagrejs/dagre';

export interface Room {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly id: string;
  /** The left upper corner. */
  readonly x: number;
  readonly y: number;
}

export interface Routed {
  readonly id: string;
  /** The line, as an SVG path. */
  readonly path: string;
  /** The middle of its label. */
  readonly label: Point;
}

export interface Drawing extends Room {
  readonly node: { readonly width: number; readonly height: number };
  readonly labelWidth: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly Routed[];
}

export interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

const MARGIN = 20;
/** How far from a node's corners lines end. */
const INSET = 12;

/** The drawing of `ids` joined by `arrows`; `beside` stands alone, under the first rank. */
export function draw(
  ids: readonly string[],
  arrows: readonly Arrow[],
  beside: string,
  room: Room,
): Drawing {
  const isWide = room.width >= 1100;
  const node = { width: isWide ? 208 : 188, height: 58 };
  const label = { width: isWide ? 168 : 116, height: 30 };
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 10, ranksep: isWide ? 48 : 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) if (id !== beside) graph.setNode(id, { ...node });
  for (const { id, from, to } of arrows) {
    graph.setEdge(from, to, { ...label, labelpos: 'c' }, id);
  }
  rank(graph);

  const size = graph.graph() as Partial<Room>;
  const from = { width: size.width ?? 1, height: size.height ?? 1 };
  const width = Math.max(room.width, from.width + 2 * MARGIN);
  const height = Math.max(room.height, from.height + 2 * MARGIN);
  // Nodes keep their size: only the gaps grow, so middles move within the middles' own span.
  const spread = (at: number, part: number, whole: number, own: number) =>
    MARGIN + own / 2 + ((at - own / 2) / Math.max(1, part - own)) * (whole - 2 * MARGIN - own);
  const moved = ({ x, y }: Point): Point => ({
    x: spread(x, from.width, width, node.width),
    y: spread(y, from.height, height, node.height),
  });
  const nodes = graph.nodes().map((id) => {
    const middle = moved(graph.node(id) as Point);
    return { id, x: middle.x - node.width / 2, y: middle.y - node.height / 2 };
  });
  if (ids.includes(beside)) {
    nodes.push({ id: beside, x: MARGIN, y: height - MARGIN - node.height });
  }
  const edges = graph.edges().map((edge) => {
    const routed = graph.edge(edge) as { points: Point[]; x: number; y: number };
    const points = routed.points.map(moved);
    const start = nodes.find((placed) => placed.id === edge.v);
    const end = nodes.find((placed) => placed.id === edge.w);
    // Spreading moves ends off their nodes: they go back to the side that they touch.
    const within = (top: number, y: number) =>
      Math.min(Math.max(y, top + INSET), top + node.height - INSET);
    const [head, tail] = [points[0], points.at(-1)];
    if (start !== undefined && head !== undefined) {
      points[0] = { x: start.x + node.width, y: within(start.y, head.y) };
    }
    if (end !== undefined && tail !== undefined) {
      points[points.length - 1] = { x: end.x, y: within(end.y, tail.y) };
    }
    return { id: edge.name ?? '', path: line(points), label: moved(routed) };
  });
  return { width, height, node, labelWidth: label.width, nodes, edges };
}

/** A smooth line through the points: curves between the middles, straight at both ends. */
function line(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const round = (value: number) => Math.round(value * 10) / 10;
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  let path = `M${at(first)}`;
  for (let index = 0; index < rest.length - 1; index += 1) {
    const here = rest[index] as Point;
    const next = rest[index + 1] as Point;
    path += `Q${at(here)} ${at({ x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 })}`;
  }
  return `${path}L${at(last)}`;
}
