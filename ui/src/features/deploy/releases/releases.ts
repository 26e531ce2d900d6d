/** Releases as the list shows them: what is kept of them, joined with what runs. Pure. */

import type {
  ObjectName,
  Release,
  ReleaseRevision,
  ReleaseRow,
  ReleaseState,
  Severity,
} from '$bindings/contract';

export const COLUMNS = [
  'name',
  'namespace',
  'recipe',
  'revision',
  'state',
  'ready',
  'gpus',
  'changed',
  'by',
] as const;
export type Column = (typeof COLUMNS)[number];

/** What is looked at of a release instead of the list. */
export const STEPS = ['compare', 'manifests', 'rollback', 'watch'] as const;
export type Step = (typeof STEPS)[number];

/** What is done to the open release in a dialog. */
export const ACTS = ['scale', 'delete'] as const;

export interface Line {
  /** `NAMESPACE/NAME`. */
  readonly id: string;
  readonly release: Release;
  /** What runs of it; nothing where nothing does. */
  readonly row: ReleaseRow | undefined;
  /** Where it is in its life; `null` while that is not known. */
  readonly state: ReleaseState | 'none' | null;
}

export interface Wanted {
  /** Those of these namespaces alone; empty for all. */
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly by: Column;
  readonly descending: boolean;
}

export function idOf({ namespace, name }: Pick<Release, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** The namespace and name that an id is made of; `null` where it is none. */
export function partsOf(id: string): { namespace: string; name: string } | null {
  const [namespace, name, ...rest] = id.split('/');
  if (namespace === undefined || name === undefined || name === '' || rest.length > 0) return null;
  return { namespace, name };
}

/** The releases that are wanted, in order. `rows` is `null` while what runs is not known. */
export function linesOf(
  releases: readonly Release[],
  rows: readonly ReleaseRow[] | null,
  { namespaces, filter, by, descending }: Wanted,
): Line[] {
  const running = new Map(rows?.map((row) => [idOf(row), row]));
  const words = filter.toLowerCase().split(/\s+/);
  const lines = releases
    .filter(({ namespace }) => namespaces.length === 0 || namespaces.includes(namespace))
    .filter((release) => {
      const text = [release.name, release.namespace, release.recipe, release.applied_by].join('\n');
      return words.every((word) => text.toLowerCase().includes(word));
    })
    .map((release): Line => {
      const row = running.get(idOf(release));
      return {
        id: idOf(release),
        release,
        row,
        state: row?.state ?? (rows === null ? null : 'none'),
      };
    });
  const sign = descending ? -1 : 1;
  return lines.sort(
    (one, other) => sign * compared(one, other, by) || compared(one, other, 'name'),
  );
}

/** The states in the order in which they want to be looked at. */
const URGENCY = ['failing', 'none', 'queued', 'starting', 'up', 'stopped', 'finished'] as const;

function compared(one: Line, other: Line, by: Column): number {
  const texts = (of: (line: Line) => string) => of(one).localeCompare(of(other));
  const numbers = (of: (line: Line) => number) => of(one) - of(other);
  switch (by) {
    case 'name':
      return texts(({ release }) => release.name) || texts(({ release }) => release.namespace);
    case 'namespace':
      return texts(({ release }) => release.namespace);
    case 'recipe':
      return texts(({ release }) => release.recipe);
    case 'by':
      return texts(({ release }) => release.applied_by);
    case 'revision':
      return numbers(({ release }) => release.revision);
    case 'state':
      return numbers(({ state }) => (state === null ? URGENCY.length : URGENCY.indexOf(state)));
    case 'ready':
      return numbers(({ row }) => row?.ready?.ready ?? -1);
    case 'gpus':
      return numbers(({ row }) => row?.gpus ?? -1);
    case 'changed':
      return numbers(({ release }) => Date.parse(release.applied_at) || 0);
  }
}

/** How bad the state of a release is, as its mark. */
export function severityOf({ row, state }: Pick<Line, 'row' | 'state'>): Severity {
  if (row !== undefined && ['notice', 'warning', 'critical'].includes(row.severity)) {
    return row.severity;
  }
  switch (state) {
    case 'failing':
      return 'critical';
    case 'starting':
    case 'queued':
      return 'notice';
    case 'stopped':
      return 'paused';
    case 'up':
    case 'finished':
      return 'ok';
    case 'none':
    case null:
      return 'unknown';
  }
}

/** What a re-reading depends on: another release, or another size of one, tells of a change. */
export function shapeOf(rows: readonly ReleaseRow[]): string {
  return rows.map((row) => `${idOf(row)} ${row.ready?.desired ?? 0} ${row.gpus}`).join('\n');
}

/** The revision with this number; the newest where it is none. */
export function revisionOf(
  revisions: readonly ReleaseRevision[],
  number: number | null,
): ReleaseRevision | undefined {
  return revisions.find((revision) => revision.number === number) ?? revisions[0];
}

/** The two revisions that are compared, by their numbers: the newest with the one before it. */
export function pairOf(
  revisions: readonly ReleaseRevision[],
  from: number | null,
  to: number | null,
): { from: number; to: number } | null {
  const [newest, before] = revisions;
  if (newest === undefined || before === undefined) return null;
  const known = (number: number | null) =>
    revisions.some((revision) => revision.number === number) ? number : null;
  return { from: known(from) ?? before.number, to: known(to) ?? newest.number };
}

/** A number of the address; `null` where it is none. */
export function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** How many replicas somebody wrote; `null` where that is no number of them. */
export function replicasIn(text: string): number | null {
  return numberIn(text.trim());
}

/** The id of the row of an object in the Jobs view. */
export function jobIdOf({ namespace, kind, name }: ObjectName): string {
  return `${namespace}/${kind}/${name}`;
}
