import { describe, expect, it } from 'vitest';
import type { JobHistory, JobHolding } from '$bindings/contract';
import { livesOf } from './lives';

const BEGINS = Date.parse('2026-03-01T12:00:00Z');
const minute = (number: number) => new Date(BEGINS + number * 60_000).toISOString();

function history(holdings: Partial<JobHolding>[]): JobHistory {
  return {
    holdings: holdings.map((holding) => ({
      pod: 'ft-0',
      node: 'gpu-1',
      index: 0,
      began_at: minute(0),
      is_counted: false,
      is_shared: false,
      ...holding,
    })),
    more: 0,
    steps: { begins: minute(0), seconds: 60, count: 10 },
    charts: [],
    keeping: { file: '', bytes: '0', set_aside: '', lost: '0' },
  };
}

describe('the lives of pods', () => {
  it('count the GPUs of a pod once each', () => {
    const two = history([{ index: 0 }, { index: 1 }]);
    expect(livesOf(two, BEGINS + 300_000)).toEqual([
      { pod: 'ft-0', gpus: 2, from: 0, to: 0.5, isCounted: false },
    ]);
  });

  it('end where they ended, and the next begins after', () => {
    const attempts = history([
      { ended_at: minute(4) },
      { pod: 'ft-1', began_at: minute(6), is_counted: true },
    ]);
    const [first, second] = livesOf(attempts, BEGINS + 3_600_000);
    expect(first).toMatchObject({ pod: 'ft-0', from: 0, to: 0.4 });
    expect(second).toMatchObject({ pod: 'ft-1', from: 0.6, to: 1, isCounted: true });
  });

  it('are left out where they lie before the time shown', () => {
    const before = history([{ began_at: minute(-9), ended_at: minute(-2) }]);
    expect(livesOf(before, BEGINS)).toEqual([]);
  });
});
