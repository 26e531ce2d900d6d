import { describe, expect, it } from 'vitest';
import { first, ordered } from './role.svelte';

const line = (id: string, severity: 'critical' | 'warning', layer: 'hardware' | 'workloads') => ({
  id,
  severity,
  layer,
});

describe('what needs attention', () => {
  const lines = [
    line('a', 'critical', 'workloads'),
    line('b', 'warning', 'workloads'),
    line('c', 'warning', 'hardware'),
  ];

  it('has the lines of the role first among equals, and loses none', () => {
    const ids = ordered(lines, ['hardware']).map(({ id }) => id);
    expect(ids).toEqual(['a', 'c', 'b']);
  });

  it('is as it was for nobody in particular', () => {
    expect(ordered(lines, [])).toBe(lines);
  });
});

describe('the views', () => {
  it('stand with the role’s own first, the others as they were', () => {
    const views = [{ view: 'stack' }, { view: 'map' }, { view: 'jobs' }];
    expect(first(views, ['map']).map(({ view }) => view)).toEqual(['map', 'stack', 'jobs']);
    expect(first(views, []).map(({ view }) => view)).toEqual(['stack', 'map', 'jobs']);
  });
});
