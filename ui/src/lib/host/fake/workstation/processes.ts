/** The processes on the GPU of the design data: a pod's, a user's, one of another user. */

import type { ProcessRow } from '$bindings/contract';
import { ago } from '../phrases';
import { DEVICE, done } from './done';
import { GIB, reading } from './readings';

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
