/**
 * Where every cell of the map stands. Pure arithmetic: the painter and the pointer both read it. It
 * knows no values: those come every second, while the places change with the fleet and the window.
 */

import type { GpuBlockRow, GpuLine } from '$bindings/contract';
import type { Places } from './paint';

/** The sizes that cells can have, the largest that fits is taken: width, height, gaps below and beside. */
const SIZES = [
  { w: 15, h: 26, gap: 7, beside: 24, label: true },
  { w: 13, h: 18, gap: 5, beside: 24, label: true },
  { w: 10, h: 12, gap: 3, beside: 20, label: true },
  { w: 8, h: 9, gap: 2, beside: 16, label: false },
  { w: 6, h: 6, gap: 2, beside: 12, label: false },
  { w: 5, h: 5, gap: 1, beside: 12, label: false },
  { w: 4, h: 4, gap: 1, beside: 12, label: false },
] as const;

type CellSize = (typeof SIZES)[number];

const LETTER = 6.7;
/** Blocks of few GPUs are as wide as their head is long, where cells are large. */
const NARROWEST = 140;
const SECTION_GAP = 22;
const SECTION_HEAD = 32;
const BLOCK_HEAD = 22;

export interface Cell {
  readonly node: string;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** Its block's place among the blocks, its line's in the block, its own in the line. */
  readonly block: number;
  readonly row: number;
  readonly at: number;
}

