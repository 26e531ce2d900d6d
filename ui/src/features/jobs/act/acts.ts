/** What can be done to which jobs. */

import type { JobRow, ObjectName } from '$bindings/contract';
import type { Act } from '$lib/change/act/acts';
import { partsOf, pastOf } from '../shows';

/** What can be done to several jobs, whatever their states, in the order of its buttons. */
export const JOB_ACTS = [
  'suspend',
  'resume',
  'cancel',
  'restart',
  'scale',
  'set_queue',
  'set_priority',
] as const satisfies readonly Act[];

/**
 * What may be done to a job in its state. Whether its kind can, and how, the engine says in the
 * preview: this only leaves out what makes no sense.
 */
export function actsOf(job: Pick<JobRow, 'state' | 'is_lasting' | 'queue'>): Act[] {
  const isOver = job.state === 'succeeded' || job.state === 'failed';
  const isSuspended = job.state === 'suspended';
  return JOB_ACTS.filter((act) => {
    switch (act) {
      case 'restart':
        return true;
      case 'suspend':
        return !isOver && !isSuspended;
      case 'resume':
        return isSuspended;
      case 'scale':
        return !isOver && job.is_lasting;
      case 'set_queue':
      case 'set_priority':
        return !isOver && job.queue !== '';
      case 'cancel':
        return !isOver;
    }
  });
}

/** A job's id as the name of its object; `null` where there is none any more. */
export function objectOf(id: string): ObjectName | null {
  const parts = partsOf(id);
  if (parts === null || pastOf(id) !== null) return null;
  const kind = parts.group.includes('.') ? `${parts.kind}.${parts.group}` : parts.kind;
  return { kind, namespace: parts.namespace, name: parts.name };
}
