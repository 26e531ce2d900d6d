/** How pods come up, of the design data. */

import type { ReadRollout, Rollout, RolloutStep } from '$bindings/contract';

/** Two pods, one up and one that pulls its image. */
export function rollout({ objects }: ReadRollout): Rollout {
  const stage = (step: RolloutStep, seconds: number | null, isReached = true) => ({
    step,
    is_reached: isReached,
    at: null,
    seconds,
  });
  return {
    objects: objects.slice(0, 1).map((object) => ({
      object,
      explanation: {
        object,
        standing: 'starting',
        summary: {
          code: 'why_ready_count',
          values: { ready: { number: 1 }, pods: { number: 2 } },
        },
        others: [],
        unread: [],
      },
      pods: [
        {
          name: `${object.name}-7d9f8b6c5d-2kq8d`,
          node: 'gpu-h100-11',
          is_ready: true,
          is_ending: false,
          restarts: 0,
          stages: [
            stage('created', null),
            stage('scheduled', 1),
            stage('pulled', 44),
            stage('started', 2),
            stage('loaded', 96),
            stage('warm', 212),
            stage('ready', 2),
          ],
        },
        {
          name: `${object.name}-7d9f8b6c5d-h5x2p`,
          node: 'gpu-h100-28',
          is_ready: false,
          is_ending: false,
          restarts: 0,
          stages: [
            stage('created', null),
            stage('scheduled', 1),
            stage('pulled', 30, false),
            stage('started', null, false),
            stage('loaded', null, false),
            stage('warm', null, false),
            stage('ready', null, false),
          ],
        },
      ],
    })),
  };
}
