/** Sums over where the capacity goes, and what the gap costs. */

import type { GpuModelShare, GpuPrice, GpuShareRow } from '$bindings/contract';
import { grouped } from '$lib/format/number';
import { plain } from '$lib/format/text';

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

/** Whether it is known of one GPU of those held what it does; where none is held, there is nothing to know. */
export function isMeasured(share: { held: number; not_measured: number }): boolean {
  return share.held === 0 || share.held > share.not_measured;
}

/** The name of what several hold at once. */
const SEVERAL = '*';

/** Whether a part is one that can be looked for. */
export function isNamed({ name }: { name: string }): boolean {
  return name !== '' && name !== SEVERAL;
}

/** What a block of the map is called: those of the holders' groups are named as parts are. */
export function blockName(name: string, unnamed: string, several: string): string {
  if (name === '') return unnamed;
  return name === SEVERAL ? several : name;
}

/** What a part is called. */
export function nameOfPart(
  { by, name }: Pick<GpuShareRow, 'by' | 'name'>,
  words: { unnamed: Record<GpuShareRow['by'], string>; several: string },
): string {
  return plain(blockName(name, words.unnamed[by], words.several));
}

/** The shares of one kind. */
export function sharesBy(rows: readonly GpuShareRow[], by: GpuShareRow['by']): GpuShareRow[] {
  return rows.filter((row) => row.by === by);
}

/** A number of GPUs in use: always with its tenth, so that a column of them stands in line. */
export function tenths(gpus: number): string {
  const [whole = '0', tenth = '0'] = gpus.toFixed(1).split('.');
  return `${grouped(Number(whole))}.${tenth}`;
}

/** An amount of money: two digits below a hundred, none above. */
export function money(amount: number, currency: string): string {
  const digits = amount < 100 ? 2 : 0;
  const said = amount.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${currency}${said}`;
}
