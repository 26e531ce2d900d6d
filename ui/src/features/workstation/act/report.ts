/** What the reports of acts on this machine say, in the forms that their dialogs need. */

import type { ChangeReport, DeviceSetting, SettingKind, TrialRow } from '$bindings/contract';

/** The shortest and the longest trial, as the engine has it. */
export const TRIALS = [30, 60, 120, 300] as const;

/** Whether the process was asked to end and is still there. */
export function lingers(report: ChangeReport | undefined): boolean {
  const said = report?.steps.flatMap((step) => step.consequences) ?? [];
  return said.some((phrase) => phrase.code === 'process_lingers');
}

/** What a setting is about. */
export function kindOf(setting: DeviceSetting): SettingKind {
  return setting.set === 'power_limit' ? 'power_limit' : 'locked_clocks';
}

/** The setting that a field of a report is; none for any other field. */
export function settingOf(path: string): SettingKind | undefined {
  const settings: Record<string, SettingKind> = {
    '.power_limit_watts': 'power_limit',
    '.locked_clocks_mhz': 'locked_clocks',
  };
  return settings[path];
}

/** What a field of a report says of `setting`, with its unit; whatever is no number stands as it is. */
export function amountOf(setting: SettingKind | undefined, value: string, free: string): string {
  if (setting === 'locked_clocks' && value === 'null') return free;
  const [least, most] = value.match(/\d+(\.\d+)?/g) ?? [];
  if (setting === 'power_limit' && least === value) return `${value} W`;
  const isRange = setting === 'locked_clocks' && value.startsWith('[') && most !== undefined;
  return isRange ? `${least}–${most} MHz` : value;
}

/** A setting as a person writes it; `free` where clocks are as the driver thinks best. */
export function written(setting: DeviceSetting, free: string): string {
  switch (setting.set) {
    case 'power_limit':
      return `${setting.watts.toFixed(0)} W`;
    case 'locked_clocks':
      return `${setting.least}–${setting.most} MHz`;
    case 'free_clocks':
      return free;
  }
}

/** Whole seconds until a trial is over; 0 once it should be. */
export function left(trial: TrialRow, now: number): number {
  const until = Date.parse(trial.until);
  return Number.isNaN(until) ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}

/** How long a trial that was taken back is told in its device's line, in milliseconds. */
const TOLD = 120_000;

/** Whether a trial stands in its device's line: while it is open, and for a while where it came to nothing. */
export function isTold(trial: TrialRow, now: number): boolean {
  switch (trial.verdict?.outcome) {
    case undefined:
      return true;
    case 'kept':
      return false;
    case 'taken_back':
      return now - Date.parse(trial.until) < TOLD;
    case 'stuck':
      return true;
  }
}

/** What is typed as a number; `null` where that is none, or none within the range. */
export function within(typed: string, least: number, most: number): number | null {
  const number = Number(typed);
  if (typed.trim() === '' || !Number.isFinite(number)) return null;
  return number >= least && number <= most ? number : null;
}
