/** What a subscriber holds after a frame: pure, so that order, loss and replacement can be tested. */

import type { Body, Frame, Row } from '$bindings/contract';

/** The rows of a subscription. Replaced as a whole by each frame; never changed in place. */
export interface Held {
  readonly rows: ReadonlyMap<string, Row>;
  /** The ids in the order in which they are shown. */
  readonly order: readonly string[];
  /** Rows in all, inside the window and outside. */
  readonly total: number;
  /** Rows in all without the filter. */
  readonly unfiltered: number;
}

export const NOTHING_HELD: Held = { rows: new Map(), order: [], total: 0, unfiltered: 0 };

/** Whether `frame` is the next one after the number `last` (`null`: before the first). */
export function follows(last: number | null, frame: Frame): boolean {
  if (last === null) return frame.frame === 'snapshot' || frame.frame === 'end';
  return frame.seq === last + 1;
}

/** A snapshot: what it says is all there is. */
export function replaced(body: Body): Held {
  const rows = new Map(body.upsert.map(({ id, row }) => [id, row]));
  return {
    rows,
    order: body.order ?? [...rows.keys()],
    total: body.total,
    unfiltered: body.unfiltered,
  };
}

/** A delta: rows left, rows came or changed, the order where it changed. */
export function changed(held: Held, body: Body): Held {
  const rows = new Map(held.rows);
  for (const id of body.drop) rows.delete(id);
  for (const { id, row } of body.upsert) rows.set(id, row);
  return {
    rows,
    order: body.order ?? held.order,
    total: body.total,
    unfiltered: body.unfiltered,
  };
}
