/** How each cell of the map looks, as numbers: what a painting needs to know of values and states. */

import type { GpuBlockRow, GpuColour } from '$bindings/contract';
import type { Arranged, Cell } from './arrange';
import { HEAT, shadeOf } from './heat';

/** Looks of a cell: a shade of the scale, by its place in {@link HEAT}, or one of these. */
export const ABSENT = HEAT.length;
export const FREE = ABSENT + 1;
export const HELD = ABSENT + 2;
export const IDLE = ABSENT + 3;
export const WARNING = ABSENT + 4;
export const CRITICAL = ABSENT + 5;
/** How many looks there are. */
export const LOOKS = ABSENT + 6;

/** The look of every cell of `arranged`, in its order. */
export function looksOf(
  { cells }: Arranged,
  rows: readonly GpuBlockRow[],
  colour: GpuColour,
): Uint16Array<ArrayBuffer> {
  const looks = new Uint16Array(cells.length);
  cells.forEach((cell, at) => {
    looks[at] = lookOf(cell, rows, colour);
  });
  return looks;
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
