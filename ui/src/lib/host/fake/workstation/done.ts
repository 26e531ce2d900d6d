/** What was done to the machine of the design data, for as long as the page is open. */

import type { AcceleratorRow, GpuFault } from '$bindings/contract';

export const DEVICE = 'GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01';

export const done = {
  limit: 300,
  clocks: null as [number, number] | null,
  ended: new Set<number>(),
  /** Processes that were asked to end and did not. */
  asked: new Set<number>(),
  trials: [] as AcceleratorRow['trials'],
  entry: 41,
};

/** A setting that could not be taken back. */
export function stuckFault(): GpuFault {
  return {
    severity: 'critical',
    title: { code: 'trial_stuck', values: { index: { number: 0 }, now: { text: '150 W' } } },
    meaning: { code: 'trial_stuck_why', values: { message: { text: 'the driver is busy' } } },
    action: {
      code: 'trial_stuck_act',
      values: { command: { text: 'sudo nvidia-smi -i 0 -pl 300' } },
    },
  };
}
