/** A workstation with one GPU, for a page without an engine. */

import type {
  AcceleratorRow,
  Figure,
  FigureUnit,
  ProcessRow,
  ReadingRow,
  WorkstationRow,
} from '$bindings/contract';

const GIB = 1024 ** 3;

function reading(
  figure: Figure,
  unit: FigureUnit,
  value: number,
  source: ReadingRow['source'],
): ReadingRow {
  return { figure, unit, value, source, at: new Date().toISOString() };
}

export function machine(): WorkstationRow {
  const own = (figure: Figure, unit: FigureUnit, value: number) =>
    reading(figure, unit, value, 'system');
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
    disks: [],
    networks: [],
    charts: [],
    sampling: 'live',
    sampled_at: new Date().toISOString(),
    driver: '580.95.05',
    cuda: '13.0',
    faults: [],
    remarks: [],
    cost: {
      calls: 14,
      seconds: 0.0004,
      slowest: 'nvmlDeviceGetTemperature',
      slowest_seconds: 0.0001,
    },
  };
}

export function accelerator(): AcceleratorRow {
  const own = (figure: Figure, unit: FigureUnit, value: number) =>
    reading(figure, unit, value, 'nvml');
  return {
    device: 'GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01',
    index: 0,
    vendor: 'nvidia',
    model: 'NVIDIA RTX 6000 Ada Generation',
    pci: '0000:41:00.0',
    state: 'answers',
    severity: 'ok',
    faults: [],
    remarks: [],
    clock_reasons: [],
    readings: [
      own('utilization', 'ratio', 0.87),
      own('memory_used', 'bytes', 38 * GIB),
      own('memory_total', 'bytes', 48 * GIB),
      own('temperature', 'celsius', 71),
      own('power', 'watts', 264),
      own('power_limit', 'watts', 300),
      own('sm_clock', 'megahertz', 2415),
    ],
    charts: [],
    instances: [],
    links: [],
    xids: [],
    processes_at: new Date().toISOString(),
    processes: 1,
  };
}

export function process(): ProcessRow {
  return {
    device: accelerator().device,
    device_index: 0,
    pid: 48213,
    uses: 'compute',
    instance: '',
    memory: reading('memory_used', 'bytes', 36 * GIB, 'nvml'),
    activity: reading('utilization', 'ratio', 0.86, 'nvml'),
    is_known: true,
    user: 'ada',
    command: 'python -m vllm.entrypoints.openai.api_server --model llama-3.1-8b',
    started_ticks: '1',
    unit: '',
    runtime: 'containerd',
    container_id: '4c01db0b339c7dd1f2bb48dbf5d2b1d7c1dbb1c8a7c0fcf1f8a3a6bd2f0e9a11',
    container: 'engine',
    pod_uid: '0c5e2d5f-5b0a-4a4e-9a57-0a4ddbb4f3a1',
    namespace: 'llm-prod',
    pod: 'vllm-0',
    cluster: '',
  };
}
