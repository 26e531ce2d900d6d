/** The words of charts over time. */

const TWO = (part: number) => part.toString().padStart(2, '0');

export const history = {
  title: 'History',
  range: 'Time shown',
  ranges: { '1h': '1 h', '6h': '6 h', '1d': '1 d', '7d': '7 d', '30d': '30 d' },
  wholeRange: 'Whole time',
  none: 'Nothing was recorded in this time. Strata records while it is open.',
  noValue: 'no value',
  last: (value: string) => `last ${value}`,
  moment: (at: Date) =>
    `${at.getMonth() + 1}/${at.getDate()} ${TWO(at.getHours())}:${TWO(at.getMinutes())}`,
  latest: 'last values',
  cursor: 'arrow keys move the cursor, with Shift they mark a time, Enter looks closer',
  toggle: (name: string) => `Show or hide ${name}`,
  compare: 'Compare with',
  comparisons: {
    none: 'nothing else',
    earlier: 'the time before',
    node: 'GPUs of its node',
    job: 'GPUs of its job',
    model: 'GPUs of its model',
  },
  before: 'before',
  besideOf: (shown: string, of: string) => `${shown} of ${of} others, the least busy`,
  nobodyBeside: 'There is no other to compare it with.',
  notRecorded: 'History is not recorded',
  notKept: 'Measurements are not being recorded now.',
  notKeptSince: (at: string) => `Measurements have not been recorded since ${at}.`,
  setAside: 'The history file was damaged and a new one was started. The old file is here:',
  inMemory: 'kept until Strata ends',
  onDisk: (size: string) => `kept on this computer · ${size}`,
  lost: (count: string) => `${count} values were lost`,
  savePicture: 'Save as',
};

export type HistoryWords = typeof history;
