/** How the file of history does, so that every view can say when nothing is recorded: a full disk is not told late. */

import type { HistoryKeeping } from '$bindings/contract';
import { call } from '$lib/api/call';

/** How often it is asked for, in milliseconds: what is measured is written once in half a minute. */
const PACE = 10_000;

class KeptHistory {
  now = $state.raw<HistoryKeeping>();

  /** Asks; where there is no answer, what was told stays. */
  async read(): Promise<void> {
    try {
      this.now = await call('read_keeping', {});
    } catch {
      // A program that does not answer says so itself, in every view.
    }
  }

  /** Asks from now on, while the page is seen; returns what stops that. */
  start(): () => void {
    void this.read();
    const timer = setInterval(() => {
      if (!document.hidden) void this.read();
    }, PACE);
    return () => clearInterval(timer);
  }
}

export const keptHistory = new KeptHistory();
