/** A workstation with one GPU, for a page without an engine: what can be done to it is done to this. */

import type {
  AcceleratorRow,
  ChangeReport,
  ChangeStep,
  DecideTrial,
  DeviceSetting,
  EndProcess,
  Figure,
  FigureUnit,
  GpuFault,
  Hindrance,
  ProcessRow,
  ReadingRow,
  RecentChart,
  SetDevice,
  TrialVerdict,
  WorkstationRow,
} from '$bindings/contract';
import { apiError } from '../host';
import { ago, phrase, random } from './phrases';

const GIB = 1024 ** 3;
const DEVICE = 'GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01';

/** What was done to it. */
const done = {
  limit: 300,
  clocks: null as [number, number] | null,
  ended: new Set<number>(),
  /** Processes that were asked to end and did not. */
  asked: new Set<number>(),
  trials: [] as AcceleratorRow['trials'],
  entry: 41,
};

function reading(
  figure: Figure,
  unit: FigureUnit,
  value: number,
  source: ReadingRow['source'],
): ReadingRow {
  return { figure, unit, value, source, at: ago(1) };
}

function chart(figure: Figure, unit: FigureUnit, most: number, middle: number): RecentChart {
  const next = random(figure.length * 7919);
  const values = Array.from({ length: 150 }, () => middle * (0.92 + next() * 0.16));
  return { figure, unit, most, step_seconds: 1, values };
}

export function machine(scene: string): WorkstationRow {
  const own = (figure: Figure, unit: FigureUnit, value: number) =>
    reading(figure, unit, value, 'system');
  const faults: GpuFault[] =
    scene === 'mismatch'
      ? [
          {
            severity: 'critical',
            title: { code: 'driver_mismatch', values: {} },
            meaning: {
              code: 'driver_mismatch_why',
              values: { library: { text: '580.95.05' }, module: { text: '575.64.03' } },
            },
            action: { code: 'driver_mismatch_act', values: {} },
          },
        ]
      : [];
  return {
    name: 'ws-lab-02',
    system: 'Linux (Debian GNU/Linux 12)',
    kernel: '6.1.0',
    processor: 'AMD Ryzen Threadripper PRO 7975WX 32-Cores',
    threads: 64,
    readings: [
      own('cpu_utilization', 'ratio', 0.18),
      own('host_memory_used', 'bytes', 71 * GIB),
      own('host_memory_total', 'bytes', 256 * GIB),
      own('swap_used', 'bytes', 0),
      own('disk_read', 'bytes_per_second', 1.2e6),
      own('disk_written', 'bytes_per_second', 3.4e7),
      own('network_received', 'bytes_per_second', 2.1e6),
      own('network_sent', 'bytes_per_second', 4.2e5),
    ],
    disks: [
      {
        name: '/',
        detail: '/dev/nvme0n1p2 ext4',
        readings: [
          own('disk_used', 'bytes', 812 * GIB),
          own('disk_total', 'bytes', 1_863 * GIB),
          own('disk_read', 'bytes_per_second', 1.2e6),
          own('disk_written', 'bytes_per_second', 3.4e7),
        ],
      },
    ],
    networks: [
      {
        name: 'enp5s0',
        detail: '10.20.4.17',
        readings: [
          own('network_received', 'bytes_per_second', 2.1e6),
          own('network_sent', 'bytes_per_second', 4.2e5),
        ],
      },
    ],
    charts: [
      chart('cpu_utilization', 'ratio', 1, 0.18),
      chart('host_memory_used', 'bytes', 256 * GIB, 71 * GIB),
    ],
    sampling: scene === 'none' ? 'no_accelerator' : scene === 'mismatch' ? 'interrupted' : 'live',
    sampled_at: ago(1),
    driver: scene === 'none' ? '' : '580.95.05',
    cuda: scene === 'none' ? '' : '13.0',
    faults,
    remarks: [],
    cost: {
      calls: scene === 'none' ? 0 : 14,
      seconds: 0.0004,
      slowest: 'nvmlDeviceGetTemperature',
      slowest_seconds: 0.0001,
    },
  };
}

