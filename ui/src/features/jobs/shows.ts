/** Which jobs the view shows, by the word in its address. */

import type { JobState, JobSummaryRow } from '$bindings/contract';

export const SHOWS = ['live', 'waiting', 'failed', 'all'] as const;
export type Show = (typeof SHOWS)[number];

/** How the jobs are shown, and what they are grouped by. */
export const LOOKS = ['table', 'board', 'queues'] as const;
export type Look = (typeof LOOKS)[number];
export const GROUPS = ['', 'queue', 'namespace', 'owner', 'kind'] as const;
export type Group = (typeof GROUPS)[number];

const STATES: Record<Show, readonly JobState[]> = {
  live: ['queued', 'admitted', 'starting', 'running', 'suspended', 'unknown'],
  waiting: ['queued', 'admitted', 'starting'],
  failed: ['failed'],
  all: [],
};

/** The columns of the board, in the order of a life. */
export const BOARD: readonly JobState[] = [
  'queued',
  'admitted',
  'starting',
  'running',
  'suspended',
  'failed',
  'succeeded',
];

/** The states that `show` shows; empty for all. */
export function statesOf(show: Show): JobState[] {
  return [...STATES[show]];
}

/** How many jobs `show` shows; `null` while that is not known. */
export function countOf(show: Show, summary: JobSummaryRow | undefined): number | null {
  if (summary === undefined) return null;
  const states = STATES[show];
  return summary.states
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .reduce((sum, { jobs }) => sum + jobs, 0);
}

/** `text` as one of `known`, or the first of them. */
export function oneOf<Value extends string>(
  known: readonly Value[],
  text: string | undefined,
): Value {
  return known.find((value) => value === text) ?? (known[0] as Value);
}

/** Whether `show` has room for jobs that are over, and so for those that are gone. */
export function showsPast(show: Show): boolean {
  return show === 'all' || show === 'failed';
}

/** The identity of a job that is no longer in the cluster, by its id; `null` for one that is. */
export function pastOf(id: string): string | null {
  const at = id.indexOf('@');
  return at < 0 ? null : id.slice(at + 1);
}

/** The namespace, kind, group and name that a job's id is made of; `null` where it is none. */
export function partsOf(
  id: string,
): { namespace: string; kind: string; group: string; name: string } | null {
  const [namespace, kind, ...rest] = id.split('/');
  const [name = ''] = rest.join('/').split('@');
  if (namespace === undefined || kind === undefined || name === '') return null;
  const dot = kind.indexOf('.');
  return dot < 0
    ? { namespace, kind, group: '', name }
    : { namespace, kind: kind.slice(0, dot), group: kind.slice(dot + 1), name };
}

/** The id of a job that is in the cluster, as addresses name it. */
export function idOf(one: {
  namespace: string;
  kind: string;
  group: string;
  name: string;
}): string {
  const kind = one.group === '' ? one.kind : `${one.kind}.${one.group}`;
  return `${one.namespace}/${kind}/${one.name}`;
}
