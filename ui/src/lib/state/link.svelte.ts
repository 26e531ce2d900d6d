/** Whether the program behind the page answers. */

import type { Link } from '$lib/host/host';
import { host } from '$lib/api/call';

class LinkState {
  now = $state.raw<Link>({ state: 'up' });

  /** Follows the host; returns what stops that. */
  start(): () => void {
    return host().onlink((link) => (this.now = link));
  }
}

export const link = new LinkState();
