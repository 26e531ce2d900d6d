import { describe, expect, it } from 'vitest';
import type { PodRollout, RolloutStep } from '$bindings/contract';
import { objectsIn, objectsText, secondsOf, stagesOf } from './rollout';

const pod = (stages: [RolloutStep, boolean, number | null][]): PodRollout => ({
  name: 'web-1',
  node: 'a',
  is_ready: false,
  is_ending: false,
  restarts: 0,
  stages: stages.map(([step, is_reached, seconds]) => ({ step, is_reached, at: null, seconds })),
});

describe('the way of a pod', () => {
  const waiting = pod([
    ['created', true, null],
    ['scheduled', true, 2],
    ['pulled', true, 18],
    ['started', false, 10],
    ['ready', false, null],
  ]);

  it('goes on where the pod is, and only there', () => {
    const stages = stagesOf(waiting, 5);
    expect(stages.map(({ step, state, seconds }) => [step, state, seconds])).toEqual([
      ['scheduled', 'done', 2],
      ['pulled', 'done', 18],
      ['started', 'now', 15],
      ['ready', 'ahead', null],
    ]);
    expect(secondsOf(stages)).toBe(35);
  });

  it('fills its bar, and every stage is seen', () => {
    const stages = stagesOf(waiting, 0);
    expect(stages.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
    expect(Math.min(...stages.map(({ width }) => width))).toBeGreaterThan(0.01);
  });

  it('that began this instant has a bar too', () => {
    const fresh = pod([
      ['created', true, null],
      ['scheduled', false, 0],
      ['ready', false, null],
    ]);
    expect(stagesOf(fresh, 0).map(({ width }) => width)).toEqual([0.5, 0.5]);
  });
});

describe('objects in an address', () => {
  it('come back as they were', () => {
    const objects = [
      { kind: 'Deployment', namespace: 'team-a', name: 'web' },
      { kind: 'RayJob.ray.io', namespace: '', name: 'x' },
    ];
    expect(objectsIn(objectsText(objects))).toEqual(objects);
    expect(objectsIn('')).toEqual([]);
    expect(objectsIn('nonsense')).toEqual([]);
  });
});
