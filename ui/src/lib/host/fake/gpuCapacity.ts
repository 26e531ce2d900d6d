/** Where the GPUs of the design data go: who has them, what Kubernetes gives out, what fits. */

import type {
  DeviceClaimRow,
  GpuCapacityRow,
  GpuFitRow,
  GpuNodeCapacityRow,
  GpuOfferRow,
  GpuRow,
  GpuShareOf,
  GpuShareRow,
  Topic,
} from '$bindings/contract';
import { groupedBy, MODELS, statesOf } from './gpus';
import { ago, phrase } from './phrases';

export function gpuCapacity(gpus: readonly GpuRow[]): {
  capacity: GpuCapacityRow;
  shares: GpuShareRow[];
  fits: GpuFitRow[];
  offers: GpuOfferRow[];
} {
  /** By the definition that most of them tell; what others do by another is in no sum. */
  const isTold = (one: GpuRow) => one.activity_figure !== 'ai_core_utilization';
  const sum = (some: readonly GpuRow[]) =>
    some.filter(isTold).reduce((at, one) => at + (one.activity ?? 0), 0);
  const untold = (some: readonly GpuRow[]) => some.filter((one) => !isTold(one)).length;
  const otherwise = untold(gpus.filter((one) => one.holders.length > 0));
  const ways: [GpuShareOf, (one: GpuRow) => string][] = [
    ['model', (one) => one.model],
    ['namespace', (one) => one.holders[0]?.namespace ?? ''],
    ['queue', (one) => one.holders[0]?.queue ?? ''],
    ['owner', (one) => one.holders[0]?.owner ?? ''],
  ];
  const shares = ways.flatMap(([by, nameOf]) => {
    const parts = groupedBy(
      gpus.filter((one) => by === 'model' || one.holders.length > 0),
      nameOf,
    );
    return [...parts].map(([name, all]): GpuShareRow => {
      const held = all.filter((one) => one.holders.length > 0);
      const models = groupedBy(held, (one) => one.model);
      return {
        by,
        name,
        kind: '',
        held: held.length,
        used: sum(held),
        idle_held: held.filter(({ state }) => state === 'idle_held').length,
        not_measured: untold(held),
        ...(by === 'model' ? { total: all.length } : {}),
        by_model: [...models].map(([model, own]) => ({
          model,
          held: own.length,
          used: sum(own),
          not_measured: untold(own),
        })),
      };
    });
  });
  return {
    capacity: {
      states: statesOf(gpus),
      used: sum(gpus),
      used_figure: 'sm_active',
      not_measured: otherwise,
      otherwise: otherwise === 0 ? [] : [{ figure: 'ai_core_utilization', gpus: otherwise }],
    },
    shares,
    fits: MODELS.map(({ name }) => {
      const free = gpus.filter((one) => one.model === name && one.state === 'free').length;
      return {
        model: name,
        free,
        largest_pod: free === 0 ? 0 : 8,
        gangs: [1, 2, 4, 8].map((each) => ({ gpus_each: each, pods: Math.floor(free / each) })),
        stranded: [],
      };
    }),
    offers: MODELS.map(({ name }): GpuOfferRow => {
      const own = gpus.filter(({ model }) => model === name);
      const lost = own.filter(({ state }) => state === 'unhealthy').length;
      return {
        resource: name.startsWith('Ascend') ? 'huawei.com/Ascend910' : 'nvidia.com/gpu',
        model: name,
        division: 'whole',
        nodes: own.length / 8,
        capacity: own.length,
        allocatable: own.length - lost,
        requested: own.filter(({ holders }) => holders.length > 0).length,
      };
    }),
  };
}

/** The nodes by their GPUs, in the order and the window that are asked for. */
export function gpuNodesOf(
  gpus: readonly GpuRow[],
  { sort, window }: Extract<Topic, { topic: 'gpu_nodes' }>,
): { rows: GpuNodeCapacityRow[]; total: number } {
  const all = [...groupedBy(gpus, ({ node }) => node)].map(([node, own]): GpuNodeCapacityRow => {
    const count = (state: GpuRow['state']) => own.filter((one) => one.state === state).length;
    const free = count('free');
    const isPartial = free > 0 && free < own.length;
    return {
      node,
      model: own[0]?.model ?? '',
      capacity: own.length,
      allocatable: own.length - count('unhealthy'),
      requested: own.filter(({ holders }) => holders.length > 0).length,
      used: own.reduce(
        (sum, one) => sum + (one.activity_figure === 'sm_active' ? (one.activity ?? 0) : 0),
        0,
      ),
      ...(own.some((one) => one.activity_figure === 'sm_active')
        ? { used_figure: 'sm_active' as const, not_measured: 0 }
        : { not_measured: own.filter(({ holders }) => holders.length > 0).length }),
      free,
      stranded: isPartial ? free : 0,
      shared: false,
      ...(isPartial
        ? {
            reason: phrase(
              `${free} of ${own.length} are free`,
              `${own.length} 块中空闲 ${free} 块`,
            ),
          }
        : {}),
    };
  });
  const value = (row: GpuNodeCapacityRow): number | string =>
    sort.by === 'unhealthy' ? row.capacity - row.allocatable : row[sort.by];
  const sorted = all.toSorted((one, other) => {
    const [left, right] = [value(one), value(other)];
    return typeof left === 'string' || typeof right === 'string'
      ? String(left).localeCompare(String(right))
      : left - right;
  });
  if (sort.descending) sorted.reverse();
  sorted.sort((one, other) =>
    value(one) === value(other) ? one.node.localeCompare(other.node) : 0,
  );
  return { rows: sorted.slice(window.first, window.first + window.count), total: all.length };
}

/** A few claims: two that wait, one that nobody uses, those of a training run. */
export function deviceClaims(): DeviceClaimRow[] {
  const waiting = (name: string, reason: DeviceClaimRow['reason']): DeviceClaimRow => ({
    namespace: 'team-1',
    name,
    state: 'pending',
    ...(reason === undefined ? {} : { reason }),
    drivers: [],
    devices: [],
    nodes: [],
    pods: [],
    created: ago(640),
  });
  return [
    waiting(
      'finetune-7-gpus-k2x9d',
      phrase(
        'the pod finetune-7 cannot be placed: 0/48 nodes are available: 48 cannot allocate all claims.',
        'Pod finetune-7 无法调度：0/48 nodes are available: 48 cannot allocate all claims.',
      ),
    ),
    waiting(
      'notebook-gpu',
      phrase(
        'no pod asks for it: devices are given when one does',
        '没有 Pod 使用它：有 Pod 使用时才会分配设备',
      ),
    ),
    ...Array.from({ length: 6 }, (_, at): DeviceClaimRow => ({
      namespace: 'team-2',
      name: `pretrain-3-worker-${at}-gpus-x7k${at}p`,
      state: at === 5 ? 'allocated' : 'reserved',
      drivers: ['gpu.nvidia.com'],
      devices: [`gpu-${at}`, `gpu-${at + 1}`],
      nodes: ['gpu-h100-0007'],
      pods: at === 5 ? [] : [`pretrain-3-worker-${at}`],
      created: ago(9_000),
    })),
  ];
}
