/** A list that is windowed on the screen, read whole and once: to be saved. */

import type { Body, Topic, Window } from '$bindings/contract';
import { apiError, type Host } from '$lib/host/host';
import { replaced, type Held } from './applied';
import { rowsIn, type Keyed, type RowKind } from './subscription.svelte';

/** The most rows that the engine tells in one window. */
const MOST = 1000;

/** The first that the engine says of `topic`. */
export function snapshotOf(host: Host, topic: Topic): Promise<Held> {
  return new Promise((resolve, reject) => {
    let leave: (() => void) | null = null;
    let isOver = false;
    const end = (tell: () => void) => {
      isOver = true;
      leave?.();
      tell();
    };
    const take = (body: Body) => end(() => resolve(replaced(body)));
    const subscribed = host.subscribe(topic, {
      onframe: (frame) => {
        if (isOver) return;
        if (frame.frame === 'snapshot') take(frame.body);
        else if (frame.frame === 'end') end(() => reject(apiError('not_found', frame.reason)));
      },
      onlost: (error) => {
        if (!isOver) end(() => reject(error));
      },
    });
    subscribed.then((made) => {
      leave = () => made.unsubscribe();
      if (isOver) leave();
    }, reject);
  });
}

/**
 * All rows of a list, window by window. A row that moved between two windows counts once, so that the
 * order that `topic` asks for should be one that stands still where there are several.
 */
export async function wholeList<Kind extends RowKind>(
  host: Host,
  kind: Kind,
  topic: (window: Window) => Topic,
): Promise<Keyed<Kind>[]> {
  const found = new Map<string, Keyed<Kind>>();
  let total = 1;
  for (let first = 0; first < total; first += MOST) {
    const held = await snapshotOf(host, topic({ first, count: MOST }));
    for (const row of rowsIn(held, kind)) found.set(row.id, row);
    total = held.total;
  }
  return [...found.values()];
}
