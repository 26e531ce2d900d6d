/** The queues of the design data. */

import type { QueueRow } from '$bindings/contract';
import { jobDetail } from './jobDetail';
import { JOBS } from './jobs';

/** name, nominal, used, borrowed, lent. */
const QUEUES: readonly (readonly [string, number, number, number, number])[] = [
  ['inference', 384, 352, 0, 0],
  ['research', 192, 268, 76, 0],
  ['training', 256, 161, 0, 64],
  ['notebooks', 64, 80, 16, 0],
  ['batch', 128, 10, 0, 28],
];

/** The queues. */
export function queueRows(): QueueRow[] {
  return QUEUES.map(([name, nominal, used, borrowed, lent]) => {
    const waiting = JOBS.filter(({ state, queue }) => state === 'queued' && queue === name);
    return {
      kind: 'ClusterQueue',
      group: 'kueue.x-k8s.io',
      name,
      parent: 'atlas',
      strategy: 'BestEffortFIFO',
      stopped: '',
      weight: '',
      severity: name === 'research' ? 'warning' : 'ok',
      waiting: waiting.length,
      starves: false,
      admitted: JOBS.filter(({ state, queue }) => state === 'running' && queue === name).length,
      ...(waiting[0]?.queued_at === undefined ? {} : { oldest_at: waiting[0].queued_at }),
      line: jobDetail(waiting[0]?.name ?? '')?.line ?? [],
      quotas: [
        {
          flavor: 'h100',
          resource: 'nvidia.com/gpu',
          unit: 'devices',
          nominal,
          used,
          borrowed,
          lent,
        },
        {
          flavor: 'h100',
          resource: 'cpu',
          unit: 'cores',
          nominal: 4_096,
          used: 2_310,
          borrowed: 0,
          lent: 0,
        },
        {
          flavor: 'h100',
          resource: 'memory',
          unit: 'bytes',
          nominal: 40 * 1024 ** 4,
          used: 21 * 1024 ** 4,
          borrowed: 0,
          lent: 0,
          borrowing_limit: 0,
        },
      ],
    };
  });
}
