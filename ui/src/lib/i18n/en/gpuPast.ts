/** The words of the scrubber under the map of GPUs. */

export const gpuPast = {
  range: 'How far back',
  track: 'Moment shown',
  line: (figure: string) => `${figure}, mean of all that are held; hatched: nothing is kept`,
  step: (span: string) => `mean of ${span}`,
  measured: (span: string) => `measured every ${span}`,
  ago: (span: string) => `${span} ago`,
  reading: 'reading',
  toNow: 'Back to now',
  stateNotKept: 'the state of each GPU is not recorded',
};

export type GpuPastWords = typeof gpuPast;
