import { describe, expect, it } from 'vitest';
import {
  besideHead,
  columnsWithin,
  orderBy,
  rowAfter,
  scrolledTo,
  type Move,
  type TableColumn,
} from './windowTable';

type Name = 'node' | 'power' | 'state';
const COLUMNS: readonly TableColumn<Name>[] = [
  { name: 'node', label: 'Node', track: '1fr' },
  { name: 'power', label: 'Power', track: '58px', isNumber: true, from: 900 },
  { name: 'state', label: 'State', track: '1fr', isLargestFirst: true },
];
const [node, power, state] = COLUMNS as [TableColumn<Name>, TableColumn<Name>, TableColumn<Name>];

describe('a windowed table', () => {
  it('leaves out columns that it has no room for', () => {
    expect(columnsWithin(COLUMNS, 899).map(({ name }) => name)).toEqual(['node', 'state']);
    expect(columnsWithin(COLUMNS, 900)).toHaveLength(3);
  });

  it('is ordered from the largest number and the worst state, names from the first', () => {
    expect(orderBy(undefined, power)).toEqual({ by: 'power', descending: true });
    expect(orderBy({ by: 'power', descending: true }, state).descending).toBe(true);
    expect(orderBy({ by: 'power', descending: true }, node)).toEqual({
      by: 'node',
      descending: false,
    });
  });

  it('turns its order around where it has that already', () => {
    expect(orderBy({ by: 'node', descending: false }, node).descending).toBe(true);
    expect(orderBy({ by: 'power', descending: true }, power).descending).toBe(false);
  });

  it('is walked by keys from its first to its last row, never beyond', () => {
    expect(rowAfter(-1, 'next', 10, 100)).toBe(0);
    expect(rowAfter(-1, 'previous', 10, 100)).toBe(0);
    expect(rowAfter(99, 'next', 10, 100)).toBe(99);
    expect(rowAfter(95, 'pageDown', 10, 100)).toBe(99);
    expect(rowAfter(20, 'pageUp', 10, 100)).toBe(10);
    expect([rowAfter(50, 'first', 10, 100), rowAfter(50, 'last', 10, 100)]).toEqual([0, 99]);
  });

  it('is walked past the heads of groups, and never onto one', () => {
    const isHead = (row: number) => row === 0 || row === 4;
    expect(besideHead(3, 'next', isHead)).toBe(3);
    expect(besideHead(4, 'next', isHead)).toBe(5);
    expect(besideHead(4, 'previous', isHead)).toBe(3);
    expect(besideHead(4, 'pageUp', isHead)).toBe(3);
    expect(['previous', 'first'].map((move) => besideHead(0, move as Move, isHead))).toEqual([
      1, 1,
    ]);
  });

  it('scrolls as far as a row needs to be whole in sight, and no further', () => {
    expect(scrolledTo(3, 0, 320, 32)).toBe(0);
    expect(scrolledTo(10, 0, 320, 32)).toBe(32);
    expect(scrolledTo(3, 320, 320, 32)).toBe(96);
  });
});
