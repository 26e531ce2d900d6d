/**
 * Lines at right angles. Between two columns of nodes and labels lies a channel; lines turn in channels
 * alone, each start and each end in a lane of its own, so that a line never runs behind a label or a
 * node, and lines that share a start share a trunk.
 */

import type { Point, Room, Routed } from './layout';

/** An arrow between two nodes, as it came out of the ranking. */
export interface Stretch {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The middles of its nodes. */
  readonly start: Point;
  readonly end: Point;
  /** Where it passes the columns between, its label's among them. */
  readonly between: readonly Point[];
  /** The middle of its label. */
  readonly label: Point;
}

/** How round corners are. */
const ROUND = 6;
/** As near as this two heights are one. */
const EVEN = 0.5;
/** How far from a node's corners lines end, and how far from each other. */
const INSET = 12;
const APART = 14;

/** The lines of `stretches` between nodes of one size, with labels of one size. */
export function lead(stretches: readonly Stretch[], node: Room, label: Room): Routed[] {
  const near = straightened(stretches, node, label);
  const straight = levelled(near, entries(near, node), node, label);
  const ports = entries(straight, node);
  const trunks = lanes(straight, 'from', node, label);
  const feeders = lanes(straight, 'to', node, label);
  return straight.map((stretch) => {
    const last = ports.get(stretch.id) ?? stretch.end.y;
    const points: Point[] = [{ x: stretch.start.x + node.width / 2, y: stretch.start.y }];
    let y = stretch.start.y;
    stretch.between.forEach((passed, at) => {
      if (Math.abs(passed.y - y) > EVEN) {
        const before = stretch.between[at - 1];
        const x =
          before === undefined ? (trunks.get(stretch.from) ?? passed.x) : (before.x + passed.x) / 2;
        points.push({ x, y }, { x, y: passed.y });
        y = passed.y;
      }
    });
    if (Math.abs(last - y) > EVEN) {
      const x = feeders.get(stretch.to) ?? stretch.end.x;
      points.push({ x, y }, { x, y: last });
    }
    points.push({ x: stretch.end.x - node.width / 2, y: last });
    return { id: stretch.id, path: line(points), points, label: stretch.label };
  });
}

/**
 * Labels moved to the height at which their line need not turn, where no other label or line of their
 * column is in the way.
 */
function straightened(stretches: readonly Stretch[], node: Room, label: Room): Stretch[] {
  const taken = stretches.flatMap(({ id, between, label: own }) =>
    between.map((point) => ({
      id,
      x: point.x,
      y: point.y,
      height: point.x === own.x && point.y === own.y ? label.height : 0,
    })),
  );
  return stretches.map((stretch) => {
    const { id, start, end, between } = stretch;
    const [only, ...more] = between;
    if (only === undefined || more.length > 0) return stretch;
    // One that shares its start turns there anyway, so its label stands at the height of the end.
    const shares = stretches.filter((other) => other.from === stretch.from).length > 1;
    const wanted = shares ? end.y : start.y;
    const isFree = taken.every(
      (other) =>
        other.id === id ||
        Math.abs(other.x - only.x) > 1 ||
        Math.abs(other.y - wanted) >= (other.height + label.height) / 2 + 4,
    );
    if (!isFree || Math.abs(wanted - only.y) > node.height) return stretch;
    const own = taken.find((other) => other.id === id);
    if (own !== undefined) own.y = wanted;
    const at = { x: only.x, y: wanted };
    return { ...stretch, between: [at], label: at };
  });
}

/**
 * Lines that pass every column at one height, and come to their node a little off it: they pass at the
 * height at which they come, where nothing is in the way.
 */
