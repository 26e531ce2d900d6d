import { describe, expect, it } from 'vitest';
import type { JobRow } from '$bindings/contract';
import { countOf, oneOf, partsOf, pastOf, SHOWS, statesOf } from './shows';
import { barOf, marks, pastIn, place, rangeOf, spansOf } from './timeline';

const NOW = Date.parse('2026-11-27T12:00:00Z');

function job(change: Partial<JobRow>): JobRow {
  return {
    kind: 'Job',
    group: 'batch',
    namespace: 'a',
    name: 'n',
    state: 'running',
    severity: 'ok',
    is_lasting: false,
    gpus_held: 0,
    queue: '',
    priority: '',
    owner: '',
    retries: 0,
    evictions: 0,
    ...change,
  };
}

describe('a line of time', () => {
  it('leaves a little room behind now', () => {
    const range = rangeOf('h6', NOW, 0);
    expect(place(NOW, range)).toBeCloseTo(0.93);
    expect(range.to - range.from).toBe(6 * 3_600_000);
  });

  it('is marked at whole hours, and not too often', () => {
    for (const span of ['h1', 'h6', 'd1', 'd7', 'd30'] as const) {
      const range = rangeOf(span, NOW, 0);
      const found = marks(range, 800);
      expect(found.length, span).toBeGreaterThan(2);
      expect(found.length, span).toBeLessThan(10);
      expect(marks(range, 100).length, span).toBeLessThan(4);
      expect(found.every((at) => at >= range.from && at <= range.to)).toBe(true);
    }
  });
});

describe('a job’s bar', () => {
  const range = { from: NOW - 4 * 3_600_000, to: NOW };

  it('has the wait before the run', () => {
    const { wait, run } = barOf(
      job({ queued_at: '2026-11-27T09:00:00Z', started_at: '2026-11-27T10:00:00Z' }),
      range,
      NOW,
    );
    expect(wait).toEqual({ left: 0.25, width: 0.25 });
    expect(run).toEqual({ left: 0.5, width: 0.5 });
  });

  it('is cut at the ends of the line, and none outside', () => {
    const before = { queued_at: '2026-11-26T00:00:00Z', started_at: '2026-11-26T01:00:00Z' };
    expect(barOf(job(before), range, NOW)).toEqual({ wait: null, run: { left: 0, width: 1 } });
    const over = { ...before, finished_at: '2026-11-26T02:00:00Z', state: 'succeeded' as const };
    expect(barOf(job(over), range, NOW)).toEqual({ wait: null, run: null });
  });

  it('does not go on where the end is not told', () => {
    const failed = job({
      state: 'failed',
      queued_at: '2026-11-27T09:00:00Z',
      started_at: '2026-11-27T10:00:00Z',
    });
    expect(barOf(failed, range, NOW).run).toBeNull();
    expect(spansOf(failed, NOW)).toEqual({ waited: 3600, ran: null });
  });
});

describe('what is shown', () => {
  it('counts the states that it shows', () => {
    const summary = {
      states: [
        { state: 'queued', jobs: 2 },
        { state: 'running', jobs: 3 },
        { state: 'failed', jobs: 1 },
      ] as const,
      loading: false,
      forbidden: [],
      namespaces: [],
    };
    const counts = SHOWS.map((show) => countOf(show, { ...summary, states: [...summary.states] }));
    expect(counts).toEqual([5, 2, 1, 6]);
    expect(countOf('all', undefined)).toBeNull();
    expect(statesOf('all')).toEqual([]);
  });

  it('is read from an address, whatever stands there', () => {
    expect(oneOf(SHOWS, 'failed')).toBe('failed');
    expect(oneOf(SHOWS, 'moon')).toBe('live');
    expect(partsOf('research/TrainJob.trainer.kubeflow.org/llama')).toEqual({
      namespace: 'research',
      kind: 'TrainJob',
      group: 'trainer.kubeflow.org',
      name: 'llama',
    });
    expect(partsOf('a/Pod/p')).toMatchObject({ kind: 'Pod', group: '' });
    expect(partsOf('nonsense')).toBeNull();
  });
});

describe('jobs that are gone', () => {
  it('are asked for by a time that holds the line, and is the same a second later', () => {
    const asked = (now: number, back: number) => pastIn(rangeOf('h6', now, back), back === 0);
    expect(asked(NOW, 0)).toEqual(asked(NOW + 1_000, 0));
    expect(asked(NOW, 0).until).toBe('');
    const range = rangeOf('h6', NOW, 7_200_000);
    const past = pastIn(range, false);
    expect(Date.parse(past.from)).toBeLessThanOrEqual(range.from);
    expect(Date.parse(past.until)).toBeGreaterThanOrEqual(range.to);
  });

  it('have an id of their own and end where they were missed', () => {
    const id = 'a/Job.batch/n@uid-1';
    expect(pastOf(id)).toBe('uid-1');
    expect(pastOf('a/Job.batch/n')).toBeNull();
    expect(partsOf(id)?.name).toBe('n');
    const gone = job({
      state: 'unknown',
      started_at: '2026-11-27T10:00:00Z',
      finished_at: '2026-11-27T11:00:00Z',
      gone: { last: 'running', missed_at: '2026-11-27T11:00:00Z' },
    });
    expect(spansOf(gone, NOW).ran).toBe(3_600);
  });
});
