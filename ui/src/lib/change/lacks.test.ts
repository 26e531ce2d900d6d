import { describe, expect, it } from 'vitest';
import type { ChangeStep, Obstacle } from '$bindings/contract';
import { askedOf, byPermission, lackedBy } from './lacks';

const job = (name: string, namespace = 'team') => ({ kind: 'Job', namespace, name });

describe('what is asked about', () => {
  it('is each object while there are few, and their kinds and namespaces once there are many', () => {
    expect(askedOf([job('a'), job('b')])).toEqual([job('a'), job('b')]);
    const many = Array.from({ length: 40 }, (_, at) => job(`job-${at}`, at % 2 ? 'one' : 'two'));
    expect(askedOf(many)).toEqual([job('', 'two'), job('', 'one')]);
  });
});

it('names a permission once, with all that it is missing for', () => {
  const missing = byPermission([
    { what: 'Restart', permissions: ['delete jobs', 'create jobs'] },
    { what: 'Cancel', permissions: ['delete jobs'] },
    { what: 'Suspend', permissions: [] },
  ]);
  expect(missing).toEqual([
    { permission: 'delete jobs', whats: ['Restart', 'Cancel'] },
    { permission: 'create jobs', whats: ['Restart'] },
  ]);
});

describe('what a dry run found missing', () => {
  const lacks = (permission: string): Obstacle => ({
    kind: 'permission',
    sentence: { code: 'permission_missing', values: { permission: { text: permission } } },
    details: [],
  });
  const step = (obstacle?: Obstacle) =>
    ({ ...(obstacle === undefined ? {} : { obstacle }) }) as ChangeStep;

  it('is each permission once, of the whole and of its steps', () => {
    const found = lackedBy({
      obstacles: [lacks('patch configmaps')],
      steps: [step(lacks('patch services')), step(), step(lacks('patch configmaps'))],
    });
    expect(found).toEqual(['patch configmaps', 'patch services']);
  });

  it('is no permission where something else stands in the way', () => {
    expect(lackedBy({ obstacles: [{ ...lacks('x'), kind: 'policy' }], steps: [] })).toEqual([]);
  });
});
