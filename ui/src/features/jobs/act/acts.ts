/** What can be done to jobs, and to which of them. */

import type { Action, JobRow, ObjectName } from '$bindings/contract';
import { partsOf, pastOf } from '../shows';

export const ACTS = [
  'suspend',
  'resume',
  'cancel',
  'restart',
  'scale',
  'set_queue',
  'set_priority',
] as const;
export type Act = (typeof ACTS)[number];

/** Acts that few ask for: they stand behind a button of their own. */
export const RARE: readonly Act[] = ['set_queue', 'set_priority'];

/** Acts that need something to be said first. */
export const ASKING: readonly Act[] = ['scale', 'set_queue', 'set_priority'];

/**
 * What may be done to a job in its state. Whether its kind can, and how, the engine says in the
 * preview: this only leaves out what makes no sense.
 */
export function actsOf(job: Pick<JobRow, 'state' | 'is_lasting' | 'queue'>): Act[] {
  const isOver = job.state === 'succeeded' || job.state === 'failed';
  if (isOver) return ['restart'];
  const hold: Act[] = job.state === 'suspended' ? ['resume'] : ['suspend'];
  const run: Act[] = job.is_lasting ? ['restart', 'scale'] : ['restart'];
  const queued: Act[] = job.queue === '' ? [] : ['set_queue', 'set_priority'];
  return [...hold, ...run, ...queued, 'cancel'];
}

/** The action that the engine is asked for; `null` while what it needs was not said. */
export function actionOf(act: Act, said: string): Action | null {
  const text = said.trim();
  switch (act) {
    case 'scale': {
      const replicas = Number(text);
      const isCount = text !== '' && Number.isInteger(replicas) && replicas >= 0;
      return isCount ? { do: 'scale', replicas } : null;
    }
    case 'set_queue':
      return text === '' ? null : { do: 'set_queue', queue: text };
    case 'set_priority':
      return text === '' ? null : { do: 'set_priority', class: text };
    case 'suspend':
    case 'resume':
    case 'cancel':
    case 'restart':
      return { do: act };
  }
}

/** A job's id as the name of its object; `null` where there is none any more. */
export function objectOf(id: string): ObjectName | null {
  const parts = partsOf(id);
  if (parts === null || pastOf(id) !== null) return null;
  const kind = parts.group.includes('.') ? `${parts.kind}.${parts.group}` : parts.kind;
  return { kind, namespace: parts.namespace, name: parts.name };
}
