/** The words of charts over time. */

const TWO = (part: number) => part.toString().padStart(2, '0');

export const history = {
  title: 'History',
  range: 'Time shown',
  ranges: { '1h': '1 h', '6h': '6 h', '1d': '1 d', '7d': '7 d', '30d': '30 d' },
  wholeRange: 'Whole time',
  none: 'Nothing of this time is kept. Strata records while it is open.',
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
  notKept: 'What is measured is not kept now.',
  setAside: 'The history was damaged and has begun anew. The old file lies here:',
  inMemory: 'kept until Strata ends',
  onDisk: (size: string) => `kept on this computer · ${size}`,
  savePicture: 'Save as',
};

export type HistoryWords = typeof history;
