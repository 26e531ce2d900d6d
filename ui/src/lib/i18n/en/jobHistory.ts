/** The words of what a job's GPUs did over its life. */

import { grouped } from '$lib/format/number';
import { plural } from './plural';

const TWO = (part: number) => part.toString().padStart(2, '0');
const gpus = (count: number) => plural(count, 'GPU', 'GPUs');

export const jobHistory = {
  title: 'GPUs over its life',
  range: 'Time shown',
  ranges: { life: 'Life', '1h': 'Last 1 h', '6h': '6 h', '1d': '1 d' },
  wholeRange: 'Whole time',
  pods: 'Which pod had how many GPUs, and when; choose one to see its GPUs only',
  gpus,
  all: (pods: number) => `Show all ${grouped(pods)} pods`,
  allGpus: 'All its GPUs',
  of: (pod: string) => `GPUs of ${pod}`,
  each: 'mean over its GPUs; the band spans the lowest and the highest of them',
  none: 'None of its pods is known to have had a GPU.',
  noFigures: 'Nothing was measured of its GPUs in this time.',
  notKept: 'Which pod has which GPU is not recorded yet.',
  keptSince: (at: Date) =>
    `Recorded since ${at.getFullYear()}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${TWO(at.getHours())}:${TWO(at.getMinutes())}, while Strata is open; what ended before is not known.`,
  counted: '≈ which GPU a pod had is inferred from counts',
  shared: 'Others had some of these GPUs at the same time; the readings are of all of them.',
  queueThen: (queue: string) => `${queue} while it waited`,
  queueOwn: (gpus: number) => `own quota ${grouped(gpus)}`,
  queueHeld: 'GPUs held by what the queue let in',
  queueNote: 'as it was recorded on this computer; what was not recorded is hatched',
  queueNone: 'Nothing was recorded of this queue in that time.',
  left: (count: number) => `${gpus(count)} of earlier pods are left out.`,
};

export type JobHistoryWords = typeof jobHistory;
