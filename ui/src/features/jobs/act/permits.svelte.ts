/** What the user may not do to a job, asked before anybody tries. */

import type { ObjectName } from '$bindings/contract';
import { call } from '$lib/api/call';
import type { Act } from './acts';

/** The permission that each act lacks; empty while that is not known, which locks nothing. */
export class Permitted {
  missing = $state.raw<ReadonlyMap<Act, string>>(new Map());
}

/** Asks what may not be done to `object`, for as long as the component lives that asks. */
export function permitted(cluster: () => string, object: () => ObjectName | null): Permitted {
  const known = new Permitted();
  // Equal names are one object, whatever carries them.
  const text = $derived(JSON.stringify(object()));
  // Asks the engine, which asks the API server.
  $effect(() => {
    const asked = JSON.parse(text) as ObjectName | null;
    known.missing = new Map();
    if (asked === null) return;
    let isWanted = true;
    call('read_permits', { cluster: cluster(), object: asked }).then(
      ({ missing }) => {
        if (!isWanted) return;
        known.missing = new Map(missing.map(({ act, permission }) => [act, permission]));
      },
      () => {
        // What could not be asked the preview tells.
      },
    );
    return () => (isWanted = false);
  });
  return known;
}
