import { expect, test } from 'vitest';
import type { JobState } from '$bindings/contract';
import { judged, noted, type Standing } from './verdict';

const standings = (fits?: JobState, tooLarge?: JobState): Standing[] => [
  { name: 'fits', expected: 'completes', ...(fits && { state: fits }) },
  { name: 'too-large', expected: 'stays_held', ...(tooLarge && { state: tooLarge }) },
];

test('a test passes once all has completed and nothing began that is to be held', () => {
  expect(judged(standings())).toBeUndefined();
  expect(judged(standings('running', 'queued'))).toBeUndefined();
  expect(judged(standings('succeeded', 'queued'))).toEqual({ passed: true });
  expect(judged(standings('succeeded', 'suspended'))).toEqual({ passed: true });
  expect(judged(standings('failed', 'queued'))).toMatchObject({
    passed: false,
    by: { name: 'fits' },
  });
  expect(judged(standings('running', 'starting'))).toMatchObject({
    passed: false,
    by: { name: 'too-large' },
  });
});

test('what a job came to counts when it is gone', () => {
  const done: Standing = { name: 'fits', expected: 'completes', state: 'succeeded' };
  expect(noted(done, {})).toBe(done);
  const begun: Standing = { name: 'fits', expected: 'completes', state: 'running' };
  expect(noted(begun, {}).state).toBeUndefined();
});
