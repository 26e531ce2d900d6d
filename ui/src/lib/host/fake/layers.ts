/** The bands and the attention list of the design data. */

import type { AttentionRow, Layer, LayerRow, Severity, Tally } from '$bindings/contract';
import { ago, phrase, random } from './phrases';
import { TILES } from './tiles';

const LAYERS: readonly Layer[] = [
  'workloads',
  'lifecycle',
  'platform',
  'infrastructure',
  'hardware',
];
const ORDER: readonly Severity[] = ['ok', 'paused', 'unknown', 'notice', 'warning', 'critical'];

function tally(layer: Layer): Tally {
  const counted: Tally = { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 };
  for (const tile of TILES) if (tile.layer === layer) counted[tile.severity] += 1;
  return counted;
}

function trend(seed: number, around: number, swing: number): number[] {
  const next = random(seed);
  let drift = 0;
  return Array.from({ length: 60 }, (_, at) => {
    drift = drift * 0.82 + (next() - 0.5) * swing;
    return around + drift + Math.sin(at / 9 + seed) * swing * 0.7;
  });
}

const COUNTS: Record<Layer, LayerRow['counts']> = {
  workloads: [
    phrase('{count} generative', '生成式 {count}', { count: 12 }),
    phrase('{count} predictive', '预测式 {count}', { count: 6 }),
  ],
  lifecycle: [phrase('{count} components', '{count} 个组件', { count: 14 })],
  platform: [phrase('{count} components', '{count} 个组件', { count: 18 })],
  infrastructure: [
    phrase('{count} machines', '{count} 台机器', { count: 144 }),
    phrase('on-prem, fra', '本地 fra'),
  ],
  hardware: [phrase('{count} GPUs', '{count} GPU', { count: 1024 }), phrase('144 DPUs', '144 DPU')],
};

const HEADLINES: Record<Layer, NonNullable<LayerRow['headline']>> = {
  workloads: {
    value: 2846,
    label: phrase('req/s', 'req/s'),
    details: [phrase('TTFT p95 0.84 s', 'TTFT p95 0.84 秒')],
    source: phrase('serving engines’ own metrics', '推理引擎自身指标'),
  },
  lifecycle: {
    value: 23,
    label: phrase('jobs running', '作业运行中'),
    details: [phrase('31 wait · oldest 3 h 12', '31 等待 · 最久 3 小时 12')],
    source: phrase('job conditions', '作业状态'),
  },
  platform: {
    value: 31,
    label: phrase('workloads pending', '工作负载等待'),
    details: [phrase('5 of 7 queues borrow', '7 队列中 5 个借用')],
    source: phrase('Kueue ClusterQueue status', 'Kueue ClusterQueue 状态'),
  },
  infrastructure: {
    value: 142,
    of: 144,
    label: phrase('nodes ready', '节点就绪'),
    details: [phrase('1 cordoned · 1 not ready', '1 已隔离 · 1 未就绪')],
    source: phrase('node conditions', '节点状态'),
  },
  hardware: {
    value: 871,
    label: phrase('of {total} GPUs allocated', '/ {total} GPU 已分配', { total: 1024 }),
    details: [
      phrase('54 % SM active', 'SM 活跃 54 %'),
      phrase('15 faulty or unknown', '15 故障或未知'),
    ],
    source: phrase(
      'node.status.allocatable and pod requests',
      'node.status.allocatable 与 pod 请求',
    ),
  },
};

const TRENDS: Record<Layer, number[]> = {
  workloads: trend(7, 2700, 260),
  lifecycle: trend(3, 24, 3.4),
  platform: trend(5, 30, 5),
  infrastructure: trend(11, 143, 0.7),
  hardware: trend(2, 860, 30),
};

export function layerRows(change: Partial<LayerRow> = {}): LayerRow[] {
  return LAYERS.map((layer) => {
    const counted = tally(layer);
    const severity = [...ORDER].reverse().find((one) => counted[one] > 0) ?? 'ok';
    return {
      layer,
      severity,
      tally: counted,
      counts: COUNTS[layer],
      headline: HEADLINES[layer],
      trend: TRENDS[layer],
      trend_step_seconds: 60,
      forbidden: [],
      namespaces: [],
      loading: false,
      ...change,
    };
  });
}

