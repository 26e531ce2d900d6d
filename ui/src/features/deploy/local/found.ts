/** What the runtimes of this machine tell, asked together. */

import type {
  ApiError,
  LocalContainers,
  LocalRuntimeKind,
  LocalRuntimes,
} from '$bindings/contract';
import { call } from '$lib/api/call';
import type { Question } from '$lib/api/question.svelte';
import { asApiError } from '$lib/host/host';

export interface Found {
  readonly known: LocalRuntimes;
  readonly told: readonly { runtime: LocalRuntimeKind; found: LocalContainers }[];
  /** Runtimes that answered and did not tell what they run. */
  readonly failed: readonly { runtime: LocalRuntimeKind; error: ApiError }[];
}

/** How often it is asked again, in milliseconds: containers of one machine are few, its sockets near. */
const AGAIN = 2_000;

export async function findAll(): Promise<Found> {
  const known = await call('read_local_runtimes', {});
  const told: { runtime: LocalRuntimeKind; found: LocalContainers }[] = [];
  const failed: { runtime: LocalRuntimeKind; error: ApiError }[] = [];
  const asked = known.runtimes.map(async ({ kind: runtime }) => {
    try {
      told.push({ runtime, found: await call('read_local_containers', { runtime }) });
    } catch (thrown) {
      failed.push({ runtime, error: asApiError(thrown) });
    }
  });
  await Promise.all(asked);
  return { known, told, failed };
}

/** Asks the same again every two seconds; returns what stops that. */
export function keepAsking(question: Pick<Question<never, unknown>, 'again'>): () => void {
  const timer = setInterval(() => question.again(), AGAIN);
  return () => clearInterval(timer);
}
