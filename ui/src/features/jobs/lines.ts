/** The lines of a list of jobs: jobs, the heads of their groups, and room that a lane leaves. */

import type { Row } from '$bindings/contract';
import type { Subscription } from '$lib/stream/subscription.svelte';

export interface Line {
  readonly id: string;
  readonly row: Extract<Row, { row: 'job' | 'job_group' | 'job_room' }>;
}

/** The lines of the window that `jobs` has, in order. */
export function linesOf(jobs: Subscription): Line[] {
  return jobs.held.order.flatMap((id) => {
    const row = jobs.held.rows.get(id);
    const isLine = row?.row === 'job' || row?.row === 'job_group' || row?.row === 'job_room';
    return isLine ? [{ id, row }] : [];
  });
}
