/** Readings as the view shows them: a value with its unit, or in words why there is none. */

import type { Figure, ReadingRow } from '$bindings/contract';
import { secondsSince, span } from '$lib/format/duration';
import { reading } from '$lib/format/figure';
import { grouped } from '$lib/format/number';
import type { Dictionary } from '$lib/i18n/en';
import type { Tongue } from '$lib/i18n/tongue';

/** The figures that say how busy a device is, the most telling first; never on one scale. */
const ACTIVITY: readonly Figure[] = [
  'sm_active',
  'engine_active',
  'utilization',
  'ai_core_utilization',
];

/** A reading older than this was not taken at the last beats. */
const OLD_SECONDS = 15;

export function find(readings: readonly ReadingRow[], figure: Figure): ReadingRow | undefined {
  return readings.find((one) => one.figure === figure);
}

/** How busy a device is, by the most telling definition that has a value. */
export function activity(readings: readonly ReadingRow[]): ReadingRow | undefined {
  const told = ACTIVITY.map((figure) => find(readings, figure));
  return told.find((one) => one?.value !== undefined) ?? told.find((one) => one !== undefined);
}

/** The value with its unit, or why there is none. */
export function shown(row: ReadingRow | undefined, words: Dictionary, tongue: Tongue): string {
  return row === undefined ? words.workstation.notTold : reading(row, words.gpus, tongue);
}

/** Figure, source and age, for who hovers. */
export function origin(
  row: ReadingRow | undefined,
  words: Dictionary,
  tongue: Tongue,
  now: number,
): string {
  if (row === undefined) return words.workstation.notTold;
  const old = secondsSince(row.at, now);
  const parts = [words.gpus.figure[row.figure], words.gpus.source[row.source]];
  if (old !== null) parts.push(words.workstation.ago(span(old, tongue)));
  return parts.join(' · ');
}

/** Whether a reading is too old to be so now. */
export function isOld(row: ReadingRow | undefined, now: number): boolean {
  const old = row === undefined ? null : secondsSince(row.at, now);
  return old !== null && old > OLD_SECONDS;
}

/** `one` as a share of `all`, from 0 to 1; `null` where either is unknown. */
export function share(one: ReadingRow | undefined, all: ReadingRow | undefined): number | null {
  if (one?.value === undefined || all?.value === undefined || all.value <= 0) return null;
  return Math.min(1, Math.max(0, one.value / all.value));
}

/** Seconds as `0.4 ms`, `41 ms`, `1.2 s`. */
export function took(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0)} ms`;
}

/** Joules as `38 Wh`, `3.4 kWh`. */
export function energy(joules: number): string {
  const hours = joules / 3600;
  return hours < 100 ? `${grouped(Math.round(hours))} Wh` : `${grouped(hours / 1000)} kWh`;
}
