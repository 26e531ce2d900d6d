/** One job of the design data with all that is known of it. */

import type { JobDetailRow } from '$bindings/contract';
import { GONE, JOBS } from './jobs';
import { ago } from './phrases';

const MINUTE = 60;

/** One job in detail, where it is there. */
export function jobDetail(name: string): JobDetailRow | undefined {
  const job = [...JOBS, ...GONE].find((one) => one.name === name);
  if (job === undefined) return undefined;
  if (job.gone !== undefined) {
    return {
      job,
      tree: [],
      more: 0,
      roles: [],
      conditions: [],
      line: [],
      said_by_queue: '',
      attempts: [],
      gpus: [],
      more_gpus: 0,
    };
  }
  const waiting = JOBS.filter(({ state, queue }) => state === 'queued' && queue === job.queue);
  const pod = (rank: number) => ({
    depth: 2,
    kind: 'Pod',
    name: `${name}-node-0-${rank}`,
    rank: `node ${rank}`,
    status: 'Running',
    severity: 'ok' as const,
    node: `gpu-h100-${18 + rank}`,
    gpus: 8,
    restarts: 0,
  });
  const part = (depth: number, kind: string) => ({
    depth,
    kind,
    name,
    rank: '',
    status: job.state,
    severity: 'ok' as const,
    node: '',
    gpus: 0,
    restarts: 0,
  });
  return {
    job,
    tree: [
      part(0, job.kind),
      ...(job.state === 'running' ? [part(1, 'JobSet'), pod(0), pod(1)] : []),
    ],
    more: 0,
    roles: [
      { name: 'node', wanted: 2, active: job.state === 'running' ? 2 : 0, succeeded: 0, failed: 0 },
    ],
    conditions: [
      {
        kind: 'Workload',
        name,
        condition: 'QuotaReserved',
        status: job.state === 'queued' ? 'False' : 'True',
        reason: job.state === 'queued' ? 'TopologyPlacementFailed' : 'QuotaReserved',
        message:
          job.state === 'queued' ? 'topology "dc-nvlink" doesn’t allow to fit any of 2 pod(s)' : '',
        since: ago(47 * MINUTE),
      },
    ],
    line:
      job.state === 'queued'
        ? waiting.map((one, at) => ({
            at: at + 1,
            kind: one.kind,
            group: one.group,
            namespace: one.namespace,
            name: one.name,
            ...(one.gpus_asked === undefined ? {} : { gpus: one.gpus_asked }),
            priority: one.priority,
            ...(one.queued_at === undefined ? {} : { queued_at: one.queued_at }),
          }))
        : [],
    said_by_queue:
      job.state === 'queued'
        ? 'topology "dc-nvlink" doesn’t allow to fit any of 2 pod(s). Total nodes: 64; excluded: cordoned 1, resource "nvidia.com/gpu" 55'
        : '',
    attempts: [],
    gpus: [],
    more_gpus: 0,
  };
}
