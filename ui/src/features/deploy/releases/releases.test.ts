import { describe, expect, it } from 'vitest';
import type { Release, ReleaseRevision, ReleaseRow } from '$bindings/contract';
import {
  linesOf,
  numberIn,
  pairOf,
  partsOf,
  severityOf,
  shapeOf,
  type Column,
  type Line,
} from './releases';

const release = (name: string, more: Partial<Release> = {}): Release => ({
  name,
  namespace: 'team-a',
  recipe: 'vllm',
  revision: 1,
  revisions: 1,
  applied_at: '2026-03-01T12:00:00Z',
  applied_by: 'ada',
  ...more,
});
const row = (name: string, more: Partial<ReleaseRow> = {}): ReleaseRow => ({
  namespace: 'team-a',
  name,
  state: 'up',
  severity: 'ok',
  gpus: 0,
  jobs: [],
  subject: '',
  ...more,
});
const revision = (number: number): ReleaseRevision => ({
  number,
  recipe: 'vllm',
  values: {},
  manifests: '',
  applied_at: '',
  applied_by: '',
  is_edited: false,
});
const wanted = { namespaces: [], filter: '', by: 'name' as Column, descending: false };
const names = (lines: readonly Line[]) => lines.map((line) => line.release.name);

describe('the list of releases', () => {
  it('joins what is kept with what runs', () => {
    const rows = [row('web', { state: 'starting' })];
    const lines = linesOf([release('web'), release('gone')], rows, wanted);
    expect(lines.map(({ state }) => state)).toEqual(['none', 'starting']);
  });

  it('does not say that nothing runs while that is not known', () => {
    const [line] = linesOf([release('web')], null, wanted);
    expect(line?.state).toBeNull();
    expect(line && severityOf(line)).toBe('unknown');
  });

  it('is filtered by every word, and by namespace', () => {
    const all = [release('web'), release('chat', { applied_by: 'bo', namespace: 'team-b' })];
    expect(names(linesOf(all, [], { ...wanted, filter: 'VLLM bo' }))).toEqual(['chat']);
    expect(names(linesOf(all, [], { ...wanted, namespaces: ['team-a'] }))).toEqual(['web']);
  });

  it('is sorted by a column, and equal ones by name', () => {
    const all = [release('b', { revision: 2 }), release('c'), release('a')];
    const by = { ...wanted, by: 'revision' as Column };
    expect(names(linesOf(all, [], by))).toEqual(['a', 'c', 'b']);
    expect(names(linesOf(all, [], { ...by, descending: true }))).toEqual(['b', 'a', 'c']);
  });

  it('brings first what wants to be looked at', () => {
    const rows = [row('a'), row('b', { state: 'failing', severity: 'critical' })];
    const all = [release('a'), release('b')];
    expect(names(linesOf(all, rows, { ...wanted, by: 'state' }))).toEqual(['b', 'a']);
  });
});

describe('a release', () => {
  it('is named by its namespace and name in an address', () => {
    expect(partsOf('team-a/web')).toEqual({ namespace: 'team-a', name: 'web' });
    expect(partsOf('web')).toBeNull();
    expect(partsOf('a/b/c')).toBeNull();
    expect(numberIn('12')).toBe(12);
    expect(numberIn('-1')).toBeNull();
    expect(numberIn(undefined)).toBeNull();
  });

  it('compares its newest revision with the one before, where no other was named', () => {
    const all = [revision(5), revision(4), revision(2)];
    expect(pairOf(all, null, null)).toEqual({ from: 4, to: 5 });
    expect(pairOf(all, 2, 4)).toEqual({ from: 2, to: 4 });
    expect(pairOf(all, 3, null)).toEqual({ from: 4, to: 5 });
    expect(pairOf([revision(1)], null, null)).toBeNull();
  });

  it('is read anew where it is wanted otherwise, not where its pods become ready', () => {
    const ready = (count: number, desired: number) => [
      row('web', { ready: { ready: count, desired } }),
    ];
    expect(shapeOf(ready(0, 2))).toBe(shapeOf(ready(2, 2)));
    expect(shapeOf(ready(2, 2))).not.toBe(shapeOf(ready(2, 3)));
  });

  it('has a mark for its state, and its fault’s where it has one', () => {
    expect(severityOf({ row: row('a'), state: 'up' })).toBe('ok');
    expect(severityOf({ row: row('a', { severity: 'warning' }), state: 'up' })).toBe('warning');
    expect(severityOf({ row: row('a'), state: 'stopped' })).toBe('paused');
  });
});
