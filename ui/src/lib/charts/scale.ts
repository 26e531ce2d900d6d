/** How tall the scale of a chart is. */

import type { FigureUnit } from '$bindings/contract';

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
