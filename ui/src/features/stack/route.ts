/**
 * The lit path as lines: a spine in one gutter from the first layer to the last, and from it, along
 * the boundaries, a branch to each tile. Pure: rectangles in, lines out.
 */

import type { Layer, Phrase } from '$bindings/contract';
import { gutterX, LAYERS, type Measures, type Rect, topOf } from './measures';

/** A tile (or a node's tile) on the path. */
export interface LitTile {
  readonly layer: Layer;
  readonly column: number;
  readonly rect: Rect;
  /** Whether the base's nodes hang on it. */
  readonly isNode: boolean;
}

/** What joins a layer to the one below. */
export interface Join {
  readonly layer: Layer;
  readonly phrase: Phrase;
}

export interface Route {
  /** Lines, as SVG paths. */
  readonly lines: readonly string[];
  /** The middles of the squares at which the path enters a tile or a node. */
  readonly entries: readonly Point[];
  readonly labels: readonly Label[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A label on a boundary. It grows to the left where the spine is far right. */
export interface Label extends Point {
  readonly phrase: Phrase;
  readonly growsLeft: boolean;
}

const CORNER = 5;
/** So far before a label begins the spine. */
const LABEL_LEAD = 14;
/** So far above the racks runs the line to them. */
const ABOVE_RACKS = 5;
/** So far beside a rack runs the line into it. */
const BESIDE_RACK = 5;
/** More lines into the base than this say nothing more; outlines do. */
const MOST_NODE_LINES = 24;

/** The path through `tiles` into `nodes`, its spine in the gutter of `column`. */
export function route(
  measures: Measures,
  column: number,
  tiles: readonly LitTile[],
  nodes: readonly Rect[],
  joins: readonly Join[],
  racksTop: number,
): Route {
  const first = LAYERS.findIndex((layer) => tiles.some((tile) => tile.layer === layer));
  if (first < 0) return { lines: [], entries: [], labels: [] };

  const spine = gutterX(measures, column);
  const lines: string[] = [];
  const entries: Point[] = [];
  const reached: number[] = [];

  for (const tile of tiles) {
    const index = LAYERS.indexOf(tile.layer);
    // The first layer hangs on the boundary below it, the others on the one above.
    const bus = index === first ? (measures.tops[index + 1] ?? 0) : topOf(measures, tile.layer);
    const gutter = gutterX(measures, tile.column);
    const y = tile.rect.y + Math.round(tile.rect.h / 2);
    const from = index === first ? y + 2 * CORNER : y - 2 * CORNER;
    lines.push(
      rounded(
        tile.column === column
          ? [at(spine, from), at(spine, y), at(tile.rect.x, y)]
          : [at(spine, bus), at(gutter, bus), at(gutter, y), at(tile.rect.x, y)],
      ),
    );
    entries.push(at(tile.rect.x, y));
    if (tile.column === column) reached.push(from);
    else reached.push(bus);
  }
  for (const join of joins) reached.push(measures.tops[LAYERS.indexOf(join.layer) + 1] ?? 0);

  if (nodes.length > 0) {
    const bus = racksTop - ABOVE_RACKS;
    const feeders = nodeFeeders(measures, tiles, spine);
    for (const node of nodes.slice(0, MOST_NODE_LINES)) {
      const middle = node.x + node.w / 2;
      const feeder = nearest(feeders, middle);
      const isLeft = feeder.x <= middle;
      const edge = isLeft ? node.x - 2 : node.x + node.w + 2;
      const beside = isLeft ? node.x - BESIDE_RACK - 1 : node.x + node.w + BESIDE_RACK + 1;
      const y = node.y + node.h / 2;
      lines.push(
        rounded([
          at(feeder.x, feeder.y),
          at(feeder.x, bus),
          at(beside, bus),
          at(beside, y),
          at(edge, y),
        ]),
      );
      entries.push(at(edge, y));
      if (feeder.x === spine) reached.push(feeder.y);
    }
  }
  lines.push(rounded([at(spine, Math.min(...reached)), at(spine, Math.max(...reached))]));

  const growsLeft = spine > measures.width * 0.55;
  const labels = joins.map(({ layer, phrase }) => ({
    phrase,
    growsLeft,
    x: growsLeft ? spine + LABEL_LEAD : spine - LABEL_LEAD,
    y: measures.tops[LAYERS.indexOf(layer) + 1] ?? 0,
  }));
  return { lines, entries, labels };
}

/** Where lines to the base may start: the spine, and the gutters of the nodes' tiles. */
function nodeFeeders(measures: Measures, tiles: readonly LitTile[], spine: number): Point[] {
  const start = topOf(measures, 'hardware');
  const columns = new Set(tiles.filter((tile) => tile.isNode).map((tile) => tile.column));
  const gutters = [...columns].map((column) => gutterX(measures, column));
  const branches = gutters
    .filter((x) => x !== spine)
    .map((x) => {
      const tile = tiles.find((one) => one.isNode && gutterX(measures, one.column) === x);
      return at(x, tile === undefined ? start : tile.rect.y + Math.round(tile.rect.h / 2));
    });
  return [at(spine, start), ...branches];
}

function nearest(points: readonly Point[], x: number): Point {
  return points.reduce((best, point) =>
    Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best,
  );
}

function at(x: number, y: number): Point {
  return { x, y };
}

/** A line through `points` whose corners are round. */
export function rounded(points: readonly Point[]): string {
  const turns = points.filter(
    (point, index) =>
      index === 0 || point.x !== points[index - 1]?.x || point.y !== points[index - 1]?.y,
  );
  const [first, ...rest] = turns;
  if (first === undefined || rest.length === 0) return '';
  let path = `M${first.x} ${first.y}`;
  let before = first;
  rest.forEach((point, index) => {
    const after = rest[index + 1];
    if (after === undefined) {
      path += `L${point.x} ${point.y}`;
    } else {
      const corner = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
      const enter = toward(point, before, corner);
      const leave = toward(point, after, corner);
      path += `L${enter.x} ${enter.y}Q${point.x} ${point.y} ${leave.x} ${leave.y}`;
    }
    before = point;
  });
  return path;
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function toward(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  if (whole === 0) return from;
  return at(
    from.x + ((to.x - from.x) * length) / whole,
    from.y + ((to.y - from.y) * length) / whole,
  );
}
