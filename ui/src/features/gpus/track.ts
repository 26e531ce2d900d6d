/** The line of the scrubber: what all GPUs did over a time, and where nothing is kept of it. */

import type { Figure, UsageHistory } from '$bindings/contract';

/** A part of the track, its ends as shares of it. */
interface Gap {
  readonly from: number;
  readonly until: number;
}

/** A part without gaps, as paths in a box of 1000 by 100. */
export interface Run extends Gap {
  readonly line: string;
  readonly area: string;
}

interface Track {
  /** By which definition the line is; absent where nothing was measured. */
  readonly figure: Figure | undefined;
  readonly runs: readonly Run[];
  readonly gaps: readonly Gap[];
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Lays `usage` on a track that is `seconds` long and ends now. */
export function partsOf(usage: UsageHistory, seconds: number): Track {
  const whole = usage.parts.find((part) => part.by === undefined);
  const { steps } = usage;
  const place = (step: number) =>
    Math.min(1, Math.max(0, 1 - ((steps.count - step) * steps.seconds) / seconds));
  const share = (step: number): number | null => {
    const used = whole?.used[step] ?? null;
    const measured = whole?.measured[step] ?? null;
    if (used === null || measured === null || measured <= 0) return null;
    return Math.min(1, Math.max(0, used / measured));
  };
  const runs: Run[] = [];
  const gaps: Gap[] = [];
  let begun = 0;
  const shares = Array.from({ length: steps.count }, (_, step) => share(step));
  for (let step = 1; step <= steps.count; step += 1) {
    const isKnown = shares[begun] !== null;
    if (step < steps.count && (shares[step] !== null) === isKnown) continue;
    const [from, until] = [place(begun), place(step)];
    // The step that is not over yet is no gap.
    const isOpen = step === steps.count && step - begun <= 1;
    if (isKnown) runs.push(run(shares.slice(begun, step), from, until));
    else if (!isOpen) gaps.push({ from, until });
    begun = step;
  }
  return { figure: whole?.figure, runs, gaps };
}

function run(shares: readonly (number | null)[], from: number, until: number): Run {
  const wide = (until - from) / Math.max(1, shares.length);
  const points = shares.map((value, at) => {
    const x = round((from + (at + 0.5) * wide) * 1000);
    return `${x} ${round(96 - (value ?? 0) * 90)}`;
  });
  const [left, right] = [round(from * 1000), round(until * 1000)];
  const top = (points[0] ?? '').split(' ')[1] ?? '96';
  const last = (points.at(-1) ?? '').split(' ')[1] ?? '96';
  const line = `M${left} ${top}L${points.join('L')}L${right} ${last}`;
  return { from, until, line, area: `${line}L${right} 100L${left} 100Z` };
}
