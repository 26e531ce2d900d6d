/** The errors of the GPU of the design data, and how far back they are known in each scene. */

import type { AcceleratorRow, GpuFault, XidRow } from '$bindings/contract';
import { ago } from '../phrases';

const HOUR = 3600;

/** An error as the kernel's log has it. */
function past(xid: string, name: string, seconds: number, earlier: number): XidRow {
  return {
    at: ago(seconds),
    is_past: true,
    earlier_by_seconds: earlier,
    title: { code: 'xid_title', values: { xid: { text: xid }, name: { text: name } } },
    meaning: { code: 'xid_application', values: {} },
    action: { code: 'act_read_program', values: {} },
  };
}

/** What was told of errors: in the scene `faulty` some of before, in `readonly` that the log may not be read. */
export function errors(
  scene: string,
): Pick<AcceleratorRow, 'xids' | 'xids_since' | 'xids_unknown'> {
  if (scene === 'readonly') {
    return {
      xids: [],
      xids_unknown: {
        reason: { code: 'xid_log_forbidden', values: {} },
        remedy: { code: 'xid_log_forbidden_act', values: {} },
      },
    };
  }
  const xids =
    scene === 'faulty'
      ? [
          past('31', 'GPU memory page fault', 5 * HOUR, 0),
          past('13', 'Graphics Engine Exception', 31 * HOUR, 9 * HOUR),
        ]
      : [];
  return { xids, xids_since: ago(74 * HOUR) };
}

/** What is wrong because of them. */
export function faultsOf(scene: string): GpuFault[] {
  if (scene !== 'faulty') return [];
  return [
    {
      severity: 'notice',
      title: {
        code: 'xid_past_title',
        values: { xid: { text: '31' }, name: { text: 'GPU memory page fault' } },
      },
      meaning: { code: 'xid_application', values: {} },
      action: { code: 'act_read_program', values: {} },
    },
  ];
}
