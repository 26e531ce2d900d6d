/** What the jobs of a test say of it. */

import type { JobState, Phrase, TestOutcome } from '$bindings/contract';

/** How a job of a test stands. */
export interface Standing {
  readonly name: string;
  readonly expected: TestOutcome;
  /** The last that was heard of it; nothing before it is there. */
  readonly state?: JobState;
  readonly reason?: Phrase;
}

/** How a test came out, and the job that decided it where it did not pass. */
export interface Verdict {
  readonly passed: boolean;
  readonly by?: Standing;
}

const HELD: readonly JobState[] = ['queued', 'suspended', 'unknown'];

/** The verdict; nothing while it is not decided. */
export function judged(standings: readonly Standing[]): Verdict | undefined {
  const failed = standings.find(
    (one) =>
      one.state !== undefined &&
      (one.expected === 'completes' ? one.state === 'failed' : !HELD.includes(one.state)),
  );
  if (failed !== undefined) return { passed: false, by: failed };
  const open = standings.some((one) => one.expected === 'completes' && one.state !== 'succeeded');
  return open ? undefined : { passed: true };
}

/**
 * What is known of a job after `heard` came of it. One that has ended goes by itself a minute later,
 * so that what it came to counts.
 */
export function noted(known: Standing, heard: Pick<Standing, 'state' | 'reason'>): Standing {
  if (known.state === 'succeeded' || known.state === 'failed') return known;
  const { name, expected } = known;
  return { name, expected, ...heard };
}
