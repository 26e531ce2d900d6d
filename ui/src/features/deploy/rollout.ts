/** A pod's way to being ready, as it is drawn: pure. */

import type { ObjectName, Phrase, PodRollout, Rollout, RolloutStep } from '$bindings/contract';
import { objectIn, objectText } from '$lib/state/objectAddress';

export interface DrawnStage {
  readonly step: RolloutStep;
  readonly state: 'done' | 'now' | 'ahead';
  /** How long it took, or takes so far; `null` where that was not measured. */
  readonly seconds: number | null;
  /** Why that was not measured; `null` where it was, or is still to come. */
  readonly reason: Phrase | null;
  /** Its share of the bar. */
  readonly width: number;
}

/** The least share of the bar, so that a stage of no time is seen. */
const LEAST = 0.02;

/**
 * The stages after the creation, with `later` seconds more for the one where the pod is. What is still
 * ahead has the least width: nobody knows how long it will take.
 */
export function stagesOf(pod: PodRollout, later: number): DrawnStage[] {
  const after = pod.stages.filter(({ step }) => step !== 'created');
  const now = after.findIndex(({ is_reached }) => !is_reached);
  const stages = after.map(({ step, seconds, is_reached, reason }, at) => ({
    step,
    reason: reason ?? null,
    state: is_reached ? ('done' as const) : at === now ? ('now' as const) : ('ahead' as const),
    seconds: seconds === null ? null : at === now ? seconds + later : seconds,
  }));
  const total = stages.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  const shares = stages.map(({ seconds }) =>
    Math.max(LEAST, total === 0 ? 0 : (seconds ?? 0) / total),
  );
  const all = shares.reduce((sum, share) => sum + share, 0);
  return stages.map((stage, at) => ({ ...stage, width: (shares[at] ?? 0) / all }));
}

/** How long the pod's way took, or takes so far. */
export function secondsOf(stages: readonly DrawnStage[]): number {
  return stages.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
}

/** Whether everything that runs is up. */
export function isUp({ objects }: Rollout): boolean {
  return (
    objects.length > 0 &&
    objects.every(
      ({ explanation, pods }) =>
        explanation !== null &&
        ['healthy', 'finished'].includes(explanation.standing) &&
        pods.filter(({ is_ending }) => !is_ending).every(({ is_ready }) => is_ready),
    )
  );
}

/** Objects in an address: `Deployment.apps/team-a/web~Service/team-a/web`. */
export function objectsText(objects: readonly ObjectName[]): string {
  return objects.map(objectText).join('~');
}

export function objectsIn(text: string): ObjectName[] {
  return text.split('~').flatMap((one) => objectIn(one) ?? []);
}
