import { describe, expect, it } from 'vitest';
import { sparkline } from './sparkline';

describe('a small chart', () => {
  it('is not drawn where fewer than two values are known', () => {
    expect(sparkline([], 100, 30)).toBeNull();
    expect(sparkline([null, 4, null], 100, 30)).toBeNull();
  });

  it('breaks where nothing was known, and never falls to zero there', () => {
    const drawn = sparkline([10, 12, null, 11, 10], 100, 30);
    expect(drawn?.line.match(/M/g)).toHaveLength(2);
    expect(drawn?.last).not.toBeNull();
    expect(drawn?.ends).toBeNull();
    expect(sparkline([10, 12, null], 100, 30)).toMatchObject({ last: null, ends: 50 });
  });

  it('stays inside its box', () => {
    const drawn = sparkline([-5, 1000, 3], 100, 30);
    const heights = [...(drawn?.line.matchAll(/[ML][\d.]+ ([\d.-]+)/g) ?? [])].map((found) =>
      Number(found[1]),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...heights)).toBeLessThanOrEqual(30);
  });

  it('of a figure with a top stands as high as that says', () => {
    const drawn = sparkline([50, 50, 100, 0], 90, 106, 100);
    const heights = [...(drawn?.line.matchAll(/[ML][\d.]+ ([\d.]+)/g) ?? [])].map((found) =>
      Number(found[1]),
    );
    expect(heights).toEqual([53, 53, 3, 103]);
  });

  it('looks still where the figure hardly moves', () => {
    const drawn = sparkline([143, 144, 143, 144], 90, 30);
    const heights = [...(drawn?.line.matchAll(/[ML][\d.]+ ([\d.]+)/g) ?? [])].map((found) =>
      Number(found[1]),
    );
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(3);
  });
});
