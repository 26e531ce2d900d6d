/** Figures of the machine of the design data, and how they went. */

import type { Figure, FigureUnit, ReadingRow, RecentChart } from '$bindings/contract';
import { ago, random } from '../phrases';

export const GIB = 1024 ** 3;

/** For how many seconds the driver has not answered, in the scene in which it hangs. */
export const HUNG = 41;

export function reading(
  figure: Figure,
  unit: FigureUnit,
  value: number,
  source: ReadingRow['source'],
): ReadingRow {
  return { figure, unit, value, source, at: ago(1) };
}

export function chart(figure: Figure, unit: FigureUnit, most: number, middle: number): RecentChart {
  const next = random(figure.length * 7919);
  const values = Array.from({ length: 150 }, () => middle * (0.92 + next() * 0.16));
  return { figure, unit, most, step_seconds: 1, values };
}
