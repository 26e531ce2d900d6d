/** The GPU of the design data, as it is after what was done to it. */

import type { AcceleratorRow, Figure, FigureUnit, Hindrance } from '$bindings/contract';
import { ago } from '../phrases';
import { DEVICE, done, stuckFault } from './done';
import { processes } from './processes';
import { errors, faultsOf } from './errors';
import { links, retiredPages } from './links';
import { chart, GIB, HUNG, reading } from './readings';
import { takeBack } from './setting';

/** The device of a scene. One whose driver hangs is as it was when that began, and its charts have a gap. */
export function accelerator(scene: string): AcceleratorRow {
  const row = answering(scene);
  if (scene !== 'hung') return row;
  const at = ago(HUNG);
  return {
    ...row,
    readings: row.readings.map((one) => ({ ...one, at })),
    charts: row.charts.map((one) => ({
      ...one,
      values: one.values.map((value, place) => (place < one.values.length - HUNG ? value : null)),
    })),
  };
}

function answering(scene: string): AcceleratorRow {
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
    severity: stuck !== undefined ? 'critical' : scene === 'faulty' ? 'notice' : 'ok',
    faults: [...(stuck === undefined ? [] : [stuckFault()]), ...faultsOf(scene)],
    remarks: [],
    clock_reasons: done.limit < 264 ? [{ code: 'clock_power_cap', values: {} }] : [],
    readings: [
      own('utilization', 'ratio', 0.87),
      own('memory_used', 'bytes', 38 * GIB),
      own('memory_total', 'bytes', 48 * GIB),
      own('memory_reserved', 'bytes', 0.5 * GIB),
      own('temperature', 'celsius', 71),
      own('power', 'watts', power),
      own('power_limit', 'watts', done.limit),
      own('sm_clock', 'megahertz', clock),
      own('fan_speed', 'ratio', 0.44),
      own('clocks_event_reasons', 'count', done.limit < 264 ? 4 : 0),
      own('pcie_generation', 'count', 4),
      own('pcie_width', 'count', 16),
      own('energy', 'joules', 48_211_000),
      ...retiredPages(scene),
    ],
    charts: [
      chart('utilization', 'ratio', 1, 0.87),
      chart('memory_used', 'bytes', 48 * GIB, 38 * GIB),
      chart('power', 'watts', 300, power),
      chart('temperature', 'celsius', 100, 71),
    ],
    instances: [],
    links: links(scene),
    ...errors(scene),
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
