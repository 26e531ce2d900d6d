import { describe, expect, it } from 'vitest';
import { columnsOf, seriesOf, strokeAt } from './lines';

describe('lines beside each other', () => {
  it('are told apart without colour: no two have the same shade and dashes', () => {
    const strokes = Array.from({ length: 8 }, (_, at) => JSON.stringify(strokeAt(at)));
    expect(new Set(strokes).size).toBe(8);
    expect(strokeAt(0).token).toBe('--accent');
  });

  it('have the one that is looked at in front, and gaps stay gaps', () => {
    const lines = {
      begins: 60,
      step: 30,
      lines: [
        [1, null],
        [2, 3],
      ],
    };
    const columns = columnsOf(lines);
    expect(columns).toEqual([
      [60, 90],
      [2, 3],
      [1, null],
    ]);
    expect(columns[seriesOf(0, 2)]).toEqual([1, null]);
  });
});
