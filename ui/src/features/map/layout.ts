/**
 * Where the capabilities stand and how their relations run: dagre puts the graph into ranks from left
 * to right, `route.ts` leads the lines between them at right angles, and the drawing is spread over the
 * room there is. A function of the graph and the room alone, so that nothing moves when health does.
 */

import { Graph, layout as rank } from '@dagrejs/dagre';
import { lead, type Stretch } from './route';

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
  /** Its straight pieces, for whoever asks what it passes. */
  readonly points: readonly Point[];
  /** The middle of its label; the line runs through it, between its two texts. */
  readonly label: Point;
}

export interface Drawing extends Room {
  readonly node: Room;
  readonly label: Room;
  readonly nodes: readonly Placed[];
  readonly edges: readonly Routed[];
}

export interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

const MARGIN = 16;

/** The drawing of `ids` joined by `arrows`; `beside` stands alone, under the first rank. */
export function draw(
  ids: readonly string[],
  arrows: readonly Arrow[],
  beside: string,
  room: Room,
): Drawing {
  const isWide = room.width >= 1100;
  const node = { width: isWide ? 216 : 188, height: isWide ? 80 : 72 };
  const label = { width: isWide ? 196 : 128, height: isWide ? 34 : 46 };
  const graph = new Graph({ multigraph: true });
  const gap = isWide ? 36 : 14;
  graph.setGraph({ rankdir: 'LR', nodesep: 8, edgesep: 6, ranksep: gap });
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
  const middles = new Map(graph.nodes().map((id) => [id, moved(graph.node(id) as Point)]));
  const stretches = graph.edges().flatMap((edge): Stretch[] => {
    const routed = graph.edge(edge) as { points: Point[]; x: number; y: number };
    const start = middles.get(edge.v);
    const end = middles.get(edge.w);
    if (start === undefined || end === undefined) return [];
    return [
      {
        id: edge.name ?? '',
        from: edge.v,
        to: edge.w,
        start,
        end,
        // The first and the last point lie on the nodes' own edges.
        between: routed.points.slice(1, -1).map(moved),
        label: moved(routed),
      },
    ];
  });
  const nodes = [...middles].map(([id, middle]) => ({
    id,
    x: middle.x - node.width / 2,
    y: middle.y - node.height / 2,
  }));
  if (ids.includes(beside)) {
    nodes.push({ id: beside, x: MARGIN, y: height - MARGIN - node.height });
  }
  return { width, height, node, label, nodes, edges: lead(stretches, node, label) };
}
