/** What the machine of the design data and its GPU did: a night's training run, and a time without Strata. */

import type {
  Figure,
  FigureUnit,
  HistoryKeeping,
  MachineHistory,
  MachineHistoryQuestion,
} from '$bindings/contract';
import { busyOf, KEPT, stepsOf } from '../gpuPast';
import { ago } from '../phrases';
import { DEVICE as DEVICE_ID } from './done';
import { GIB } from './readings';

type Curve = readonly [Figure, FigureUnit, (busy: number) => number];

const DEVICE: readonly Curve[] = [
  ['utilization', 'ratio', (busy) => busy],
  ['memory_used', 'bytes', (busy) => (34 + 5 * busy) * GIB],
  ['power', 'watts', (busy) => 62 + 210 * busy],
  ['temperature', 'celsius', (busy) => Math.round(36 + 38 * busy)],
  ['sm_clock', 'megahertz', (busy) => Math.round(1_200 + 1_215 * busy)],
];

const MACHINE: readonly Curve[] = [
  ['cpu_utilization', 'ratio', (busy) => 0.22 * busy],
  ['host_memory_used', 'bytes', (busy) => (58 + 16 * busy) * GIB],
  ['swap_used', 'bytes', () => 0],
  ['disk_read', 'bytes_per_second', (busy) => 2.4e8 * busy],
  ['disk_written', 'bytes_per_second', (busy) => (busy < 0.2 ? 9e8 : 3e7)],
  ['network_received', 'bytes_per_second', (busy) => 2.1e6 * busy],
  ['network_sent', 'bytes_per_second', (busy) => 4.2e5 * busy],
];

/** How the file of history does. */
export function keepingOf(scene: string): HistoryKeeping {
  return scene === 'full' ? { ...KEPT, ...FULL } : KEPT;
}

export function machineHistory(scene: string, question: MachineHistoryQuestion): MachineHistory {
  const steps = stepsOf(question.span);
  const keeping = keepingOf(scene);
  if (scene === 'none' && question.device !== '')
    return { steps, charts: [], devices: [], keeping };
  const begins = Date.parse(steps.begins) / 1000;
  const busy = busyOf({ node: 'ws', index: 0, uuid: '' }, begins, steps.seconds, steps.count);
  const scaled = (of: (busy: number) => number, by: number) =>
    busy.map((one) => (one === null ? null : of(Math.max(0, Math.min(1, one * by)))));
  const curves = question.device === '' ? MACHINE : DEVICE;
  return {
    steps,
    charts: curves.map(([figure, unit, of]) => ({
      figure,
      unit,
      means: scaled(of, 1),
      least: scaled(of, 0.93),
      most: scaled(of, 1.05),
    })),
    ...(question.device === '' ? {} : { energy: 218 * question.span.seconds }),
    devices: question.device === '' && scene !== 'none' ? [DEVICE_ID] : [],
    keeping,
  };
}

const FULL: Partial<HistoryKeeping> = {
  problem: { code: 'history_full', values: { file: { text: KEPT.file } } },
  not_kept_since: ago(2_400),
  lost: '1840',
};
