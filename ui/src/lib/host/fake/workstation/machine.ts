/** The machine of the design data, and what keeps its drivers from being read in each scene. */

import type { Figure, FigureUnit, GpuFault, Sampling, WorkstationRow } from '$bindings/contract';
import { ago } from '../phrases';
import { chart, GIB, HUNG, reading } from './readings';

/** How far reading the accelerators has come, in the scenes in which it is not as it should be. */
const STATE: Record<string, Sampling> = {
  none: 'no_accelerator',
  mismatch: 'interrupted',
  forbidden: 'interrupted',
  hung: 'interrupted',
  loading: 'starting',
};

const FAULTS: Record<string, GpuFault[]> = {
  mismatch: [
    {
      severity: 'critical',
      title: { code: 'driver_mismatch', values: {} },
      meaning: {
        code: 'driver_mismatch_why',
        values: { library: { text: '580.95.05' }, module: { text: '575.64.03' } },
      },
      action: { code: 'driver_mismatch_act', values: {} },
    },
  ],
  forbidden: [
    {
      severity: 'warning',
      title: { code: 'driver_forbidden', values: {} },
      meaning: { code: 'driver_forbidden_why', values: { path: { text: '/dev/nvidiactl' } } },
      action: { code: 'driver_forbidden_act', values: { path: { text: '/dev/nvidiactl' } } },
    },
  ],
  hung: [
    {
      severity: 'critical',
      title: { code: 'driver_hangs', values: { waited: { seconds: HUNG } } },
      meaning: {
        code: 'driver_hangs_why',
        values: { call: { text: 'nvmlDeviceGetPowerUsage' }, device: { text: 'GPU 0' } },
      },
      action: { code: 'driver_hangs_act', values: {} },
    },
  ],
};

export function machine(scene: string): WorkstationRow {
  const own = (figure: Figure, unit: FigureUnit, value: number) =>
    reading(figure, unit, value, 'system');
  const isRead = STATE[scene] === undefined || scene === 'hung';
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
    sampling: STATE[scene] ?? 'live',
    sampled_at: ago(scene === 'hung' ? HUNG : 1),
    driver: isRead ? '580.95.05' : '',
    cuda: isRead ? '13.0' : '',
    faults: FAULTS[scene] ?? [],
    remarks: [],
    cost: {
      calls: isRead ? 14 : 0,
      seconds: 0.0004,
      slowest: 'nvmlDeviceGetTemperature',
      slowest_seconds: 0.0001,
    },
  };
}
