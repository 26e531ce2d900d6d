import { describe, expect, it } from 'vitest';
import { columns, gapsOf, moments } from './plot';

describe('a series over time', () => {
  it('has gaps from the last value to the next, and none for the step that has just begun', () => {
    expect(gapsOf([1, 2, null, null, 5])).toEqual([{ from: 1, to: 4 }]);
    expect(gapsOf([null, 2, 3])).toEqual([{ from: 0, to: 1 }]);
    expect(gapsOf([1, 2, null])).toEqual([]);
    expect(gapsOf([1, null, null])).toEqual([{ from: 0, to: 2 }]);
    expect(gapsOf([])).toEqual([]);
  });

  it('keeps gaps as null in every column', () => {
    const series = {
      begins: 100,
      step: 30,
      means: [1, null],
      least: [0, null],
      most: [2, null],
    };
    expect(columns(series)).toEqual([
      [100, 130],
      [2, null],
      [0, null],
      [1, null],
    ]);
  });

  it('has hours below it, and days where they begin', () => {
    const at = (hour: number, minute: number) =>
      new Date(2026, 2, 1, hour, minute).getTime() / 1_000;
    expect(moments([at(0, 0), at(9, 5), at(21, 30)], 900)).toEqual(['03-01', '09:05', '21:30']);
    expect(moments([at(12, 0)], 86_400)).toEqual(['03-01']);
  });
});