export const ATTENTION: readonly AttentionRow[] = [
  {
    severity: 'critical',
    title: phrase('GPU 5 fell off the bus', 'GPU 5 掉卡'),
    reason: phrase(
      '{node} · XID 79. Pod {pod} lost its device; allocatable is 7 of 8.',
      '{node} · XID 79。Pod {pod} 失去设备；可分配 7 / 8。',
      { node: 'gpu-a100-07', pod: 'embed-batch-4' },
    ),
    action: phrase('Cordon and drain the node, then reset it', '隔离并排空节点，然后重启'),
    command: 'kubectl cordon gpu-a100-07',
    layer: 'hardware',
    subject: 'node/gpu-a100-07',
    since: ago(130),
  },
  {
    severity: 'warning',
    title: phrase('16-GPU TrainJob cannot start', '16 GPU 训练作业无法启动'),
    reason: phrase(
      '{job} waits {wait}: short by 3 GPUs in one NVLink domain.',
      '{job} 已等待 {wait}：单个 NVLink 域内缺 3 个 GPU。',
      { job: 'llama-ft-0421', wait: { seconds: 2820 } },
    ),
    action: phrase(
      'Free 3 GPUs in a01, or prefer one domain',
      '在 a01 释放 3 个 GPU，或改为优先单域',
    ),
    command: 'kubectl get workload -n research llama-ft-0421 -o yaml',
    layer: 'platform',
    subject: 'queue/research',
    since: ago(2830),
  },
  {
    severity: 'warning',
    title: phrase('TTFT over its target', 'TTFT 超出目标'),
    reason: phrase(
      '{app} p95 2.9 s, target 2.0 s. KV cache 94 %; one more replica fits.',
      '{app} p95 2.9 秒，目标 2.0 秒。KV 缓存 94 %；可再容纳 1 个副本。',
      { app: 'doc-summary' },
    ),
    action: phrase('Scale from 3 to 4 replicas', '从 3 个扩到 4 个副本'),
    command: '',
    layer: 'workloads',
    subject: 'application/llm-prod/InferenceService/doc-summary',
    since: ago(670),
  },
  {
    severity: 'warning',
    title: phrase('Ceph slows 3 data loads', 'Ceph 拖慢 3 个数据加载'),
    reason: phrase(
      '{osd} slow ops on {node}; reads at 0.4 of normal.',
      '{osd} 慢操作，位于 {node}；读取为平时的 0.4。',
      { osd: 'osd.14', node: 'stor-fra-05' },
    ),
    action: phrase('Look at the disk of osd.14', '检查 osd.14 的磁盘'),
    command: 'kubectl -n rook-ceph exec deploy/rook-ceph-tools -- ceph osd perf',
    layer: 'infrastructure',
    subject: 'component/rook-ceph',
    since: ago(1570),
  },
  {
    severity: 'notice',
    title: phrase('118 GPUs held and idle over 1 h', '118 个 GPU 占用且空闲超 1 小时'),
    reason: phrase('Most by {one} 61 and {other} 38.', '主要为 {one} 61、{other} 38。', {
      one: 'research',
      other: 'notebooks',
    }),
    action: phrase('List who holds them', '列出占用者'),
    command: '',
    layer: 'hardware',
    subject: 'accelerator/H100 80GB',
    since: ago(3700),
  },
  {
    severity: 'notice',
    title: phrase('Two driver versions in one pool', '同一节点池有两个驱动版本'),
    reason: phrase(
      '{pool}: 580.126.09 on 60, 580.105.08 on 4 nodes.',
      '{pool}：60 个节点 580.126.09，4 个 580.105.08。',
      { pool: 'h100' },
    ),
    action: phrase('Plan the upgrade', '规划升级'),
    command: '',
    layer: 'infrastructure',
    subject: 'component/nvidia-driver',
    since: ago(3 * 86_400 + 100),
  },
  {
    severity: 'notice',
    title: phrase('2 applications out of sync', '2 个应用未同步'),
    reason: phrase('{one} and {other} differ from Git.', '{one} 与 {other} 和 Git 不一致。', {
      one: 'langfuse',
      other: 'open-webui',
    }),
    action: phrase('Sync them, or commit the change', '同步，或提交变更'),
    command: '',
    layer: 'platform',
    subject: 'component/argo-cd',
    since: ago(9000),
  },
];
