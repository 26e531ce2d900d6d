/** The words of what is done to this machine: ending a process, limiting a GPU. */

import type { ChangeOutcome, SettingKind } from '$bindings/contract';
import { grouped } from '$lib/format/number';

export const machine = {
  outcome: {
    ready: 'It can be done. Nothing was changed yet.',
    blocked: 'Something stands in the way. Nothing was changed.',
    unchanged: 'Nothing to do: it already is this way.',
    applied: 'Done.',
    partial: 'Whether it was done is not known.',
    failed: 'It could not be done.',
  } satisfies Record<ChangeOutcome, string>,
  asked: 'Asked to end, still running.',
  journal: (entry: number) => `journal entry ${grouped(entry)}`,
  noted: 'Every action is written to the journal first.',
  byHand: 'By hand',
  copy: 'Copy the command',
  leave: 'Leave it',
  notReady: 'Available once the preview says that it can be done.',
  untold: 'not told',
  free: 'free clocks',
  endTitle: (pid: number) => `End process ${pid}`,
  end: 'Ask it to end',
  force: 'End it at once',
  endOf: (pid: number) => `End process ${pid}…`,
  guarded: (pid: number) => `Why process ${pid} cannot be ended from here`,
  limits: 'Limits',
  setting: {
    power_limit: 'Power limit',
    locked_clocks: 'SM clocks',
  } satisfies Record<SettingKind, string>,
  set: 'Set',
  nothingToSet: 'Its driver offers nothing that can be set from here.',
  powerTitle: (index: number) => `Limit the power of GPU ${grouped(index)}`,
  clocksTitle: (index: number) => `Lock the clocks of GPU ${grouped(index)}`,
  watts: 'Power limit, W',
  leastClock: 'Least, MHz',
  mostClock: 'Most, MHz',
  trial: 'Tried for',
  seconds: (count: number) => (count < 120 ? `${count} s` : `${count / 60} min`),
  preview: 'Preview',
  nothingYet: 'Enter a value; the preview asks the driver and changes nothing.',
  unlock: 'Unlock',
  now: 'Now',
  range: 'the driver allows',
  maker: 'the maker set',
  tryIt: (seconds: number) =>
    `Try it for ${seconds < 120 ? `${seconds} s` : `${seconds / 60} min`}`,
  onTrial: 'On trial:',
  before: 'before',
  left: (seconds: number) => `taken back in ${grouped(seconds)} s`,
  keep: 'Keep',
  takeBack: 'Take back',
};

export type MachineWords = typeof machine;
