import { describe, expect, it } from 'vitest';
import type { ChangeReport, TrialRow } from '$bindings/contract';
import { amountOf, isTold, kindOf, left, lingers, settingOf, within, written } from './report';

const NOW = Date.parse('2026-11-27T12:00:00Z');

const trial = (more: Partial<TrialRow>): TrialRow => ({
  entry: 41,
  now: { set: 'power_limit', watts: 300 },
  asked: { set: 'power_limit', watts: 302 },
  until: '2026-11-27T12:00:42Z',
  ...more,
});

const verdict = (outcome: 'kept' | 'taken_back' | 'stuck') => ({
  outcome,
  sentence: { code: 'trial_kept', values: {} } as const,
});

describe('a setting on trial', () => {
  it('counts down to whole seconds and never below none', () => {
    expect(left(trial({}), NOW)).toBe(42);
    expect(left(trial({}), NOW + 41_100)).toBe(1);
    expect(left(trial({}), NOW + 90_000)).toBe(0);
    expect(left(trial({ until: 'soon' }), NOW)).toBe(0);
  });

  it('stands with its device while it is open, for a while when it was taken back, and on where it stuck', () => {
    expect(isTold(trial({}), NOW)).toBe(true);
    expect(isTold(trial({ verdict: verdict('kept') }), NOW)).toBe(false);
    expect(isTold(trial({ verdict: verdict('taken_back') }), NOW + 60_000)).toBe(true);
    expect(isTold(trial({ verdict: verdict('taken_back') }), NOW + 600_000)).toBe(false);
    expect(isTold(trial({ verdict: verdict('stuck') }), NOW + 6_000_000)).toBe(true);
  });

  it('is written with its unit', () => {
    expect(written({ set: 'power_limit', watts: 300 }, 'free')).toBe('300 W');
    expect(written({ set: 'locked_clocks', least: 210, most: 1200 }, 'free')).toBe('210–1200 MHz');
    expect(written({ set: 'free_clocks' }, 'free')).toBe('free');
    expect(kindOf({ set: 'free_clocks' })).toBe('locked_clocks');
  });
});

describe('a field of a report', () => {
  it('that is a setting stands with its unit, and any other as it is', () => {
    const power = settingOf('.power_limit_watts');
    expect(amountOf(power, '302', 'free')).toBe('302 W');
    expect(amountOf(power, 'not told', 'free')).toBe('not told');
    const clocks = settingOf('.locked_clocks_mhz');
    expect(amountOf(clocks, '[500,1200]', 'free')).toBe('500–1200 MHz');
    expect(amountOf(clocks, 'null', 'free')).toBe('free');
    expect(amountOf(clocks, 'not told', 'free')).toBe('not told');
    expect(settingOf('.spec.replicas')).toBeUndefined();
    expect(amountOf(undefined, '302', 'free')).toBe('302');
  });
});

describe('what is typed', () => {
  it('is a number within the range of the driver, or nothing', () => {
    expect(within('240', 100, 300)).toBe(240);
    expect(within(' 240.5 ', 100, 300)).toBe(240.5);
    for (const wrong of ['', ' ', '99', '301', '2e9', 'many', '1/2']) {
      expect(within(wrong, 100, 300)).toBeNull();
    }
  });
});

describe('the end of a process', () => {
  it('is told from a process that was asked and stays', () => {
    const report = (code: 'process_lingers' | 'process_gone') =>
      ({ steps: [{ consequences: [{ code, values: {} }] }] }) as unknown as ChangeReport;
    expect(lingers(report('process_lingers'))).toBe(true);
    expect(lingers(report('process_gone'))).toBe(false);
    expect(lingers(undefined)).toBe(false);
  });
});