function levelled(
  stretches: readonly Stretch[],
  ports: ReadonlyMap<string, number>,
  node: Room,
  label: Room,
): Stretch[] {
  const nodes = stretches.flatMap(({ start, end }) => [start, end]);
  return stretches.map((stretch) => {
    const { id, between } = stretch;
    const port = ports.get(id);
    const [first] = between;
    if (port === undefined || first === undefined || between.length < 2) return stretch;
    const isLevel = between.every((point) => Math.abs(point.y - first.y) <= EVEN);
    if (!isLevel || Math.abs(port - first.y) > label.height) return stretch;
    const isBetween = ({ x }: Point) => x > stretch.start.x + 1 && x < stretch.end.x - 1;
    const passesNone = nodes
      .filter(isBetween)
      .every(({ y }) => Math.abs(y - port) >= (node.height + label.height) / 2 + 4);
    const isFree = stretches.every(
      (other) =>
        other.id === id ||
        other.between.every(
          (point) =>
            between.every((own) => Math.abs(own.x - point.x) > 1) ||
            Math.abs(point.y - port) >= label.height,
        ),
    );
    if (!isFree || !passesNone) return stretch;
    const at = ({ x }: Point): Point => ({ x, y: port });
    return { ...stretch, between: between.map(at), label: at(stretch.label) };
  });
}

/** At which height each line comes to its node: as straight as it can, in the order of coming. */
function entries(stretches: readonly Stretch[], node: Room): Map<string, number> {
  const ports = new Map<string, number>();
  const reach = node.height / 2 - INSET;
  for (const to of new Set(stretches.map((stretch) => stretch.to))) {
    const coming = stretches
      .filter((stretch) => stretch.to === to)
      .map(({ id, end, start, between }) => ({ id, end, y: (between.at(-1) ?? start).y }))
      .sort((one, other) => one.y - other.y);
    const heights = coming.map(({ y, end }) => Math.min(Math.max(y, end.y - reach), end.y + reach));
    heights.forEach((height, at) => {
      heights[at] = Math.max(height, (heights[at - 1] ?? -Infinity) + APART);
    });
    // What was pushed below the node pushes the others up.
    for (let at = heights.length - 1, least = Infinity; at >= 0; at -= 1) {
      const bottom = (coming[at]?.end.y ?? 0) + reach;
      least = Math.min(heights[at] ?? 0, least - APART, bottom);
      heights[at] = least;
    }
    coming.forEach(({ id }, at) => ports.set(id, heights[at] ?? 0));
  }
  return ports;
}

/** The lane beside each node in which its lines turn. */
function lanes(
  stretches: readonly Stretch[],
  end: 'from' | 'to',
  node: Room,
  label: Room,
): Map<string, number> {
  const side = end === 'from' ? 1 : -1;
  const point = (stretch: Stretch) => (end === 'from' ? stretch.start : stretch.end);
  const columns = new Map<number, Map<string, number>>();
  for (const stretch of stretches) {
    const { x, y } = point(stretch);
    const key = Math.round(x);
    columns.set(key, (columns.get(key) ?? new Map<string, number>()).set(stretch[end], y));
  }
  const found = new Map<string, number>();
  for (const owners of columns.values()) {
    const sorted = [...owners].sort((one, other) => one[1] - other[1]);
    sorted.forEach(([id], at) => {
      const stretch = stretches.find((one) => one[end] === id);
      if (stretch === undefined) return;
      const own = point(stretch).x + (side * node.width) / 2;
      const next = end === 'from' ? stretch.between[0] : stretch.between.at(-1);
      const far = (next ?? stretch.end).x - (side * label.width) / 2;
      // Beyond the last lane is room for the arrow's head.
      const room = Math.abs(far - own);
      found.set(id, own + (side * room * (at + 1.5)) / (sorted.length + 2));
    });
  }
  return found;
}

/** A line through the points, its corners rounded. */
function line(points: readonly Point[]): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const toward = (from: Point, to: Point): Point => {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const share = length === 0 ? 0 : Math.min(ROUND, length / 2) / length;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  };
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${at(point)}`;
      if (after === undefined) return `L${at(point)}`;
      return `L${at(toward(point, before))}Q${at(point)} ${at(toward(point, after))}`;
    })
    .join('');
}
