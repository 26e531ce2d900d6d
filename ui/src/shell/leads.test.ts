import { describe, expect, it } from 'vitest';
import type { Phrase, PhraseCode } from '$bindings/contract';
import { PHRASES } from '$bindings/phrases';
import { PARTS } from '../features/deploy/recipes';
import { GROUPS, SHOWS } from '../features/jobs/shows';
import { NOWHERE, read, written } from '$lib/state/address';
import { leadOf, LEADS, type About, type Lead } from '$lib/state/leads';
import { objectIn } from '$lib/state/objectAddress';

const said = (code: PhraseCode, values: Phrase['values'] = {}): Phrase => ({ code, values });

/** Whatever an action can be about. */
const ABOUT: readonly About[] = [
  {},
  { subject: 'node/gpu-a100-07' },
  { subject: 'queue/research' },
  { subject: 'component/kueue' },
  { subject: 'application/research/TrainJob/llama-ft', queue: 'research', namespace: 'research' },
  { subject: 'pod/research/llama-ft-0' },
];

const codes = Object.keys(LEADS) as PhraseCode[];

/** Whether the view makes anything of each of the lead's options. */
function opens({ view, options }: Lead): boolean {
  const { part, object, group, show, sort, order, q, ...unknown } = options;
  const isOneOf = (known: readonly string[], value: string | undefined) =>
    value === undefined || known.includes(value);
  if (Object.keys(unknown).length > 0) return false;
  if (view === 'deploy') {
    return part !== undefined && isOneOf(PARTS, part) && objectIn(object ?? '') !== null;
  }
  if (view === 'jobs') {
    return (
      object === undefined &&
      isOneOf(GROUPS, group) &&
      isOneOf(SHOWS, show) &&
      isOneOf(['gpus'], sort) &&
      isOneOf(['down'], order) &&
      q !== ''
    );
  }
  return Object.keys(options).length === 0;
}

describe('what to do next', () => {
  it('leads to an address that the interface reads, and whose view takes all of it', () => {
    for (const code of codes) {
      const leads = ABOUT.flatMap(
        (about) => leadOf(said(code, { quota: { text: 'gpus' } }), about) ?? [],
      );
      expect(leads, `${code} leads somewhere`).not.toEqual([]);
      for (const lead of leads) {
        const address = { ...NOWHERE, cluster: 'demo', ...lead };
        expect(read(written(address)), code).toEqual(address);
        expect(opens(lead), `${code}: ${written(address)}`).toBe(true);
      }
    }
  });

  it('is a sentence that is said', () => {
    for (const code of codes) expect(PHRASES[code].en).toMatch(/\S/);
  });

  it('shows who holds the quota of the very queue, whatever namespace is looked at', () => {
    const waits = { subject: 'application/research/TrainJob/llama-ft', queue: 'training' };
    const lead = leadOf(said('act_queue'), waits);
    expect(lead).toMatchObject({ view: 'jobs', namespaces: [], options: { q: 'training' } });
    const many = leadOf(said('act_queue'), { subject: 'queue/research' });
    expect(many?.options).toMatchObject({ group: 'queue', q: 'research' });
  });

  it('leads nowhere where it does not know whereto', () => {
    expect(leadOf(said('act_node'), { subject: 'component/kueue' })).toBeNull();
    expect(leadOf(said('act_quota', { quota: { text: 'gpus' } }))).toBeNull();
    expect(leadOf(said('act_memory'), { subject: 'node/gpu-1' })).toBeNull();
  });
});
