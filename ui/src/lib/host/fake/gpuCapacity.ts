/** Where the GPUs of the design data go: who has them, what Kubernetes gives out, what fits. */

import type {
  GpuCapacityRow,
  GpuFitRow,
  GpuOfferRow,
  GpuRow,
  GpuShareOf,
  GpuShareRow,
} from '$bindings/contract';
import { groupedBy, MODELS, statesOf } from './gpus';

export function gpuCapacity(gpus: readonly GpuRow[]): {
  capacity: GpuCapacityRow;
  shares: GpuShareRow[];
  fits: GpuFitRow[];
  offers: GpuOfferRow[];
} {
  const used = gpus.reduce((sum, one) => sum + (one.activity ?? 0), 0);
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
      const sum = (some: readonly GpuRow[]) =>
        some.reduce((at, one) => at + (one.activity ?? 0), 0);
      return {
        by,
        name,
        kind: '',
        held: held.length,
        used: sum(held),
        idle_held: held.filter(({ state }) => state === 'idle_held').length,
        not_measured: 0,
        ...(by === 'model' ? { total: all.length } : {}),
        by_model: [...models].map(([model, own]) => ({
          model,
          held: own.length,
          used: sum(own),
          not_measured: 0,
        })),
      };
    });
  });
  return {
    capacity: { states: statesOf(gpus), used, used_figure: 'sm_active', not_measured: 0 },
    shares,
    fits: MODELS.map(({ name }) => {
      const free = gpus.filter((one) => one.model === name && one.state === 'free').length;
      return {
        model: name,
        free,
        largest_pod: free === 0 ? 0 : 8,
        gangs: [8, 4, 2, 1].map((each) => ({ gpus_each: each, pods: Math.floor(free / each) })),
        stranded: [],
      };
    }),
    offers: MODELS.map(({ name }): GpuOfferRow => {
      const own = gpus.filter(({ model }) => model === name);
      const lost = own.filter(({ state }) => state === 'unhealthy').length;
      return {
        resource: 'nvidia.com/gpu',
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
