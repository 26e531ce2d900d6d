import { describe, expect, it } from 'vitest';
import type { ReadingRow } from '$bindings/contract';
import { en } from '$lib/i18n/en';
import { activity, energy, isOld, origin, share, shown, took } from './figures';

const NOW = Date.parse('2026-11-27T12:00:00Z');

const row = (more: Partial<ReadingRow>): ReadingRow => ({
  figure: 'utilization',
  unit: 'ratio',
  source: 'nvml',
  at: '2026-11-27T11:59:57Z',
  ...more,
});

describe('a reading of this machine', () => {
  it('is a value with its unit, or a reason, and never 0 for unknown', () => {
    expect(shown(row({ value: 0.87 }), en, 'en')).toBe('87 %');
    expect(shown(row({ absence: 'not_supported' }), en, 'en')).toBe('not supported');
    expect(shown(undefined, en, 'en')).toBe('not told');
    expect(share(row({ value: 1 }), row({}))).toBeNull();
    expect(share(undefined, row({ value: 4 }))).toBeNull();
    expect(share(row({ value: 1 }), row({ value: 4 }))).toBe(0.25);
  });

  it('says by which definition, by whom and when', () => {
    expect(origin(row({ value: 1 }), en, 'en', NOW)).toContain('GPU utilization · NVML · 3 s');
    expect(isOld(row({}), NOW)).toBe(false);
    expect(isOld(row({ at: '2026-11-27T11:59:00Z' }), NOW)).toBe(true);
  });

  it('of how busy a device is goes by the most telling definition', () => {
    const utilization = row({ value: 1 });
    const active = row({ figure: 'sm_active', value: 0.12 });
    expect(activity([utilization, active])).toBe(active);
    expect(activity([utilization, row({ figure: 'sm_active' })])).toBe(utilization);
    expect(activity([])).toBeUndefined();
  });

  it('of time spent in a driver is short', () => {
    expect(took(0.0004)).toBe('0.4 ms');
    expect(took(0.0412)).toBe('41 ms');
    expect(took(1.24)).toBe('1.2 s');
  });

  it('of energy is told in the unit of a bill', () => {
    expect(energy(137_000)).toBe('38 Wh');
    expect(energy(12_240_000)).toBe('3.4 kWh');
  });
});
