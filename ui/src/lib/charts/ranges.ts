/** The times that a chart of the past can show. */

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
