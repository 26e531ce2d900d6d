/** With what a GPU is compared, and which of the many it could be. */

import type { GpuRow, OneGpu, Topic } from '$bindings/contract';
import { plain } from '$lib/format/text';

const COMPARISONS = ['none', 'earlier', 'node', 'job', 'model'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** How many lines stand beside the one that is looked at. */
const MOST_BESIDE = 7;

/** The comparisons that there are for `gpu`. */
export function comparisonsOf(gpu: GpuRow): Comparison[] {
  return COMPARISONS.filter((kind) => {
    if (kind === 'job') return jobOf(gpu) !== null;
    return kind !== 'model' || gpu.model !== '';
  });
}

function jobOf(gpu: GpuRow): { namespace: string; name: string } | null {
  const holder = gpu.holders.find(({ workload }) => workload !== '');
  return holder === undefined ? null : { namespace: holder.namespace, name: holder.workload };
}

/** The list in which those are that `gpu` is compared with, the least busy first. */
export function topicOf(cluster: string, gpu: GpuRow, kind: Comparison): Topic | null {
  const filter = {
    none: null,
    earlier: null,
    node: `on=${gpu.node}:0-255`,
    job: jobOf(gpu)?.name ?? null,
    model: gpu.model === '' ? null : gpu.model,
  }[kind];
  if (filter === null) return null;
  return {
    topic: 'gpus',
    cluster,
    filter,
    sort: { by: kind === 'node' ? 'node' : 'activity', descending: false },
    window: { first: 0, count: 1000 },
  };
}

/** Whether `other` is one of those that `gpu` is compared with: the list's words may let in more. */
function isPeer(gpu: GpuRow, other: GpuRow, kind: Comparison): boolean {
  if (other.node === gpu.node && other.index === gpu.index) return false;
  if (kind === 'model') return other.model === gpu.model;
  if (kind === 'node') return other.node === gpu.node;
  const job = jobOf(gpu);
  return (
    job !== null &&
    other.holders.some(
      ({ namespace, workload }) => namespace === job.namespace && workload === job.name,
    )
  );
}

/** Those that stand beside a GPU, of how many. */
export interface Peers {
  readonly shown: OneGpu[];
  readonly of: number;
}

/** Those that stand beside `gpu`. Where there are too many, the least busy: they hold up the others. */
export function peersOf(gpu: GpuRow, rows: readonly GpuRow[], kind: Comparison): Peers {
  const peers = rows.filter((other) => isPeer(gpu, other, kind));
  const measured = peers.filter(({ activity }) => activity !== undefined);
  const dark = peers.filter(({ activity }) => activity === undefined);
  const chosen = peers.length > MOST_BESIDE ? [...measured, ...dark] : peers;
  return { shown: chosen.slice(0, MOST_BESIDE).map(oneOf), of: peers.length };
}

export function oneOf({ node, index, uuid }: OneGpu): OneGpu {
  return { node, index, uuid };
}

/** What a line is called: the number alone where all are of one node. */
export function nameOf(gpu: OneGpu, all: readonly OneGpu[], ofNode: (index: number) => string) {
  const isOfOneNode = all.every(({ node }) => node === gpu.node);
  return isOfOneNode ? ofNode(gpu.index) : `${plain(gpu.node)} · ${gpu.index}`;
}
