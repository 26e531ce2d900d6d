/** What the tables of storage say, row by row: texts in the language that is spoken. */

import type {
  Evidence,
  Phrase,
  Severity,
  StorageCacheRow,
  StorageClaimRow,
  StorageClassRow,
  StorageDriverRow,
  StorageFindingRow,
  StoragePlaceRow,
  StorageSnapshotRow,
  StorageUse,
  StorageUserRow,
} from '$bindings/contract';
import { grouped, memory } from '$lib/format/number';
import { plain } from '$lib/format/text';
import { language } from '$lib/i18n/language.svelte';

/** What stands in a cell: text, a sentence of the engine, or how full something is. */
export type Cell =
  | { readonly text: string; readonly quiet?: string }
  | { readonly phrase: Phrase }
  | { readonly share: number | null; readonly text: string };

/** A column: a name, words, whole words of a small set, or numbers at the right. */
export interface Column {
  readonly label: string;
  readonly kind: 'name' | 'words' | 'whole' | 'number';
}

export interface Line {
  readonly id: string;
  readonly severity?: Severity;
  readonly cells: readonly Cell[];
  readonly evidence: readonly Evidence[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly lines: readonly Line[];
  /** Said where there are no lines; a table that says nothing is then left out. */
  readonly none: string;
}

interface Keyed {
  readonly id: string;
}

const words = () => language.words.map.storage;
const name = (label: string): Column => ({ label, kind: 'name' });
const text = (label: string): Column => ({ label, kind: 'words' });
const whole = (label: string): Column => ({ label, kind: 'whole' });
const number = (label: string): Column => ({ label, kind: 'number' });
const full = (namespace: string, own: string) =>
  namespace === '' ? plain(own) : `${plain(namespace)}/${plain(own)}`;

const useColumns = () => [
  number(words().bound),
  number(words().mounted),
  number(words().requested),
  number(words().used),
];

function useCells(use: StorageUse): Cell[] {
  return [
    { text: `${grouped(use.bound)}/${grouped(use.claims)}` },
    { text: grouped(use.mounted) },
    { text: use.claims === 0 ? '' : memory(use.requested_bytes) },
    use.claims === 0
      ? { text: '' }
      : use.used_bytes === undefined
        ? { text: words().untold }
        : { text: memory(use.used_bytes), quiet: words().measured(use.measured, use.claims) },
  ];
}

export const findingTable = (rows: readonly (StorageFindingRow & Keyed)[]): Table => ({
  title: words().amiss,
  columns: [name(words().object), text(words().what), number(words().size)],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    severity: row.severity,
    cells: [
      { text: full(row.evidence.namespace, row.evidence.name), quiet: row.evidence.kind },
      { phrase: row.reason },
      { text: row.bytes === 0 ? '' : memory(row.bytes) },
    ],
    evidence: [row.evidence],
  })),
});

export const classTable = (rows: readonly (StorageClassRow & Keyed)[]): Table => ({
  title: words().classes,
  columns: [
    name(words().name),
    text(words().provisioner),
    whole(words().kind),
    whole(words().modes),
    ...useColumns(),
  ],
  none: words().noClasses,
  lines: rows.map((row) => ({
    id: row.id,
    cells: [
      { text: row.name === '' ? words().noClass : plain(row.name) },
      row.provisioner === '' && row.name !== ''
        ? { text: '', quiet: words().undefinedClass }
        : { text: plain(row.provisioner), quiet: row.component },
      { text: words().kinds[row.kind] ?? '' },
      { text: row.access_modes.map(plain).join(', ') },
      ...useCells(row.claimed),
    ],
    evidence: row.evidence,
  })),
});

export const driverTable = (rows: readonly (StorageDriverRow & Keyed)[]): Table => ({
  title: words().drivers,
  columns: [
    name(words().driver),
    text(words().classes),
    number(words().volumes),
    number(words().attached),
    number(words().capacity),
  ],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    cells: [
      { text: plain(row.name), quiet: row.component },
      { text: row.classes.map(plain).join(', ') },
      { text: grouped(row.volumes) },
      { text: row.attached === undefined ? words().untold : grouped(row.attached) },
      { text: memory(row.capacity_bytes) },
    ],
    evidence: row.evidence,
  })),
});

