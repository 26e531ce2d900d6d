import { describe, expect, it } from 'vitest';
import { askedOf, byPermission } from './lacks';

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
