/** How the memory of a GPU is drawn: pure, so that sums and places can be tested. */

import type { MemoryPart, ModelPlan, PlannedPart } from '$bindings/contract';

interface DrawnPart {
  readonly name: MemoryPart;
  readonly bytes: number;
  /** Where it begins and how wide it is, as shares of the bar. */
  readonly from: number;
  readonly width: number;
  /** Whether its words fit into it. */
  readonly isWide: boolean;
}

export interface MemoryBar {
  readonly parts: readonly DrawnPart[];
  readonly total: number;
  /** What the whole bar stands for: the GPU's memory, or more where it is not enough. */
  readonly scale: number;
  /** What is left of the GPU beside what others hold; negative where it is not enough; `null` where its size is not known. */
  readonly free: number | null;
  /** Where the limit stands, as a share of the bar; `null` without one. */
  readonly limit: number | null;
  readonly isOver: boolean;
  /** What others hold, as a share of the bar, at its end. */
  readonly taken: number;
}

/** Whether a model fits on a GPU, by the estimate. */
export interface MemoryVerdict {
  /** The GPU's model. */
  readonly gpu: string;
  readonly fits: boolean;
}

/** A part narrower than this has its words below the bar. */
const WIDE = 0.2;

export function barOf(
  planned: readonly PlannedPart[],
  capacity: number | null,
  allowed: number | null,
  taken = 0,
): MemoryBar {
  const total = planned.reduce((sum, { bytes }) => sum + bytes, 0);
  const scale = Math.max(1, total + taken, capacity ?? 0);
  let from = 0;
  const parts = planned.map(({ part, bytes }): DrawnPart => {
    const width = bytes / scale;
    const drawn = { name: part, bytes, from, width, isWide: width >= WIDE };
    from += width;
    return drawn;
  });
  const limit = allowed ?? capacity;
  return {
    parts,
    total,
    scale,
    free: capacity === null ? null : capacity - taken - total,
    limit: limit === null ? null : limit / scale,
    isOver: limit !== null && total > limit,
    taken: taken / scale,
  };
}

/** Bytes in GiB with one digit, as every figure at the bar is said. */
export function gib(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return value >= 1000 ? value.toFixed(0) : value.toFixed(1);
}

/** How many parameters, as people say it: `8.0 B`, `596 M`. */
export function parametersText(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} B` : `${(count / 1e6).toFixed(0)} M`;
}

/** What the longest context is limited by is worth a warning where it is shorter than what was asked. */
export function isShort(plan: ModelPlan): boolean {
  return plan.max_context !== null && plan.max_context < plan.context;
}
