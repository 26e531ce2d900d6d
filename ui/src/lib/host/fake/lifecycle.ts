/** The stages of the design data, and the one model that goes through them. */

import type { Bilingual, LifecycleModelRow, Row, StageRow, StageThing } from '$bindings/contract';
import { both, fact, said, thing, type Ground } from './survey';

const STAGES: readonly [string, Bilingual, readonly StageThing[]][] = [
  [
    'data_preparation',
    both('Data Preparation', '数据准备'),
    [thing('corpus-2026', 'Dataset.data.fluid.io', '78.0%')],
  ],
  ['feature_store', both('Feature Store', '特征库'), []],
  [
    'model_development',
    both('Model Development', '模型开发'),
    [
      thing('llama-ft-0417', 'TrainJob.trainer.kubeflow.org', 'running'),
      thing('llama-ft-0421', 'TrainJob.trainer.kubeflow.org', 'queued', 'notice'),
    ],
  ],
  [
    'model_storage',
    both('Model Storage', '模型存储'),
    [thing('llama-3-3-70b', 'LocalModelCache.serving.kserve.io', '8/10', 'notice')],
  ],
  [
    'model_serving',
    both('Model Serving', '模型服务'),
    [thing('chat-assist', 'InferenceService.serving.kserve.io', 'running')],
  ],
];

export function lifecycleRows(ground: Ground): (Row & { id: string })[] {
  const stages = STAGES.map(([stage, name, here]): StageRow => {
    const things = ground === 'whole' ? here : [];
    return {
      stage,
      name,
      counts: things.length === 0 ? [] : [said('stage_running', { count: things.length })],
      components: [],
      things: things.filter((one) => one.severity === 'ok'),
      total: things.length,
      stuck: things.filter((one) => one.severity !== 'ok'),
    };
  });
  const model: LifecycleModelRow = {
    model: 'llama-3.3-70b-instruct',
    name: 'meta-llama/Llama-3.3-70B-Instruct',
    also: ['llama-3.3-70b', 'hf://meta-llama/Llama-3.3-70B-Instruct'],
    severity: 'notice',
    stuck: {
      stage: 'model_storage',
      reason: said('model_fetched', { name: 'llama-3-3-70b', fill: '8/10' }),
    },
    stations: STAGES.flatMap(([stage, , here]) =>
      here.map((one) => ({
        stage,
        thing: one,
        link: fact(
          'Pod training/llama-ft-0417-node-0-0',
          'metadata.labels[model]',
          'llama-3.3-70b',
        ),
      })),
    ),
  };
  return [
    ...stages.map((row) => ({ id: row.stage, row: 'stage' as const, ...row })),
    ...(ground === 'whole' ? [{ id: 'model', row: 'lifecycle_model' as const, ...model }] : []),
  ];
}
