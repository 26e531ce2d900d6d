import { describe, expect, it } from 'vitest';
import type { Protection } from '$bindings/contract';
import { isLocked, secondsOpen } from './protection.svelte';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const protection = (more: Partial<Protection>): Protection => ({
  cluster: 'prod',
  is_protected: true,
  ...more,
});

describe('the protection of a cluster', () => {
  it('locks it until it is unlocked', () => {
    expect(isLocked(protection({}), NOW)).toBe(true);
    expect(isLocked(protection({ unlocked_until: '2026-03-01T12:05:00Z' }), NOW)).toBe(false);
    expect(secondsOpen(protection({ unlocked_until: '2026-03-01T12:05:00Z' }), NOW)).toBe(300);
  });

  it('locks it again when the time is over', () => {
    expect(isLocked(protection({ unlocked_until: '2026-03-01T11:59:59Z' }), NOW)).toBe(true);
    expect(isLocked(protection({ unlocked_until: 'some day' }), NOW)).toBe(true);
  });

  it('is none where none was asked for, or nothing is known yet', () => {
    expect(isLocked(protection({ is_protected: false }), NOW)).toBe(false);
    expect(isLocked(undefined, NOW)).toBe(false);
    expect(secondsOpen(undefined, NOW)).toBe(0);
  });
});
