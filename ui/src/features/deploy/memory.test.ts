import { describe, expect, it } from 'vitest';
import { barOf, gib, parametersText } from './memory';

const GIB = 1024 ** 3;
const parts = [
  { part: 'weights', bytes: 15 * GIB },
  { part: 'kv_cache', bytes: 20 * GIB },
  { part: 'activations', bytes: 0.1 * GIB },
  { part: 'runtime', bytes: 3.5 * GIB },
] as const;

describe('the memory bar', () => {
  it('places its parts one after the other, over the whole GPU', () => {
    const bar = barOf(parts, 80 * GIB, 73.6 * GIB);
    expect(bar.scale).toBe(80 * GIB);
    for (const [at, part] of bar.parts.entries()) {
      const before = bar.parts[at - 1];
      expect(part.from).toBeCloseTo(before === undefined ? 0 : before.from + before.width);
    }
    expect(bar.free).toBeCloseTo(41.4 * GIB);
    expect(bar.limit).toBeCloseTo(0.92);
    expect(bar.isOver).toBe(false);
  });

  it('that is not enough keeps all its parts in sight, and says so', () => {
    const bar = barOf(parts, 24 * GIB, 22 * GIB);
    expect(bar.scale).toBeCloseTo(38.6 * GIB);
    expect(bar.parts.at(-1)?.from).toBeLessThan(1);
    expect(bar.free).toBeLessThan(0);
    expect(bar.isOver).toBe(true);
  });

  it('leaves what others hold to them, at its end', () => {
    const bar = barOf(parts, 80 * GIB, 60 * GIB, 20 * GIB);
    expect(bar.taken).toBeCloseTo(0.25);
    expect(bar.free).toBeCloseTo(21.4 * GIB);
    expect(bar.isOver).toBe(false);
    const full = barOf(parts, 48 * GIB, 28 * GIB, 20 * GIB);
    expect(full.scale).toBeCloseTo(58.6 * GIB);
    expect(full.isOver).toBe(true);
  });

  it('without a known GPU has no limit and nothing free', () => {
    const bar = barOf(parts, null, null);
    expect(bar.free).toBeNull();
    expect(bar.limit).toBeNull();
    expect(bar.isOver).toBe(false);
  });

  it('says figures as people do', () => {
    expect(gib(32.94 * GIB)).toBe('32.9');
    expect(gib(1500 * GIB)).toBe('1500');
    expect(parametersText(8_030_261_248)).toBe('8.0 B');
    expect(parametersText(596_049_920)).toBe('596 M');
  });
});
