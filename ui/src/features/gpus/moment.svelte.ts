/** The map of a moment that is kept: asked for while the scrubber stands there, one question at a time. */

import type { ApiError, GpuMoment, GpuMomentQuestion } from '$bindings/contract';
import { call } from '$lib/api/call';
import { asApiError } from '$lib/host/host';

export interface Kept {
  /** The last moment that was told; none while the present is shown. */
  readonly told: GpuMoment | null;
  readonly failure: ApiError | null;
}

/** Follows `question`; of those that come while one is under way, the last alone is asked. */
export function momentOf(question: () => GpuMomentQuestion | null): Kept {
  let told = $state.raw<GpuMoment | null>(null);
  let failure = $state.raw<ApiError | null>(null);
  let isAsking = false;
  let wanted: GpuMomentQuestion | null = null;

  /** The scrubber may be back at now when an answer comes. */
  const isPast = () => wanted !== null;

  async function ask(): Promise<void> {
    isAsking = true;
    while (wanted !== null) {
      const asked = wanted;
      try {
        const answer = await call('gpu_moment', asked);
        if (isPast()) [told, failure] = [answer, null];
      } catch (thrown) {
        if (isPast()) failure = asApiError(thrown);
      }
      if (wanted === asked) break;
    }
    isAsking = false;
  }

  // Asks the engine.
  $effect(() => {
    wanted = question();
    if (wanted === null) [told, failure] = [null, null];
    else if (!isAsking) void ask();
  });

  return {
    get told() {
      return told;
    },
    get failure() {
      return failure;
    },
  };
}
