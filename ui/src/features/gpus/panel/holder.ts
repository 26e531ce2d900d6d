/** The job that holds a GPU. */

import type { GpuHolder } from '$bindings/contract';

/** Where it is opened: the options of the view `jobs`. */
export function jobOptions(
  holder: Pick<GpuHolder, 'namespace' | 'workload_group' | 'workload_kind' | 'workload'>,
): Record<string, string> {
  const { namespace, workload_group: group, workload_kind: kind, workload } = holder;
  const of = group === '' ? kind : `${kind}.${group}`;
  return { show: 'all', open: `${namespace}/${of}/${workload}` };
}
