/** The one host of this page, and calls to it, typed by the table of operations. */

import type { Operations } from '$bindings/contract';
import type { Host } from '$lib/host/host';

let current: Host | undefined;

/** Names the host; once, before anything is mounted. */
export function runOn(host: Host): void {
  current = host;
}

export function host(): Host {
  if (current === undefined) throw new Error('no host was named: runOn() comes before mount()');
  return current;
}

/** Asks for an operation. Rejects with an `ApiError`. */
export function call<Name extends keyof Operations>(
  operation: Name,
  request: Operations[Name][0],
): Promise<Operations[Name][1]> {
  return host().call(operation, request);
}
