/** Setting the GPU of the design data, on trial. */

import type {
  ChangeReport,
  DecideTrial,
  DeviceSetting,
  SetDevice,
  TrialVerdict,
} from '$bindings/contract';
import { apiError } from '../../host';
import { ago, phrase } from '../phrases';
import { done, stuckFault } from './done';
import { report, step } from './report';

function present(of: DeviceSetting['set']): DeviceSetting {
  if (of === 'power_limit') return { set: 'power_limit', watts: done.limit };
  return done.clocks === null
    ? { set: 'free_clocks' }
    : { set: 'locked_clocks', least: done.clocks[0], most: done.clocks[1] };
}

function have(setting: DeviceSetting): void {
  if (setting.set === 'power_limit') done.limit = Math.floor(setting.watts / 5) * 5;
  else done.clocks = setting.set === 'free_clocks' ? null : [setting.least, setting.most];
}

function option(setting: DeviceSetting): string {
  switch (setting.set) {
    case 'power_limit':
      return `-pl ${setting.watts}`;
    case 'locked_clocks':
      return `-lgc ${setting.least},${setting.most}`;
    case 'free_clocks':
      return '-rgc';
  }
}

/** Sets the device on trial. */
export function setDevice({ setting, trial_seconds, intent }: SetDevice): ChangeReport {
  const told = step(
    'GPU',
    '0 (NVIDIA RTX 6000 Ada Generation)',
    `sudo nvidia-smi -i 0 ${option(setting)}`,
  );
  const before = present(setting.set);
  const isPower = setting.set === 'power_limit';
  const value = (one: DeviceSetting) =>
    one.set === 'power_limit'
      ? `${one.watts}`
      : one.set === 'locked_clocks'
        ? `[${one.least},${one.most}]`
        : undefined;
  const asDifference = (to: DeviceSetting) => {
    const [was, is] = [isPower ? value(before) : undefined, value(to)];
    return {
      path: isPower ? '.power_limit_watts' : '.locked_clocks_mhz',
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
      is_secret: false,
    };
  };
  told.fields = [asDifference(setting)];
  told.consequences = [
    { code: 'setting_on_trial', values: { waited: { seconds: trial_seconds } } },
    ...(isPower ? [] : [{ code: 'setting_untold' as const, values: {} }]),
  ];
  if (intent === 'preview') return report(intent, 'ready', told);
  have(setting);
  const now = present(setting.set);
  told.fields = [asDifference(now)];
  told.progress = 'done';
  done.entry += 1;
  done.trials = [
    {
      entry: done.entry,
      now,
      asked: setting,
      ...(isPower ? { before } : {}),
      until: ago(-trial_seconds),
    },
    ...done.trials.filter((trial) => trial.asked.set !== setting.set),
  ];
  return { ...report(intent, 'applied', told), journal_entry: done.entry };
}

/** Takes a trial back, where the device lets that be. */
export function takeBack(entry: number): TrialVerdict {
  const trial = done.trials.find((one) => one.entry === entry);
  if (trial === undefined) throw apiError('not_found', `entry ${entry} is on trial no longer`);
  const back: DeviceSetting = trial.before ?? { set: 'free_clocks' };
  // A limit of 150 W is one that cannot be taken back, to show how that looks.
  if (trial.now.set === 'power_limit' && trial.now.watts === 150) {
    trial.verdict = { outcome: 'stuck', sentence: stuckFault().title };
    return trial.verdict;
  }
  have(back);
  trial.verdict = {
    outcome: 'taken_back',
    sentence:
      back.set === 'power_limit'
        ? {
            code: 'trial_taken_back',
            values: { index: { number: 0 }, now: { text: `${back.watts} W` } },
          }
        : { code: 'trial_freed', values: { index: { number: 0 } } },
  };
  return trial.verdict;
}

export function decideTrial({ entry, keep }: DecideTrial): TrialVerdict {
  const trial = done.trials.find((one) => one.entry === entry);
  if (trial === undefined) throw apiError('not_found', `entry ${entry} is on trial no longer`);
  if (!keep) return takeBack(entry);
  trial.verdict = { outcome: 'kept', sentence: phrase('kept', '已保留') };
  return trial.verdict;
}
