/** Which pods of a job had GPUs when, as bars on the axis of its charts. */

import type { JobHistory } from '$bindings/contract';

/** A pod's time with GPUs. Places are shares of the time shown, from 0 to 1. */
interface PodLife {
  readonly pod: string;
  readonly gpus: number;
  readonly from: number;
  readonly to: number;
  readonly isCounted: boolean;
}

/** The pods of `history` that had GPUs in the time shown, the oldest first. */
export function livesOf(history: JobHistory, now: number): PodLife[] {
  const begins = Date.parse(history.steps.begins);
  const length = Math.max(1, history.steps.seconds * history.steps.count * 1000);
  const place = (at: number) => Math.min(1, Math.max(0, (at - begins) / length));
  const lives = new Map<string, PodLife & { gpuNames: Set<string> }>();
  for (const holding of history.holdings) {
    const from = place(Date.parse(holding.began_at));
    const to = place(holding.ended_at === undefined ? now : Date.parse(holding.ended_at));
    if (to <= 0 || from >= 1) continue;
    const known = lives.get(holding.pod);
    const gpuNames = known?.gpuNames ?? new Set<string>();
    gpuNames.add(`${holding.node}/${holding.index}`);
    lives.set(holding.pod, {
      pod: holding.pod,
      gpus: gpuNames.size,
      gpuNames,
      from: Math.min(from, known?.from ?? 1),
      to: Math.max(to, known?.to ?? 0),
      isCounted: holding.is_counted || (known?.isCounted ?? false),
    });
  }
  return [...lives.values()].map(({ pod, gpus, from, to, isCounted }) => ({
    pod,
    gpus,
    from,
    to,
    isCounted,
  }));
}
