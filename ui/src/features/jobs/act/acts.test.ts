import { describe, expect, it } from 'vitest';
import { actsOf, objectOf } from './acts';

const job = (state: Parameters<typeof actsOf>[0]['state'], more = {}) =>
  actsOf({ state, is_lasting: false, queue: '', ...more });

describe('what may be done', () => {
  it('goes by the state: what is over can only be run anew', () => {
    expect(job('failed')).toEqual(['restart']);
    expect(job('suspended')).toContain('resume');
    expect(job('running')).not.toContain('resume');
  });

  it('goes by what the job is: only what lasts is scaled, only what is in a queue changes it', () => {
    expect(job('running')).not.toContain('scale');
    expect(job('running', { is_lasting: true })).toContain('scale');
    expect(job('queued', { queue: 'main' })).toEqual(
      expect.arrayContaining(['set_queue', 'set_priority']),
    );
  });
});

it('built-in kinds go without their group, as the engine names objects', () => {
  expect(objectOf('team/Job.batch/train')).toEqual({
    kind: 'Job',
    namespace: 'team',
    name: 'train',
  });
  expect(objectOf('team/RayJob.ray.io/r')?.kind).toBe('RayJob.ray.io');
  expect(objectOf('team/Job.batch/train@1-2-3'), 'nothing is done to what is gone').toBeNull();
});
