/** The words of every change: what it would come to, what stands in its way, the lock of a cluster. */

import type { ChangeAction, ChangeOutcome, StepProgress } from '$bindings/contract';
import { grouped } from '$lib/format/number';
import { plural } from './plural';

export const change = {
  title: 'What changes',
  fields: (fields: number, objects: number) =>
    fields === 0
      ? plural(objects, 'object', 'objects')
      : `${plural(fields, 'field', 'fields')} in ${plural(objects, 'object', 'objects')}`,
  conflicts: (count: number) => plural(count, 'conflict', 'conflicts'),
  asking: 'asking the API server',
  dryRun: 'server-side dry run',
  look: 'How it is shown',
  looks: { fields: 'Fields', yaml: 'YAML' },
  field: 'Field',
  live: 'Live',
  after: 'After',
  none: 'none',
  removed: 'removed',
  secret: 'secret, not shown',
  empty: 'Nothing here yet. Paste manifests under YAML, or open a file.',
  nothing: 'Nothing changes: the cluster already has it this way.',
  action: {
    create: 'new',
    change: 'changes',
    unchanged: 'stays as it is',
    delete: 'is deleted',
    evict: 'is evicted',
    end: 'ends',
    load: 'gets load for a while',
    unknown: 'cannot be told',
  } satisfies Record<ChangeAction, string>,
  progress: {
    planned: 'planned',
    blocked: 'blocked',
    done: 'applied',
    failed: 'failed',
    unknown: 'sent, no answer',
    not_reached: 'not reached',
  } satisfies Record<StepProgress, string>,
  sign: { added: 'added', changed: 'changed', removed: 'removed' },
  fieldCount: (count: number) => plural(count, 'field', 'fields'),
  more: (count: number) => `+${grouped(count)} more`,
  all: 'Show every field',
  conflictOf: (owner: string, value: string) => `${owner} owns this field and set it to ${value}.`,
  keep: (value: string) => `Keep ${value}: it stays theirs`,
  take: (value: string) => `Take it over: ${value}`,
  choose: 'Choose what happens to this field',
  hurts: 'What it would hurt',
  hurtsNothing: 'Nothing running is replaced or deleted.',
  warnings: 'The server warns',
  edited: 'Edited by hand: the form no longer describes what is applied.',
  backToForm: 'Back to the form’s manifests',
  yamlLabel: 'Manifests as YAML',
  copyCommand: 'Copy command',
  sameCommand: 'the same change as a command',
  writes: (cluster: string) => `Writes to ${cluster}`,
  lacks: (cluster: string) => `You may not apply this to ${cluster}`,
  lacksHint: (permission: string, more: number) =>
    `Missing: ${permission}${more > 0 ? ` and ${grouped(more)} more` : ''}`,
  writesHint: 'By server-side apply, as the field manager strata.',
  apply: (count: number) => `Apply ${plural(count, 'object', 'objects')}`,
  applyNothing: 'Nothing to apply',
  applying: 'Applying',
  openConflicts: (count: number) =>
    count === 1 ? 'Choose for 1 conflict first' : `Choose for ${grouped(count)} conflicts first`,
  stopped: (done: number, all: number) =>
    `Stopped: ${grouped(done)} of ${plural(all, 'object', 'objects')} applied.`,
  stoppedNext:
    'What was applied stays. Fix the cause and apply again: objects that are already right are left alone.',
  isApplied: 'Applied',
  appliedTo: (cluster: string, count: number) =>
    `${plural(count, 'object was', 'objects were')} applied to ${cluster}`,
  applied: (count: number) => `${plural(count, 'object', 'objects')} applied.`,
  askAgain: 'Ask the server again',
  toRelease: 'To the release',
  watch: 'Watch it come up',

  export: 'Export',
  exports: { yaml: 'One file of YAML', kustomize: 'Kustomize folder, as .zip' },

  dialog: {
    asked: 'The preview is a dry run by the API server itself.',
    outcome: {
      ready: 'It can be done. Nothing was changed yet.',
      blocked: 'Something stands in the way. Nothing was changed.',
      unchanged: 'Nothing to do: it already is this way.',
      applied: 'Done.',
      partial: 'Some of it was done; the steps say which.',
      failed: 'None of it could be done.',
    } satisfies Record<ChangeOutcome, string>,
    journal: (entry: number) => `journal entry ${grouped(entry)}`,
    leave: 'Leave it',
    notReady: 'Available once the preview says that it can be done.',
    notTyped: 'Type its name first.',
    nothingYet: 'Enter a value; the preview asks the API server and changes nothing.',
    preview: 'Preview',
    copy: 'Copy the kubectl command',
    done: 'done',
  },

  protection: {
    locked: (cluster: string) => `${cluster} is protected and read-only`,
    open: (cluster: string) => `${cluster} is protected, and unlocked`,
    left: (span: string) => `unlocked, ${span} left`,
    hint: 'Type its name to unlock writing for a while. Everything is journaled.',
    hintFor: (minutes: number) =>
      `Type its name to unlock writing for ${grouped(minutes)} minutes. Everything is journaled.`,
    typeToUnlock: (cluster: string) => `Type ${cluster} to unlock it`,
    unlock: 'Unlock',
    lockAgain: 'Lock again',
    forHowLong: 'For how long',
    protect: 'Protect',
    protected: 'Protected',
    protectTitle: (cluster: string) => `Protect ${cluster}`,
    protectWhy:
      'Nothing in it can be changed from here until its name is typed, and then for a limited time. That holds for every window and for the command line.',
    unprotect: 'Remove the protection',
    unprotectTitle: (cluster: string) => `Remove the protection of ${cluster}`,
    unprotectWhy: 'It can then be changed from here at any time. Type its name to go on.',
    typeToUnprotect: (cluster: string) => `Type ${cluster} to go on`,
  },
};
