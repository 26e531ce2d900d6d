/** The journal as it is shown: pure. */

import type {
  JournalEntry,
  JournalState,
  JournalStep,
  JournalStepState,
  Severity,
} from '$bindings/contract';
import { plain } from '$lib/format/text';

export const SEVERITY_OF: Record<JournalState, Severity> = {
  running: 'notice',
  interrupted: 'critical',
  applied: 'ok',
  partial: 'warning',
  failed: 'critical',
  settled: 'ok',
  unreadable: 'unknown',
};

export const SEVERITY_OF_STEP: Record<JournalStepState, Severity> = {
  not_begun: 'paused',
  in_doubt: 'warning',
  done: 'ok',
  failed: 'critical',
};

/** Which entries are shown, by the word in the address. */
export const SHOWS = ['all', 'applied', 'failed', 'open'] as const;
export type Show = (typeof SHOWS)[number];

const STATES: Record<Show, readonly JournalState[]> = {
  all: [],
  applied: ['applied', 'settled'],
  failed: ['failed', 'partial', 'unreadable'],
  open: ['interrupted', 'running'],
};

/** The states that are shown; empty for all. */
export function statesOf(show: Show): JournalState[] {
  return [...STATES[show]];
}

/** What runs on this machine is stopped and removed where it is listed, not from the journal. */
const OF_THIS_MACHINE: readonly string[] = ['Container', 'Model'];

/** What can be done about an entry. A load test wrote nothing: there is nothing to finish or take back. */
export function settlementsOf({
  state,
  steps,
}: Pick<JournalEntry, 'state' | 'steps'>): ('finish' | 'undo')[] {
  const isElsewhere = ({ action, object }: JournalStep) =>
    action === 'load' || OF_THIS_MACHINE.includes(object.kind);
  if (steps.length > 0 && steps.every(isElsewhere)) return [];
  switch (state) {
    case 'interrupted':
    case 'partial':
      return ['finish', 'undo'];
    case 'applied':
      return ['undo'];
    case 'failed':
    case 'settled':
    case 'running':
    case 'unreadable':
      return [];
  }
}

/** What is told of a change in a line: what it does first, besides keeping a revision of a release. */
export function mainStep({ steps }: Pick<JournalEntry, 'steps'>): JournalStep | undefined {
  const isKept = ({ object }: JournalStep) => object.name.startsWith('strata-release.');
  const done = steps.filter(({ action }) => action !== 'unchanged');
  return done.find((step) => !isKept(step)) ?? done[0] ?? steps[0];
}

/** `Deployment team-a/web`. */
export function objectText({ object }: Pick<JournalStep, 'object'>): string {
  const kind = object.kind.split('.')[0] ?? object.kind;
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return plain(`${kind} ${name}`);
}

/** Pages of the journal as one list, the newest first, each entry once. */
export function joined(pages: readonly (readonly JournalEntry[])[]): readonly JournalEntry[] {
  const byNumber = new Map(pages.flat().map((entry) => [entry.number, entry]));
  return [...byNumber.values()].sort((one, other) => other.number - one.number);
}

/** The entries as a file, the oldest first: one JSON object on each line, as tools for logs read them. */
export function exported(entries: readonly JournalEntry[]): string {
  const oldestFirst = [...entries].sort((one, other) => one.number - other.number);
  return oldestFirst.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** A moment as one reads it aloud: `2026-03-01 12:00:09`, in local time; the text where it is none. */
export function moment(then: string): string {
  const at = new Date(then);
  if (Number.isNaN(at.getTime())) return plain(then);
  const two = (part: number) => part.toString().padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