export function accelerator(scene: string): AcceleratorRow {
  const own = (figure: Figure, unit: FigureUnit, value: number) =>
    reading(figure, unit, value, 'nvml');
  for (const trial of done.trials) {
    if (trial.verdict === undefined && Date.parse(trial.until) <= Date.now()) {
      takeBack(trial.entry);
    }
  }
  const power = Math.min(264, done.limit - 2);
  const clock = Math.min(2415, done.clocks?.[1] ?? 2415);
  const stuck = done.trials.find((trial) => trial.verdict?.outcome === 'stuck');
  return {
    device: DEVICE,
    index: 0,
    vendor: 'nvidia',
    model: 'NVIDIA RTX 6000 Ada Generation',
    pci: '0000:41:00.0',
    state: 'answers',
    severity: stuck === undefined ? 'ok' : 'critical',
    faults: stuck === undefined ? [] : [stuckFault()],
    remarks: [],
    clock_reasons: done.limit < 264 ? [{ code: 'clock_power_cap', values: {} }] : [],
    readings: [
      own('utilization', 'ratio', 0.87),
      own('memory_used', 'bytes', 38 * GIB),
      own('memory_total', 'bytes', 48 * GIB),
      own('temperature', 'celsius', 71),
      own('power', 'watts', power),
      own('power_limit', 'watts', done.limit),
      own('sm_clock', 'megahertz', clock),
      own('fan_speed', 'ratio', 0.44),
      own('clocks_event_reasons', 'count', done.limit < 264 ? 4 : 0),
      own('pcie_generation', 'count', 4),
      own('pcie_width', 'count', 16),
      own('energy', 'joules', 48_211_000),
    ],
    charts: [
      chart('utilization', 'ratio', 1, 0.87),
      chart('power', 'watts', 300, power),
      chart('temperature', 'celsius', 100, 71),
    ],
    instances: [],
    links: [],
    xids: [],
    processes_at: ago(1),
    processes: processes().length,
    settings: [
      {
        setting: 'power_limit',
        unit: 'watts',
        least: 100,
        most: 300,
        default: 300,
        ...(scene === 'readonly' ? { obstacle: readOnly('-pl WATTS') } : {}),
      },
      {
        setting: 'locked_clocks',
        unit: 'megahertz',
        least: 210,
        most: 3105,
        ...(scene === 'readonly' ? { obstacle: readOnly('-lgc LEAST,MOST') } : {}),
      },
    ],
    trials: structuredClone(done.trials),
  };
}

function readOnly(option: string): Hindrance {
  return {
    reason: {
      code: 'setting_forbidden',
      values: { device: { text: 'NVIDIA RTX 6000 Ada Generation' } },
    },
    remedy: {
      code: 'setting_forbidden_act',
      values: { command: { text: `sudo nvidia-smi -i 0 ${option}` } },
    },
  };
}

function stuckFault(): GpuFault {
  return {
    severity: 'critical',
    title: { code: 'trial_stuck', values: { index: { number: 0 }, now: { text: '150 W' } } },
    meaning: { code: 'trial_stuck_why', values: { message: { text: 'the driver is busy' } } },
    action: {
      code: 'trial_stuck_act',
      values: { command: { text: 'sudo nvidia-smi -i 0 -pl 300' } },
    },
  };
}

const VLLM: ProcessRow = {
  device: DEVICE,
  device_index: 0,
  pid: 48213,
  uses: 'compute',
  instance: '',
  memory: reading('memory_used', 'bytes', 31 * GIB, 'nvml'),
  activity: reading('utilization', 'ratio', 0.86, 'nvml'),
  is_known: true,
  user: 'ada',
  command: 'python -m vllm.entrypoints.openai.api_server --model llama-3.1-8b --api-key …',
  started_ticks: '1',
  started_at: ago(8_040),
  unit: '',
  runtime: 'containerd',
  container_id: '4c01db0b339c7dd1f2bb48dbf5d2b1d7c1dbb1c8a7c0fcf1f8a3a6bd2f0e9a11',
  container: 'engine',
  pod_uid: '0c5e2d5f-5b0a-4a4e-9a57-0a4ddbb4f3a1',
  namespace: 'llm-prod',
  pod: 'vllm-0',
  cluster: '',
};

