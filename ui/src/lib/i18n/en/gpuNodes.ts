/** The words of the table of nodes by their GPUs. */

import type { GpuNodeColumn } from '$bindings/contract';
import { grouped } from '$lib/format/number';

export const gpuNodes = {
  title: 'GPUs by node',
  by: 'Node',
  column: {
    node: 'Node',
    model: 'Model',
    capacity: 'Capacity',
    allocatable: 'Allocatable',
    requested: 'Requested',
    used: 'Used',
    free: 'Free',
    unhealthy: 'Unhealthy',
    stranded: 'Stranded',
  } satisfies Record<GpuNodeColumn, string>,
  why: 'Why stranded',
  shared: 'shared',
  notMeasured: 'not measured, or by another definition',
  without: (count: number) => `${grouped(count)} not measured`,
};

export type GpuNodeWords = typeof gpuNodes;
