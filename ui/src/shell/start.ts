/** Which cluster is shown where no address names one. */

import type { ClusterRow } from '$bindings/contract';

/** The first open one, else one that is connected already, else the demo cluster; or none. */
export function firstCluster(
  clusters: readonly ClusterRow[],
  open: readonly string[],
): ClusterRow | undefined {
  return (
    clusters.find((row) => row.cluster === open[0]) ??
    clusters.find((row) => open.includes(row.cluster)) ??
    clusters.find((row) => row.connection.state !== 'idle') ??
    clusters.find((row) => row.is_demo)
  );
}