interface PlacedLine {
  readonly node: string;
  readonly indices: readonly number[];
  readonly cordoned: boolean;
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface PlacedBlock {
  readonly name: string;
  /** Its place among the blocks. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly lines: readonly PlacedLine[];
}

interface PlacedSection {
  readonly name: string;
  readonly models: readonly string[];
  readonly nodes: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Arranged {
  readonly size: CellSize;
  readonly width: number;
  readonly height: number;
  /** How wide the names before the cells are. */
  readonly gutter: number;
  readonly sections: readonly PlacedSection[];
  readonly blocks: readonly PlacedBlock[];
  readonly cells: readonly Cell[];
}

/** What of a node's name tells it from the others of its block: the end after what all begin with. */
export function shortNames(names: readonly string[]): string[] {
  if (names.length < 2) return names.map((name) => name.split('-').at(-1) ?? name);
  const first = names[0] ?? '';
  let common = first.length;
  for (const name of names) {
    let at = 0;
    while (at < common && name[at] === first[at]) at += 1;
    common = at;
  }
  // Cut between parts of a name, never within a number.
  const cut = first.slice(0, common).lastIndexOf('-') + 1;
  return names.map((name) => name.slice(cut));
}

/** Places `blocks` in `width`, as large as they fit into `height`. */
export function arrange(blocks: readonly GpuBlockRow[], width: number, height: number): Arranged {
  const smallest = SIZES[SIZES.length - 1] ?? SIZES[0];
  for (const size of SIZES) {
    const placed = place(blocks, width, size);
    if (placed.height <= height || size === smallest) return { ...placed, cells: cellsOf(placed) };
  }
  const placed = place(blocks, width, smallest);
  return { ...placed, cells: cellsOf(placed) };
}

/** What {@link arrange} says, worked out anew only where places change: most frames bring values alone. */
export function arranger(): typeof arrange {
  let last: { blocks: readonly GpuBlockRow[]; width: number; height: number } | undefined;
  let placed: Arranged | undefined;
  return (blocks, width, height) => {
    const isKnown =
      last?.width === width && last.height === height && standAlike(last.blocks, blocks);
    last = { blocks, width, height };
    if (placed === undefined || !isKnown) placed = arrange(blocks, width, height);
    return placed;
  };
}

/** Whether two lists of blocks have the same cells in the same order. */
function standAlike(one: readonly GpuBlockRow[], other: readonly GpuBlockRow[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((block, at) => {
    const beside = other[at];
    return (
      beside?.section === block.section &&
      beside.name === block.name &&
      areSame(beside.models, block.models) &&
      beside.lines.length === block.lines.length &&
      block.lines.every((line, row) => isSameLine(line, beside.lines[row]))
    );
  });
}

function isSameLine(one: GpuLine, other: GpuLine | undefined): boolean {
  return (
    other?.node === one.node &&
    other.cordoned === one.cordoned &&
    areSame(other.indices, one.indices)
  );
}

function areSame<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

function cellsOf({ blocks, gutter, size }: Omit<Arranged, 'cells'>): Cell[] {
  return blocks.flatMap(({ lines, at: block }) =>
    lines.flatMap(({ node, indices, x, y }, row) =>
      indices.map((index, at) => ({
        node,
        index,
        x: x + gutter + at * (size.w + 1),
        y,
        block,
        row,
        at,
      })),
    ),
  );
}

function place(
  blocks: readonly GpuBlockRow[],
  width: number,
  size: CellSize,
): Omit<Arranged, 'cells'> {
  const labels = blocks.map((block) => shortNames(block.lines.map((line) => line.node)));
  const longest = Math.max(1, ...labels.flat().map((label) => Math.min(label.length, 12)));
  const gutter = size.label ? Math.ceil(longest * LETTER) + 8 : 0;
  const most = Math.max(
    1,
    ...blocks.flatMap((block) => block.lines.map((one) => one.indices.length)),
  );
  const cellsWide = gutter + most * (size.w + 1) - 1;
  const blockWidth = size.label ? Math.max(cellsWide, NARROWEST) : cellsWide;
  const columns = Math.max(1, Math.floor((width + size.beside) / (blockWidth + size.beside)));
  const sections: PlacedSection[] = [];
  const placedBlocks: PlacedBlock[] = [];
  const names = [...new Set(blocks.map((block) => block.section))];
  let column = 0;
  let top = 0;
  let bottom = 0;
  for (const name of names) {
    const own = blocks.flatMap((block, at) => (block.section === name ? [{ block, at }] : []));
    const hasHead = name !== '' || names.length > 1;
    // Sections stand side by side where the whole of one fits beside the one before.
    if (column > 0 && column + own.length > columns) {
      column = 0;
      top = bottom + SECTION_GAP;
    }
    const head = hasHead ? SECTION_HEAD : 0;
    const across = Math.min(own.length, columns - column);
    sections.push({
      name,
      models: [...new Set(own.flatMap(({ block }) => block.models))],
      nodes: own.reduce((sum, { block }) => sum + block.lines.length, 0),
      x: column * (blockWidth + size.beside),
      y: top,
      width: across * (blockWidth + size.beside) - size.beside,
    });
    const start = column;
    let rowTop = top + head;
    let rowBottom = rowTop;
    own.forEach(({ block, at }, place) => {
      const slot = start + (place % across);
      if (place > 0 && place % across === 0) rowTop = rowBottom + 14;
      const x = slot * (blockWidth + size.beside);
      const lines = block.lines.map(({ node, indices, cordoned }, row): PlacedLine => {
        const y = rowTop + BLOCK_HEAD + row * (size.h + size.gap);
        return { node, indices, cordoned, x, y, label: labels[at]?.[row] ?? node };
      });
      const end = rowTop + BLOCK_HEAD + lines.length * (size.h + size.gap);
      rowBottom = Math.max(rowBottom, end);
      placedBlocks.push({ name: block.name, at, x, y: rowTop, width: blockWidth, lines });
    });
    bottom = Math.max(bottom, rowBottom);
    column = start + across;
  }
  return {
    size,
    width: columns * (blockWidth + size.beside) - size.beside,
    height: bottom,
    gutter,
    sections,
    blocks: placedBlocks,
  };
}

/** Where the painter finds the cells, in the order in which they were arranged. */
export function placesOf({ blocks, cells, gutter, size }: Arranged): Places {
  const struck = blocks.flatMap(({ lines }) => lines.filter(({ cordoned }) => cordoned));
  return {
    w: size.w,
    h: size.h,
    corners: Int32Array.from(cells.flatMap(({ x, y }) => [x, y])),
    cordons: Int32Array.from(
      struck.flatMap(({ indices, x, y }) => [
        x + gutter,
        y + Math.floor(size.h / 2),
        indices.length * (size.w + 1) - 1,
      ]),
    ),
  };
}

/** The cell under a point. */
export function cellAt(arranged: Arranged, x: number, y: number): Cell | undefined {
  const { size, gutter } = arranged;
  const block = arranged.blocks.find(
    (one) => x >= one.x + gutter && x < one.x + one.width && y >= one.y && y < bottomOf(one, size),
  );
  const row = block?.lines.findIndex((one) => y >= one.y && y < one.y + size.h) ?? -1;
  const line = block?.lines[row];
  if (block === undefined || line === undefined) return undefined;
  const at = Math.floor((x - block.x - gutter) / (size.w + 1));
  const index = line.indices[at];
  if (index === undefined) return undefined;
  const left = block.x + gutter + at * (size.w + 1);
  return { node: line.node, index, x: left, y: line.y, block: block.at, row, at };
}

function bottomOf(block: PlacedBlock, size: CellSize): number {
  const last = block.lines.at(-1);
  return last === undefined ? block.y : last.y + size.h;
}

/** The cell that an arrow key leads to from `from`: the nearest in that direction. */
export function beside(
  arranged: Arranged,
  from: Cell,
  way: 'up' | 'down' | 'left' | 'right',
): Cell | undefined {
  const isAlong = way === 'left' || way === 'right';
  const sign = way === 'right' || way === 'down' ? 1 : -1;
  let best: Cell | undefined;
  let least = Infinity;
  for (const cell of arranged.cells) {
    const along = sign * (isAlong ? cell.x - from.x : cell.y - from.y);
    if (along <= 0) continue;
    const across = Math.abs(isAlong ? cell.y - from.y : cell.x - from.x);
    const distance = along + across * 8;
    if (distance < least) {
      least = distance;
      best = cell;
    }
  }
  return best;
}

/** The cells that a rectangle touches. */
export function cellsWithin(
  arranged: Arranged,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Cell[] {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  const { w, h } = arranged.size;
  return arranged.cells.filter(
    (cell) => cell.x < right && cell.x + w > left && cell.y < bottom && cell.y + h > top,
  );
}

/** Cells as the filter names them: `on=n1:0-3,n2:5`. */
export function filterOf(cells: readonly Cell[]): string {
  const numbers = new Map<string, number[]>();
  for (const { node, index } of cells) {
    const known = numbers.get(node);
    if (known === undefined) numbers.set(node, [index]);
    else known.push(index);
  }
  const places: string[] = [];
  for (const [node, indices] of numbers) {
    let run: { first: number; last: number } | null = null;
    const say = () => {
      if (run === null) return;
      places.push(
        run.first === run.last ? `${node}:${run.first}` : `${node}:${run.first}-${run.last}`,
      );
    };
    for (const index of indices.sort((one, other) => one - other)) {
      if (run !== null && index === run.last + 1) run.last = index;
      else {
        say();
        run = { first: index, last: index };
      }
    }
    say();
  }
  return `on=${places.join(',')}`;
}
