import { describe, expect, it } from 'vitest';
import { written } from './schemaHelp';

const field = (name: string, type_name: string) => ({
  name,
  type_name,
  description: '',
  is_required: false,
});

describe('a field that is put in', () => {
  it('has room behind it, or below it at the right depth', () => {
    expect(written(field('replicas', 'integer'), 2)).toBe('replicas: ');
    expect(written(field('spec', 'object'), 0)).toBe('spec:\n  ');
    expect(written(field('labels', 'map of string'), 2)).toBe('labels:\n    ');
    expect(written(field('containers', 'list of object'), 6)).toBe('containers:\n        - ');
  });
});
