/** The words of the Activity view. */

import type { ChangeAction, JournalState, JournalStepState } from '$bindings/contract';
import { grouped } from '$lib/format/number';
import { plural } from './plural';

export const activity = {
  title: 'Activity',
  filter: 'Search: object, cluster, user, field',
  clear: 'Show every change',
  show: 'Which changes',
  shows: { all: 'All', applied: 'Applied', failed: 'Failed', open: 'Cut off' },
  everyCluster: 'every cluster',
  none: 'Nothing has been changed from here yet.',
  noneNext: 'Every change you apply is listed here, with its outcome.',
  noneFiltered: (text: string) => `No change contains “${text}”.`,
  noneShown: 'No change is in this state.',
  more: 'Earlier changes',
  export: 'Export',
  exportFiltered: 'Only the entries that match the search',
  verify: 'Verify',
  verified: (lines: number) => `${plural(lines, 'line', 'lines')} verified, unaltered`,
  altered: (line: number) => `Line ${grouped(line)} was altered`,
  head: 'keep the last hash somewhere else, and the journal cannot be truncated unnoticed:',
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
    partial: 'partly applied',
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
    `${grouped(done)} of ${plural(all, 'object', 'objects')} had been applied.`,
  doubt: 'It is not known whether this one was applied:',
  finish: 'Finish…',
  undo: 'Undo…',
  leave: 'Leave it as it is',
  settleTitle: {
    finish: (entry: number) => `Finish the change of entry ${grouped(entry)}`,
    undo: (entry: number) => `Undo the change of entry ${grouped(entry)}`,
  },
  settleDo: { finish: 'Finish it', undo: 'Undo it' },
  settleWhy: {
    finish:
      'Applies what is not known to have been applied; what is already in place stays as it is.',
    undo: 'Each field gets back its former value where it still has the one that was applied; what was created is deleted, what was deleted is created again. Whatever others changed since then stays.',
  },
};
