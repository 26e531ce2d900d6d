/** What the user may not do to a job, asked before anybody tries. */

import type { ObjectName } from '$bindings/contract';
import { call } from '$lib/api/call';
import type { Act } from './acts';

/** The permissions that acts lack. */
export type Missing = Readonly<Partial<Record<Act, string>>>;

export class Permitted {
  /** Empty while that is not known, which locks nothing. */
  missing = $state.raw<Missing>({});
}

/** Asks what may not be done to `object`, for as long as the component lives that asks. */
export function permitted(cluster: () => string, object: () => ObjectName | null): Permitted {
  const known = new Permitted();
  // Equal names are one object, whatever carries them.
  const text = $derived(JSON.stringify(object()));
  // Asks the engine, which asks the API server.
  $effect(() => {
    const asked = JSON.parse(text) as ObjectName | null;
    known.missing = {};
    if (asked === null) return;
    let isWanted = true;
    call('read_permits', { cluster: cluster(), object: asked }).then(
      ({ missing }) => {
        if (!isWanted) return;
        known.missing = Object.fromEntries(missing.map(({ act, permission }) => [act, permission]));
      },
      () => {
        // What could not be asked the preview tells.
      },
    );
    return () => (isWanted = false);
  });
  return known;
}
