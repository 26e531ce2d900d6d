/** The words of the Activity view. */

import type { ChangeAction, JournalState, JournalStepState } from '$bindings/contract';
import { grouped } from '$lib/format/number';

const plural = (count: number, one: string, other: string) =>
  `${grouped(count)} ${count === 1 ? one : other}`;

export const activity = {
  title: 'Activity',
  filter: 'Search: object, cluster, user, field',
  clear: 'Show every change',
  show: 'Which changes',
  shows: { all: 'All', applied: 'Applied', failed: 'Failed', open: 'Cut off' },
  everyCluster: 'every cluster',
  none: 'Nothing was changed from here yet.',
  noneNext: 'Every change that you apply stands here afterwards, with what it did.',
  noneFiltered: (text: string) => `No change contains “${text}”.`,
  noneShown: 'No change stands so.',
  more: 'Earlier changes',
  export: 'Export',
  exportFiltered: 'Those that are searched for and shown alone',
  verify: 'Verify',
  verified: (lines: number) => `${plural(lines, 'line', 'lines')}, as they were written`,
  altered: (line: number) => `Line ${grouped(line)} is not as it was written`,
  head: 'note the hash of the last elsewhere, and nobody can shorten the journal unseen:',
  copyHead: 'Copy the hash',
  hash: 'Hash',
  when: 'When',
  cluster: 'Cluster',
  what: 'What',
  user: 'Who',
  outcome: 'Outcome',
  release: 'Release',
  program: 'Program',
  knownAs: 'Known as',
  number: 'Entry',
  settles: 'Settles entry',
  andMore: (count: number) => `+${grouped(count)} more`,
  copyCommand: 'Copy command',
  state: {
    running: 'running',
    interrupted: 'interrupted',
    applied: 'applied',
    partial: 'in part',
    failed: 'failed',
    settled: 'settled',
    unreadable: 'unreadable',
  } satisfies Record<JournalState, string>,
  step: {
    not_begun: 'not begun',
    in_doubt: 'in doubt',
    done: 'done',
    failed: 'refused',
  } satisfies Record<JournalStepState, string>,
  action: {
    create: 'create',
    change: 'change',
    unchanged: 'leave',
    delete: 'delete',
    evict: 'evict',
    end: 'end',
    load: 'load test',
    unknown: 'unknown',
  } satisfies Record<ChangeAction, string>,
  secret: 'secret, not kept',
  nothing: 'none',

  cutOffTitle: 'Changes that were cut off',
  cutOff: (cluster: string, entry: number) =>
    `A change of ${cluster} was cut off (entry ${grouped(entry)})`,
  howFar: (done: number, all: number) =>
    `${grouped(done)} of ${plural(all, 'object', 'objects')} had been done.`,
  doubt: 'Whether this one was done is not known:',
  finish: 'Finish…',
  undo: 'Undo…',
  leave: 'Leave it so',
  settleTitle: {
    finish: (entry: number) => `Finish the change of entry ${grouped(entry)}`,
    undo: (entry: number) => `Undo the change of entry ${grouped(entry)}`,
  },
  settleDo: { finish: 'Finish it', undo: 'Undo it' },
  settleWhy: {
    finish: 'What is not known to be done is done; what is done already stays as it is.',
    undo: 'Each field gets the value that it had, where it still has the one that was given; what was made goes, what was deleted is made again. Whatever somebody changed since stays.',
  },
};