export const claimTable = (rows: readonly (StorageClaimRow & Keyed)[]): Table => ({
  title: words().claims,
  columns: [
    name(words().claim),
    text(words().name),
    text(words().mountedBy),
    number(words().requested),
    number(words().fill),
  ],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    severity: row.severity,
    cells: [
      { text: full(row.namespace, row.name), quiet: row.access_modes.map(plain).join(', ') },
      { text: row.class === '' ? words().noClass : plain(row.class) },
      { text: row.mounted_by.length === 0 ? words().nobody : row.mounted_by.map(plain).join(', ') },
      { text: memory(row.requested_bytes) },
      row.fill === undefined
        ? { share: null, text: row.phase === 'Bound' ? words().untold : plain(row.phase) }
        : {
            share: row.fill.used_bytes / Math.max(1, row.fill.capacity_bytes),
            text: words().usedOf(memory(row.fill.used_bytes), memory(row.fill.capacity_bytes)),
          },
    ],
    evidence: row.evidence,
  })),
});

export const cacheTable = (rows: readonly (StorageCacheRow & Keyed)[]): Table => ({
  title: words().caches,
  columns: [name(words().cache), text(words().from), number(words().size), number(words().fill)],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    severity: row.severity,
    cells: [
      { text: full(row.namespace, row.name), quiet: row.kind },
      { text: plain(row.source) },
      { text: plain(row.size) },
      { share: row.share ?? null, text: row.fill === '' ? words().untold : plain(row.fill) },
    ],
    evidence: [row.evidence],
  })),
});

export const snapshotTable = (rows: readonly (StorageSnapshotRow & Keyed)[]): Table => ({
  title: words().snapshots,
  columns: [
    name(words().snapshot),
    text(words().claim),
    text(words().name),
    text(words().state),
    number(words().size),
  ],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    severity: row.severity,
    cells: [
      { text: full(row.namespace, row.name) },
      { text: plain(row.claim) },
      { text: plain(row.class) },
      { text: row.error === '' ? words().ready(row.is_ready) : plain(row.error) },
      { text: plain(row.size) },
    ],
    evidence: [row.evidence],
  })),
});

export const placeTable = (rows: readonly (StoragePlaceRow & Keyed)[]): Table => ({
  title: words().places,
  columns: [name(words().address), text(words().secrets), number(words().namedBy)],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    cells: [
      { text: plain(row.address) },
      { text: row.secrets.map(plain).join(', ') },
      { text: grouped(row.named_by) },
    ],
    evidence: row.evidence,
  })),
});

export const userTable = (rows: readonly (StorageUserRow & Keyed)[]): Table => ({
  title: words().users,
  columns: [name(words().namespace), text(words().workload), ...useColumns()],
  none: '',
  lines: rows.map((row) => ({
    id: row.id,
    cells: [
      { text: plain(row.namespace) },
      row.name === ''
        ? { text: '', quiet: words().allOfIt }
        : { text: plain(row.name), quiet: row.kind },
      ...useCells(row.claimed),
    ],
    evidence: row.evidence.map((line) =>
      row.subject === undefined ? line : { ...line, subject: row.subject },
    ),
  })),
});

const OF_STORAGE = [
  'storage.k8s.io',
  'snapshot.storage.k8s.io',
  'data.fluid.io',
  'k8s-operator.alluxio.com',
  'juicefs.io',
  'velero.io',
  'objectbucket.io',
  'ceph.rook.io',
];

/** Whether storage is told by objects of a kind. */
export function isOfStorage(group: string, kind: string): boolean {
  return (
    OF_STORAGE.includes(group) || kind.startsWith('PersistentVolume') || kind.endsWith('Cache')
  );
}
