/** Sums over where the capacity goes, and what the gap costs. */

import type { GpuModelShare, GpuPrice, GpuShareRow } from '$bindings/contract';

/** GPUs that are held, measured, and not used. */
export function gapOf(share: { held: number; used: number; not_measured: number }): number {
  return Math.max(0, share.held - share.not_measured - share.used);
}

/**
 * What the gap costs in an hour; `null` where a model of it has no price, since a sum that leaves
 * something out is none.
 */
export function costOf(
  models: readonly GpuModelShare[],
  prices: readonly GpuPrice[],
): number | null {
  let sum = 0;
  for (const share of models) {
    const gap = gapOf(share);
    if (gap === 0) continue;
    const price = prices.find(({ model }) => model === share.model);
    if (price === undefined) return null;
    sum += gap * price.per_hour;
  }
  return sum;
}

/** The shares of one kind. */
export function sharesBy(rows: readonly GpuShareRow[], by: GpuShareRow['by']): GpuShareRow[] {
  return rows.filter((row) => row.by === by);
}

/** An amount of money: two digits below a hundred, none above. */
export function money(amount: number, currency: string): string {
  const digits = amount < 100 ? 2 : 0;
  const said = amount.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${currency}${said}`;
}
