/** How figures are said: a number, then its unit. */

import type { Figure, FigureUnit, ReadingRow } from '$bindings/contract';
import { span } from '$lib/format/duration';
import { grouped, memory, rate } from '$lib/format/number';
import type { GpuWords } from '$lib/i18n/en/gpus';
import type { Tongue } from '$lib/i18n/tongue';

/** A value with its unit. */
export function amount(value: number, unit: FigureUnit, tongue: Tongue): string {
  switch (unit) {
    case 'ratio':
      return `${percent(value)} %`;
    case 'bytes':
      return memory(value);
    case 'bytes_per_second':
      return rate(value);
    case 'celsius':
      return `${grouped(value)} °C`;
    case 'watts':
      return `${grouped(Math.round(value))} W`;
    case 'joules':
      return `${grouped(value / 3.6e6)} kWh`;
    case 'megahertz':
      return `${grouped(value)} MHz`;
    case 'seconds':
      return span(value, tongue);
    case 'count':
    case 'code':
      return grouped(value);
  }
}

/** A share as whole percents; tenths below ten. */
export function percent(share: number): string {
  const percents = share * 100;
  return percents > 0 && percents < 9.95 ? percents.toFixed(1) : percents.toFixed(0);
}

const YES_OR_NO: readonly Figure[] = [
  'row_remap_failure',
  'row_remap_pending',
  'page_retirement_pending',
];

/** A reading: its value, or why there is none. */
export function reading(row: ReadingRow, words: GpuWords, tongue: Tongue): string {
  if (row.value === undefined) {
    const why = words.absence[row.absence ?? 'not_told'];
    return row.rejected === undefined ? why : `${why} (${row.rejected.toPrecision(3)})`;
  }
  if (YES_OR_NO.includes(row.figure)) return row.value === 0 ? words.no : words.yes;
  if (row.figure === 'health') return row.value === 0 ? words.no : words.yes;
  if (row.figure === 'last_xid' && row.value === 0) return words.noXid;
  if (row.figure === 'clocks_event_reasons') return `0x${row.value.toString(16)}`;
  return amount(row.value, row.unit, tongue);
}
