/** Paths of the design data. */

import type { Direction, NodeUse, Phrase, TraceRow, TraceStop } from '$bindings/contract';
import { phrase } from './phrases';
import { TILES } from './tiles';

const use = (node: string, rack: string, model: string, gpus: number, pods: number): NodeUse => ({
  node,
  severity: 'ok',
  rack,
  model,
  gpus_used: gpus,
  gpus: 8,
  pods,
});

const CHAT_NODES = [
  use('gpu-h100-45', 'a06', 'H100 80GB', 8, 2),
  use('gpu-h100-62', 'a08', 'H100 80GB', 8, 2),
];

const name = (text: string): Phrase => phrase('{name}', '{name}', { name: text });

/** The path of `subject`; `undefined` where the design data knows none. */
export function traceOf(subject: string, direction: Direction): TraceRow | undefined {
  const tile = TILES.find((one) => one.subject === subject);
  const label = tile?.name ?? subject.split('/').at(-1) ?? subject;
  const nodes = subject.startsWith('node/')
    ? [use(label, 'b01', 'A100 80GB', 7, 3)]
    : label === 'kueue' || label === 'Kueue'
      ? [
          ...CHAT_NODES,
          use('gpu-h100-12', 'a02', 'H100 80GB', 6, 2),
          use('gpu-h100-31', 'a04', 'H100 80GB', 8, 1),
          use('gpu-a100-07', 'b01', 'A100 80GB', 7, 7),
        ]
      : CHAT_NODES;
  if (tile === undefined && !subject.startsWith('node/')) return undefined;
  const apps = subject.startsWith('application/')
    ? [subject]
    : [
        'application/llm-prod/InferenceService/code-pilot',
        'application/llm-prod/InferenceService/chat-assist',
        'application/llm-batch/RayJob/embed-batch',
      ];
  const own = (layer: string, ids: string[]) => [
    ...new Set([...(tile?.layer === layer ? [subject] : ids)]),
  ];
  const models = [...new Set(nodes.map((node) => `accelerator/${node.model}`))];
  const stops: TraceStop[] = [
    {
      layer: 'workloads',
      tiles: own('workloads', apps),
      nodes: [],
      join: phrase('{count} pods {namespace}', '{count} pods {namespace}', {
        count: 4,
        namespace: 'llm-prod',
      }),
    },
    {
      layer: 'lifecycle',
      tiles: own('lifecycle', ['component/kserve']),
      nodes: [],
      join: phrase('InferenceService {model}', 'InferenceService {model}', {
        model: 'llama-3-70b',
      }),
    },
    {
      layer: 'platform',
      tiles: own('platform', ['component/kueue']),
      nodes: [],
      join: phrase('ClusterQueue {queue} admitted {at}', 'ClusterQueue {queue} 准入 {at}', {
        queue: 'inference',
        at: '09:14',
      }),
    },
    {
      layer: 'infrastructure',
      tiles: tile?.layer === 'infrastructure' ? [subject] : [],
      nodes,
      join: phrase('{one} + {other} GPUs', '{one} + {other} GPUs', { one: 8, other: 8 }),
    },
    { layer: 'hardware', tiles: own('hardware', models), nodes },
  ];
  const isFaulty = subject.includes('embed-batch') || subject.includes('a100-07');
  return {
    subject,
    direction,
    stops,
    crumbs: [
      name(label),
      phrase('{count} pods', '{count} pods', { count: 4 }),
      phrase('ClusterQueue {queue}', 'ClusterQueue {queue}', { queue: 'inference' }),
      phrase('{count} nodes', '{count} 节点', { count: nodes.length }),
      phrase('{count} GPUs', '{count} GPUs', {
        count: nodes.reduce((sum, node) => sum + node.gpus_used, 0),
      }),
    ],
    severity: isFaulty ? 'critical' : 'ok',
    faults: isFaulty ? 1 : 0,
    pods: 4,
    consequence: phrase(
      'Without {node}: {left} of {all} replicas stay.',
      '若失去 {node}：{all} 副本中保留 {left} 个。',
      {
        node: 'gpu-h100-45',
        left: 2,
        all: 4,
      },
    ),
  };
}
