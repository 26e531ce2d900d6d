/** Changes that were cut off: whoever starts Strata next is to finish them, undo them or leave them so. */

import type { JournalEntry } from '$bindings/contract';
import { call } from '$lib/api/call';

class Interrupted {
  entries = $state.raw<readonly JournalEntry[]>([]);

  /** Reads them anew. What cannot be read is told by the Activity view, which asks itself. */
  read(): void {
    call('read_interrupted', {}).then(
      (page) => (this.entries = page.entries),
      () => undefined,
    );
  }
}

export const interrupted = new Interrupted();
