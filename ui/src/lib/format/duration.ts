/** Spans of time: `0.4 s`, `40 s`, `47 min`, `3 h 12`, `5 d`. */

import type { Tongue } from '$lib/i18n/tongue';

const UNITS: Record<Tongue, { s: string; min: string; h: string; d: string }> = {
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
  zh: { s: '秒', min: '分', h: '小时', d: '天' },
};

/** Seconds as a span; whole seconds below a minute. Equal to `span` of the engine's `phrases.rs` in English. */
export function span(seconds: number, tongue: Tongue = 'en'): string {
  const unit = UNITS[tongue];
  const whole = Math.max(0, seconds);
  if (whole < 59.5) return `${Math.round(whole)} ${unit.s}`;
  const minutes = Math.max(1, Math.floor(whole / 60));
  if (minutes < 60) return `${minutes} ${unit.min}`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} ${unit.d}`;
  const rest = minutes - hours * 60;
  return rest === 0
    ? `${hours} ${unit.h}`
    : `${hours} ${unit.h} ${rest.toString().padStart(2, '0')}`;
}

/** An age that may be under a second: tenths below ten seconds, else as {@link span}. */
export function age(seconds: number, tongue: Tongue = 'en'): string {
  const old = Math.max(0, seconds);
  return old < 9.95 ? `${old.toFixed(1)} ${UNITS[tongue].s}` : span(old, tongue);
}

/** Seconds from `then` (RFC 3339) to `now` (milliseconds); `null` where `then` is no time. */
export function secondsSince(then: string | undefined, now: number): number | null {
  if (then === undefined) return null;
  const at = Date.parse(then);
  return Number.isNaN(at) ? null : (now - at) / 1000;
}

/** The local time of day of an RFC 3339 time: `15:26:02`; the text itself where it is no time. */
export function timeOfDay(then: string): string {
  const at = new Date(then);
  if (Number.isNaN(at.getTime())) return then;
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => part.toString().padStart(2, '0'))
    .join(':');
}
