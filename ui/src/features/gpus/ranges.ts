/** The times that a chart can show, and how tall its scale is. */

import type { FigureUnit } from '$bindings/contract';

export const RANGES = ['1h', '6h', '1d', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

const HOUR = 3600;
const LENGTH: Record<Range, number> = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '1d': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
};

export function seconds(range: Range): number {
  return LENGTH[range];
}

/** The top of a chart's scale; absent where the values decide. */
export function topOf(
  chart: { readonly unit: FigureUnit },
  memory: number | undefined,
): number | undefined {
  if (chart.unit === 'ratio') return 1;
  if (chart.unit === 'celsius') return 100;
  if (chart.unit === 'bytes') return memory;
  return undefined;
}
