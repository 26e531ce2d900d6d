/** Which part of a long list to ask for. */

import type { Window } from '$bindings/contract';

/** Rows beyond what is seen, on both sides, so that scrolling finds them there. */
const MARGIN = 20;
/** Windows move in steps, so that scrolling does not ask for each row. */
const STEP = 20;

export function visibleWindow(scrolled: number, height: number, row: number): Window {
  const top = Math.floor(scrolled / row);
  const first = Math.max(0, Math.floor((top - MARGIN) / STEP) * STEP);
  const seen = Math.ceil(height / row);
  const end = Math.ceil((top + seen + MARGIN) / STEP) * STEP;
  return { first, count: Math.max(2 * STEP, end - first) };
}
