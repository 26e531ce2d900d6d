/** Paints the cells of the map: thousands, in one pass, without layout and without making objects. */

import type { GpuBlockRow, GpuColour } from '$bindings/contract';
import type { Arranged, Cell, CellSize } from './arrange';
import { HEAT, shadeOf } from './heat';
import { hatching, type Ink } from './ink';

export interface Painting {
  readonly arranged: Arranged;
  /** The values, in the order in which the blocks were arranged. */
  readonly rows: readonly GpuBlockRow[];
  readonly ink: Ink;
  readonly colour: GpuColour;
}

/** Looks of a cell: a shade of the scale, or one of these. */
const ABSENT = HEAT.length;
const FREE = ABSENT + 1;
const HELD = ABSENT + 2;
const IDLE = ABSENT + 3;
const WARNING = ABSENT + 4;
const CRITICAL = ABSENT + 5;
const LOOKS = ABSENT + 6;

/** Cells by their looks: `order` from `begins[look]` on. Kept from one painting to the next. */
const begins = new Uint32Array(LOOKS + 1);
let looks = new Uint16Array(0);
let order = new Uint32Array(0);

export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { arranged, ink } = painting;
  const { cells, size } = arranged;
  sort(painting);
  // Cells of one look after the other: a canvas is slow where its colour changes, not where it fills;
  // and rectangles by themselves are filled faster than as parts of one path.
  const { unknown } = ink;
  for (let shade = 0; shade < HEAT.length; shade += 1)
    fillAll(context, cells, size, shade, HEAT[shade] ?? unknown);
  fillAll(context, cells, size, HELD, ink.held);
  fillAll(context, cells, size, IDLE, ink.notice);
  if (countOf(ABSENT) > 0) fillAll(context, cells, size, ABSENT, hatching(context, ink));
  edgeAll(context, cells, size, FREE, FREE, ink.edge);
  // The end of the scale that fades into the ground has an edge.
  if (size.w > 5) {
    if (ink.isDark) edgeAll(context, cells, size, 0, shadeOf(180) - 1, '#466296');
    else edgeAll(context, cells, size, shadeOf(820) + 1, HEAT.length - 1, '#8A7A20');
  }
  for (const look of [WARNING, CRITICAL]) {
    for (let at = begins[look] ?? 0; at < (begins[look + 1] ?? 0); at += 1) {
      const cell = cells[order[at] ?? 0];
      if (cell !== undefined) fault(context, ink, look === CRITICAL, cell.x, cell.y, size);
    }
  }
  for (const block of arranged.blocks) {
    for (const { cordoned, indices, x, y } of block.lines) {
      if (!cordoned) continue;
      const width = indices.length * (size.w + 1) - 1;
      context.strokeStyle = ink.ground;
      context.lineWidth = 4;
      stroke(context, x + arranged.gutter, y + size.h / 2, width, []);
      context.strokeStyle = ink.name;
      context.lineWidth = 2;
      stroke(context, x + arranged.gutter, y + size.h / 2, width, [5, 4]);
    }
  }
}

/** Puts the cells in the order of their looks, by counting them. */
function sort({ arranged, rows, colour }: Painting): void {
  const { cells } = arranged;
  if (looks.length < cells.length) {
    looks = new Uint16Array(cells.length);
    order = new Uint32Array(cells.length);
  }
  begins.fill(0);
  cells.forEach((cell, at) => {
    const look = lookOf(cell, rows, colour);
    looks[at] = look;
    begins[look + 1] = (begins[look + 1] ?? 0) + 1;
  });
  for (let look = 1; look <= LOOKS; look += 1)
    begins[look] = (begins[look] ?? 0) + (begins[look - 1] ?? 0);
  // From the last on, so that `begins` ends where each look begins.
  for (let at = cells.length - 1; at >= 0; at -= 1) {
    const look = looks[at] ?? ABSENT;
    const place = (begins[look + 1] ?? 0) - 1;
    begins[look + 1] = place;
    order[place] = at;
  }
  for (let look = 0; look < LOOKS; look += 1) begins[look] = begins[look + 1] ?? 0;
  begins[LOOKS] = cells.length;
}

function lookOf(cell: Cell, rows: readonly GpuBlockRow[], colour: GpuColour): number {
  const line = rows[cell.block]?.lines[cell.row];
  if (line === undefined) return ABSENT;
  const severity = line.severities[cell.at];
  if (severity === 'c') return CRITICAL;
  if (severity === 'w') return WARNING;
  if (colour === 'state') {
    const state = line.states[cell.at];
    return state === 'f' ? FREE : state === 'a' ? HELD : state === 'i' ? IDLE : ABSENT;
  }
  const value = line.values[cell.at] ?? -1;
  return value < 0 ? ABSENT : shadeOf(value);
}

function countOf(look: number): number {
  return (begins[look + 1] ?? 0) - (begins[look] ?? 0);
}

function fillAll(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  { w, h }: CellSize,
  look: number,
  colour: string | CanvasPattern,
): void {
  if (countOf(look) === 0) return;
  context.fillStyle = colour;
  for (let at = begins[look] ?? 0; at < (begins[look + 1] ?? 0); at += 1) {
    const cell = cells[order[at] ?? 0];
    if (cell !== undefined) context.fillRect(cell.x, cell.y, w, h);
  }
}

/** Lines the insides of the cells whose looks are `first` to `last`. */
function edgeAll(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  { w, h }: CellSize,
  first: number,
  last: number,
  colour: string,
): void {
  const [from, to] = [begins[first] ?? 0, begins[last + 1] ?? 0];
  if (from === to) return;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = from; at < to; at += 1) {
    const cell = cells[order[at] ?? 0];
    if (cell !== undefined) context.rect(cell.x + 0.5, cell.y + 0.5, w - 1, h - 1);
  }
  context.stroke();
}

function fault(
  context: CanvasRenderingContext2D,
  ink: Ink,
  isCritical: boolean,
  x: number,
  y: number,
  { w, h }: CellSize,
): void {
  context.fillStyle = isCritical ? ink.criticalGround : ink.warningGround;
  context.fillRect(x, y, w, h);
  context.fillStyle = isCritical ? ink.critical : ink.warning;
  const radius = Math.min(w, h) / 2 - (w > 8 ? 1.5 : 0);
  const middle = { x: x + w / 2, y: y + h / 2 };
  context.beginPath();
  if (isCritical) {
    context.moveTo(middle.x, middle.y - radius);
    context.lineTo(middle.x + radius, middle.y);
    context.lineTo(middle.x, middle.y + radius);
    context.lineTo(middle.x - radius, middle.y);
  } else {
    context.moveTo(middle.x, middle.y - radius);
    context.lineTo(middle.x + radius, middle.y + radius * 0.8);
    context.lineTo(middle.x - radius, middle.y + radius * 0.8);
  }
  context.fill();
}

function stroke(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  dashes: number[],
): void {
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
  context.setLineDash([]);
}
