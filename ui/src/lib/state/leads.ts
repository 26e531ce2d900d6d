/** Where an action leads: the place at which what it asks for is seen or done. Most say what to do elsewhere, and lead nowhere. */

import type { JobColumn, Phrase, PhraseCode } from '$bindings/contract';
import type { Address } from './address';
import { nodeOptions, objectOptions } from './objectAddress';

/** What the action is about, as far as that is known. */
export interface About {
  /** The subject on the stack, such as `node/gpu-1`; empty for none. */
  readonly subject?: string;
  /** The queue; empty for none. */
  readonly queue?: string;
  /** The namespace; empty for none. */
  readonly namespace?: string;
}

/** A place of the same cluster. */
export type Lead = Pick<Address, 'view' | 'path' | 'namespaces' | 'options'>;

type Leading = (about: About, action: Phrase) => Lead | null;

const at = (view: Address['view'], options: Record<string, string>): Lead => ({
  view,
  path: '',
  // What is asked for may lie in another namespace than what was looked at.
  namespaces: [],
  options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
});

const MOST_FIRST: { sort: JobColumn; order: string } = { sort: 'gpus', order: 'down' };

/** Who is in the queue, those with the most GPUs first. */
const holders: Leading = ({ subject = '', queue = '' }) => {
  const named = queue !== '' ? queue : (after(subject, 'queue/') ?? '');
  return at('jobs', { group: 'queue', q: named, ...MOST_FIRST });
};

/** Where a node is cordoned and drained. */
const node: Leading = ({ subject = '' }) => {
  const name = after(subject, 'node/');
  return name === null ? null : at('deploy', nodeOptions(name));
};

/** The workload that is named, among the jobs. */
const workload: Leading = ({ subject = '' }) => {
  const [namespace = '', , name = ''] = (after(subject, 'application/') ?? '').split('/');
  return name === '' ? null : at('jobs', { show: 'all', q: `${namespace} ${name}` });
};

const quota: Leading = ({ namespace = '' }, action) => {
  const name = textIn(action, 'quota');
  if (namespace === '' || name === '') return null;
  return at('deploy', objectOptions({ kind: 'ResourceQuota', namespace, name }));
};

const stack: Leading = () => at('stack', {});

/** The actions that lead somewhere. */
export const LEADS: Readonly<Partial<Record<PhraseCode, Leading>>> = {
  act_queue: holders,
  act_quota: quota,
  act_node: node,
  act_pressure: node,
  act_uncordon: node,
  act_devices: node,
  act_reset_node: node,
  act_replace_gpu: node,
  act_ask_holder: workload,
  act_mend: stack,
  act_mend_accelerators: stack,
};

/** Where `action` leads; `null` where it says what is done elsewhere. */
export function leadOf(action: Phrase, about: About = {}): Lead | null {
  return LEADS[action.code]?.(about, action) ?? null;
}

/** A name that a sentence fills in; empty where it has none of that. */
export function textIn(phrase: Phrase, placeholder: string): string {
  const value = phrase.values[placeholder];
  return value !== undefined && 'text' in value ? value.text : '';
}

function after(text: string, beginning: string): string | null {
  const rest = text.startsWith(beginning) ? text.slice(beginning.length) : '';
  return rest === '' ? null : rest;
}