const NO_CONTAINER = {
  container_id: '',
  container: '',
  pod_uid: '',
  namespace: '',
  pod: '',
  cluster: '',
} as const;

function others(): ProcessRow[] {
  const plain = {
    device: VLLM.device,
    device_index: VLLM.device_index,
    instance: '',
    is_known: true,
    ...NO_CONTAINER,
  };
  return [
    {
      ...plain,
      pid: 51877,
      uses: 'compute',
      memory: reading('memory_used', 'bytes', 5.5 * GIB, 'nvml'),
      activity: reading('utilization', 'ratio', 0.04, 'nvml'),
      user: 'ada',
      command: 'python train.py --config lora.yaml --epochs 3',
      started_ticks: '2',
      started_at: ago(1_260),
      unit: 'session-2.scope',
    },
    {
      ...plain,
      pid: 1204,
      uses: 'graphics',
      memory: reading('memory_used', 'bytes', 0.4 * GIB, 'nvml'),
      activity: reading('utilization', 'ratio', 0, 'nvml'),
      user: 'root',
      command: '/usr/lib/xorg/Xorg vt2 -displayfd 3',
      started_ticks: '3',
      started_at: ago(412_000),
      unit: 'gdm.service',
      guard: {
        reason: { code: 'process_of_other', values: { user: { text: 'root' } } },
        remedy: {
          code: 'process_of_other_act',
          values: { user: { text: 'root' }, command: { text: 'sudo kill -TERM 1204' } },
        },
      },
    },
  ];
}

export function processes(): ProcessRow[] {
  return [VLLM, ...others()].filter((row) => !done.ended.has(row.pid));
}

function step(kind: string, name: string, kubectl: string): ChangeStep {
  return {
    object: { kind, namespace: '', name },
    api_version: '',
    action: kind === 'GPU' ? 'change' : 'end',
    progress: 'planned',
    is_assumed: false,
    fields: [],
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl,
    before: '',
    after: '',
  };
}

/** Ends a process; the training does not listen when it is asked. */
export function endProcess({ pid, is_forced, intent }: EndProcess): ChangeReport {
  const row = processes().find((one) => one.pid === pid);
  if (row === undefined) throw apiError('not_found', `there is no process ${pid}`);
  const signal = is_forced ? 'KILL' : 'TERM';
  const program = row.command.split(' ')[0]?.split('/').at(-1) ?? '';
  const told = step('Process', `${pid} (${program})`, `kill -${signal} ${pid}`);
  told.consequences = [
    {
      code: 'process_is',
      values: { user: { text: row.user }, command: { text: row.command } },
    },
    { code: is_forced ? 'process_forced' : 'process_asked', values: {} },
    {
      code: 'process_frees',
      values: { memory: { bytes: row.memory.value ?? 0 }, index: { number: 0 } },
    },
    row.pod === ''
      ? { code: 'restarted_by_nobody', values: {} }
      : { code: 'restarted_by_pod', values: { pod: { text: `${row.namespace}/${row.pod}` } } },
  ];
  if (row.guard !== undefined) {
    told.progress = 'blocked';
    told.kubectl = '';
    told.obstacle = { kind: 'permission', sentence: row.guard.reason, details: [] };
    told.consequences = [row.guard.remedy, ...told.consequences.slice(0, 1)];
    return report(intent, 'blocked', told);
  }
  if (intent === 'preview') return report(intent, 'ready', told);
  told.progress = 'done';
  const lingers = pid === 51877 && !is_forced;
  if (lingers) done.asked.add(pid);
  else done.ended.add(pid);
  told.consequences = [
    lingers
      ? { code: 'process_lingers', values: { waited: { seconds: 5 } } }
      : { code: 'process_gone', values: {} },
  ];
  return { ...report(intent, 'applied', told), journal_entry: ++done.entry };
}

function report(
  intent: ChangeReport['intent'],
  outcome: ChangeReport['outcome'],
  told: ChangeStep,
): ChangeReport {
  return { intent, outcome, obstacles: [], consequences: [], steps: [told] };
}

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

function takeBack(entry: number): TrialVerdict {
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
