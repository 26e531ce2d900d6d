/** What can be done to objects that are there, and what has to be said for it. */

import type { Action } from '$bindings/contract';

export type Act = Action['do'];

/** What somebody says for an act, by field; a flag is `yes` or nothing. */
export type Said = Readonly<Record<string, string>>;

/** The effects of a taint, the mildest last. */
export const EFFECTS = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'] as const;

export interface ActField {
  id:
    | 'replicas'
    | 'queue'
    | 'class'
    | 'container'
    | 'image'
    | 'key'
    | 'value'
    | 'effect'
    | 'remove'
    | 'force'
    | 'delete_local_data'
    | 'wait_seconds';
  form: 'text' | 'number' | 'flag' | 'effect';
  /** What stands there before somebody says another thing. */
  first?: string;
}

const FIELDS: Partial<Record<Act, readonly ActField[]>> = {
  scale: [{ id: 'replicas', form: 'number' }],
  set_queue: [{ id: 'queue', form: 'text' }],
  set_priority: [{ id: 'class', form: 'text' }],
  set_image: [
    { id: 'container', form: 'text' },
    { id: 'image', form: 'text' },
  ],
  label: [
    { id: 'key', form: 'text' },
    { id: 'value', form: 'text' },
  ],
  taint: [
    { id: 'key', form: 'text' },
    { id: 'value', form: 'text' },
    { id: 'effect', form: 'effect', first: 'NoSchedule' },
    { id: 'remove', form: 'flag' },
  ],
  drain: [
    { id: 'wait_seconds', form: 'number', first: '120' },
    { id: 'force', form: 'flag' },
    { id: 'delete_local_data', form: 'flag' },
  ],
};

/** The longest that a drain waits for a disruption budget, in seconds, as the engine has it. */
const LONGEST_WAIT = 600;

/** What ends work that runs: a name is typed for it. */
const DESTROYING: readonly Act[] = ['cancel', 'drain'];

export function fieldsOf(act: Act): readonly ActField[] {
  return FIELDS[act] ?? [];
}

/** What is said of an act before anybody says anything. */
export function firstSaid(act: Act): Said {
  return Object.fromEntries(fieldsOf(act).map(({ id, first = '' }) => [id, first]));
}

export function isDestroying(act: Act): boolean {
  return DESTROYING.includes(act);
}

/** The action that the engine is asked for; `null` while what it needs was not said. */
export function actionOf(act: Act, said: Said): Action | null {
  const text = (id: ActField['id']) => (said[id] ?? '').trim();
  const count = (id: ActField['id']) => {
    const number = Number(text(id));
    return text(id) !== '' && Number.isInteger(number) && number >= 0 ? number : null;
  };
  switch (act) {
    case 'scale': {
      const replicas = count('replicas');
      return replicas === null ? null : { do: 'scale', replicas };
    }
    case 'set_queue':
      return text('queue') === '' ? null : { do: 'set_queue', queue: text('queue') };
    case 'set_priority':
      return text('class') === '' ? null : { do: 'set_priority', class: text('class') };
    case 'set_image': {
      const [container, image] = [text('container'), text('image')];
      return container === '' || image === '' ? null : { do: 'set_image', container, image };
    }
    case 'label': {
      const [key, value] = [text('key'), text('value')];
      if (key === '') return null;
      return { do: 'label', key, ...(value === '' ? {} : { value }) };
    }
    case 'taint': {
      const [key, value, effect] = [text('key'), text('value'), text('effect')];
      if (key === '' || effect === '') return null;
      return { do: 'taint', key, value, effect, remove: text('remove') === 'yes' };
    }
    case 'drain': {
      const wait = count('wait_seconds');
      if (wait === null || wait > LONGEST_WAIT) return null;
      return {
        do: 'drain',
        force: text('force') === 'yes',
        delete_local_data: text('delete_local_data') === 'yes',
        wait_seconds: wait,
      };
    }
    case 'suspend':
    case 'resume':
    case 'cancel':
    case 'restart':
    case 'cordon':
    case 'uncordon':
      return { do: act };
  }
}
