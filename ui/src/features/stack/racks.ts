/** Where every GPU of the base is drawn: one square a rack, a row a node, a cell a device. Pure. */

import type { GpuNodeRow } from '$bindings/contract';
import type { Rect } from './measures';

/** What a cell says. */
type CellState = 'allocated' | 'free' | 'unhealthy' | 'unknown';

interface NodeCells {
  readonly node: GpuNodeRow;
  readonly rect: Rect;
}

export interface Rack {
  /** The rack, or the zone or model where no rack is known; may be empty. */
  readonly label: string;
  readonly rect: Rect;
  readonly nodes: readonly NodeCells[];
}

export interface Racks {
  /** Whether a cell is a device; else it is a whole node, for there are too many. */
  readonly byDevice: boolean;
  readonly cell: { readonly w: number; readonly h: number };
  readonly racks: readonly Rack[];
}

/** The largest cell of a device (few have room for it) and the smallest. */
const CELL = { w: 15, h: 26, leastW: 2, leastH: 4 };
/** A cell is higher than wide, at least so much. */
const UPRIGHT = 1.6;
/** The sides of a node's square, where nodes are too many for devices. */
const NODE = { most: 14, least: 2 };
const GAP = 1;
/** Above the squares, for the rack's name. */
export const LABEL = 16;
/** A character of a label, in JetBrains Mono at 11 px. */
const CHARACTER = 6.7;
const BETWEEN = { least: 7, leastBare: 4, most: 12 };
/** Between the columns of a rack that has more nodes than fit below each other. */
const within = (row: number) => (row > 2 * NODE.most ? 4 : GAP);

/**
 * Lays racks into `box`: the widest cell that lets all of them fit, and then the highest. Where even
 * the smallest does not, racks stand closer and some names are left out, then nodes are squares.
 */
export function layRacks(nodes: readonly GpuNodeRow[], box: Rect): Racks {
  const groups = group(nodes);
  const longest = Math.max(1, ...groups.map((one) => one.nodes.length));
  for (const isNamed of [true, false]) {
    for (let w = CELL.w; w >= CELL.leastW; w -= 1) {
      const lowest = Math.max(CELL.leastH, Math.floor(w * UPRIGHT));
      // High enough to fill the box with the longest rack, rather than to break it into columns.
      const filling = Math.floor((box.h - LABEL + GAP) / longest) - GAP;
      const highest = Math.min(CELL.h, Math.ceil(w * 2.2), filling >= lowest ? filling : CELL.h);
      for (let h = highest; h >= lowest; h -= 1) {
        const row = (node: GpuNodeRow) => Math.max(1, node.total) * (w + GAP) - GAP;
        const racks = lay(groups, box, isNamed, h, row);
        if (racks !== null) return { byDevice: true, cell: { w, h }, racks };
      }
    }
  }
  for (let side = NODE.most; side >= NODE.least; side -= 1) {
    const racks = lay(groups, box, false, side, () => side);
    if (racks !== null) return { byDevice: false, cell: { w: side, h: side }, racks };
  }
  return heap(nodes, box);
}

/** More nodes than pixels: one square of the smallest cells, without racks. */
function heap(nodes: readonly GpuNodeRow[], box: Rect): Racks {
  const side = NODE.least;
  const columns = Math.max(1, Math.floor(box.w / (side + GAP)));
  const cells = nodes.map((node, at) => ({
    node,
    rect: {
      x: box.x + (at % columns) * (side + GAP),
      y: box.y + LABEL + Math.floor(at / columns) * (side + GAP),
      w: side,
      h: side,
    },
  }));
  const rack = { label: '', rect: box, nodes: cells };
  return { byDevice: false, cell: { w: side, h: side }, racks: [rack] };
}

/** The cells of a node: allocated first, then free, then unhealthy, since no one tells which is which. */
export function cellsOf(node: GpuNodeRow): CellState[] {
  if (node.unknown) return Array.from({ length: Math.max(1, node.total) }, () => 'unknown');
  const unhealthy = Math.min(node.unhealthy, node.total);
  const allocated = Math.min(node.allocated, node.total - unhealthy);
  return Array.from({ length: node.total }, (_, at) => {
    if (at < allocated) return 'allocated';
    return at < node.total - unhealthy ? 'free' : 'unhealthy';
  });
}

interface Group {
  label: string;
  nodes: GpuNodeRow[];
}

function group(nodes: readonly GpuNodeRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const node of nodes) {
    const label = node.rack || node.zone || node.model;
    const found = groups.get(label) ?? { label, nodes: [] };
    found.nodes.push(node);
    groups.set(label, found);
  }
  return [...groups.values()];
}

function lay(
  groups: readonly Group[],
  box: Rect,
  isNamed: boolean,
  cellHeight: number,
  rowWidth: (node: GpuNodeRow) => number,
): Rack[] | null {
  const pitch = cellHeight + GAP;
  const perColumn = Math.floor((box.h - LABEL + GAP) / pitch);
  if (perColumn < 1) return null;
  const sized = groups.map(({ label, nodes }) => {
    const row = Math.max(...nodes.map(rowWidth));
    const columns = Math.ceil(nodes.length / perColumn);
    const squares = columns * row + (columns - 1) * within(row);
    const name = isNamed ? Math.ceil(label.length * CHARACTER) : 0;
    return { label, nodes, row, w: Math.max(squares, name) };
  });
  const filled = sized.reduce((sum, { w }) => sum + w, 0);
  const gaps = Math.max(1, sized.length - 1);
  const between = Math.min(BETWEEN.most, Math.floor((box.w - filled) / gaps));
  const least = isNamed ? BETWEEN.least : BETWEEN.leastBare;
  if (between < least || filled + between * (sized.length - 1) > box.w) return null;

  let x = box.x;
  return sized.map(({ label, nodes, row, w }) => {
    const left = x;
    x += w + between;
    const perThis = Math.ceil(nodes.length / Math.ceil(nodes.length / perColumn));
    return {
      label,
      rect: { x: left, y: box.y, w, h: LABEL + Math.min(nodes.length, perThis) * pitch - GAP },
      nodes: nodes.map((node, at) => ({
        node,
        rect: {
          x: left + Math.floor(at / perThis) * (row + within(row)),
          y: box.y + LABEL + (at % perThis) * pitch,
          w: rowWidth(node),
          h: cellHeight,
        },
      })),
    };
  });
}
