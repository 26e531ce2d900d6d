/** What a cluster is called in an address: by its name where that is clear, else by its id. */

import type { ClusterRow } from '$bindings/contract';

type Named = Pick<ClusterRow, 'cluster' | 'name'>;

/** The name, where no other context has it, so that the address works on other computers too. */
export function addressName(row: Named, all: readonly Named[]): string {
  const isClear = all.every(
    (other) =>
      other.cluster === row.cluster || (other.name !== row.name && other.cluster !== row.name),
  );
  return isClear && row.name !== '' ? row.name : row.cluster;
}

/** The cluster that an address means; none where its name is that of several. */
export function named<Row extends Named>(text: string, all: readonly Row[]): Row | undefined {
  const byId = all.find((row) => row.cluster === text);
  if (byId !== undefined) return byId;
  const byName = all.filter((row) => row.name === text);
  return byName.length === 1 ? byName[0] : undefined;
}
