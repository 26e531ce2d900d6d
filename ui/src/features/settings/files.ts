/** The kubeconfig files, as their contexts and problems tell of them. */

import type { ClusterRow, ContextProblemRow } from '$bindings/contract';

interface KubeconfigFile {
  readonly path: string;
  readonly contexts: number;
  readonly isAddedByHand: boolean;
  readonly problems: readonly string[];
}

export function filesOf(
  clusters: readonly ClusterRow[],
  problems: readonly ContextProblemRow[],
): KubeconfigFile[] {
  const paths = new Set(
    [...clusters, ...problems].map(({ file }) => file).filter((path) => path !== ''),
  );
  return [...paths].map((path) => {
    const contexts = clusters.filter(({ file }) => file === path);
    return {
      path,
      contexts: contexts.length,
      isAddedByHand: contexts.some((row) => row.added_by_hand),
      problems: problems
        .filter(({ file }) => file === path)
        .map(({ context, message }) => (context === '' ? message : `${context}: ${message}`)),
    };
  });
}
