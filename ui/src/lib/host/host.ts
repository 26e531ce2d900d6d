/** What the interface runs on: the desktop shell, `strata serve`, or design data. */

import type { ApiError, ErrorCode, Frame, Operations, Topic } from '$bindings/contract';

/** A subscription that the host has made. */
export interface Subscribed {
  /** Says that the frame `seq` was applied, so that the engine may send more. */
  acknowledge(seq: number): void;
  unsubscribe(): void;
}

/** What a subscriber hears. */
export interface Listener {
  onframe(frame: Frame): void;
  /** The way to the engine broke; no frame will follow. Subscribe anew. */
  onlost(error: ApiError): void;
}

/** Whether the program behind the interface answers. */
export type Link =
  | { readonly state: 'up' }
  | { readonly state: 'lost'; readonly since: number }
  /** The page was opened without the token of this start. */
  | { readonly state: 'locked' };

export interface Host {
  /** Asks. Rejects with an {@link ApiError}, see {@link asApiError}. */
  call<Name extends keyof Operations>(
    operation: Name,
    request: Operations[Name][0],
  ): Promise<Operations[Name][1]>;
  /** Subscribes; frames come in order, and none before the promise resolves. */
  subscribe(topic: Topic, listener: Listener): Promise<Subscribed>;
  /** Calls `listener` now and at each change; returns what ends it. */
  onlink(listener: (link: Link) => void): () => void;
}

/** An {@link ApiError} that code of the interface raises. */
export function apiError(code: ErrorCode, message: string, causes: string[] = []): ApiError {
  return { code, message, causes };
}

/** Whatever was thrown, as an {@link ApiError}. */
export function asApiError(thrown: unknown): ApiError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    const { causes } = thrown as Partial<ApiError>;
    return { ...(thrown as ApiError), causes: causes ?? [] };
  }
  return apiError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
