/** Quotas as people read them: sums over flavors, and amounts with their unit. */

import type { QueueRow, QuotaRow } from '$bindings/contract';
import { grouped, memory } from '$lib/format/number';

/** What a queue has of the resource that matters most in it: its accelerators, else its cores. */
export interface Share {
  readonly nominal: number | null;
  readonly used: number;
  readonly borrowed: number;
  readonly lent: number;
  /** The unit's word; empty for devices, which need none. */
  readonly unit: string;
}

/** The sum over the flavors of the first unit that the queue has quotas of; `null` for none. */
export function shareOf(queue: QueueRow, cores: string): Share | null {
  const first = queue.quotas.find(({ unit }) => unit === 'devices') ?? queue.quotas[0];
  if (first === undefined) return null;
  const same = queue.quotas.filter(({ resource }) => resource === first.resource);
  const sum = (of: (quota: QuotaRow) => number) => same.reduce((all, quota) => all + of(quota), 0);
  const isLimited = same.every(({ nominal }) => nominal !== undefined);
  return {
    nominal: isLimited ? sum(({ nominal }) => nominal ?? 0) : null,
    used: sum(({ used }) => used),
    borrowed: sum(({ borrowed }) => borrowed),
    lent: sum(({ lent }) => lent),
    unit: first.unit === 'cores' ? cores : '',
  };
}

/** An amount of a quota with its unit. */
export function amount(quota: QuotaRow, value: number | undefined, cores: string): string {
  if (value === undefined) return '';
  if (quota.unit === 'bytes') return memory(value);
  return quota.unit === 'cores' ? `${grouped(value)} ${cores}` : grouped(value);
}

/** The cohorts in the order of the queues, each with its queues. */
export function byParent<Queue extends QueueRow>(queues: readonly Queue[]): [string, Queue[]][] {
  const cohorts = new Map<string, Queue[]>();
  for (const queue of queues) {
    const key = `${queue.kind}/${queue.parent}`;
    cohorts.set(key, [...(cohorts.get(key) ?? []), queue]);
  }
  return [...cohorts.values()].map((members) => [members[0]?.parent ?? '', members]);
}
