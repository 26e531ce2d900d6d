/** The needs of the design data. */

import type { Answer, Bilingual, NeedRow, Phrase, Row } from '$bindings/contract';
import { both, fact, found, said, type Ground } from './survey';

const NEEDS: readonly [string, Bilingual, Answer, Phrase][] = [
  [
    'computational_power',
    both('Computational power', '计算能力'),
    'met',
    said('need_accelerators', { count: 160, models: '80 × H100 80GB HBM3, 48 × A100-SXM4-80GB' }),
  ],
  [
    'data_volume',
    both('Data volume and diversity', '数据量与多样性'),
    'met',
    said('need_data_held', { names: 'Rook, Fluid, Milvus' }),
  ],
  [
    'training',
    both('Model training and fine-tuning', '模型训练与微调'),
    'met',
    said('need_training', { operators: 'Kubeflow Trainer, KubeRay', gangs: 'Kueue' }),
  ],
  [
    'scalability',
    both('Scalability and elasticity', '可扩展性与弹性'),
    'partly',
    said('need_elastic_pods'),
  ],
  [
    'storage',
    both('Storage and throughput', '存储与吞吐'),
    'met',
    said('need_storage_shared', { count: 3, names: 'ceph-filesystem, juicefs' }),
  ],
  ['networking', both('Networking', '网络'), 'unknown', said('need_network_untold')],
];

export function needRows(ground: Ground): (Row & { id: string })[] {
  return NEEDS.map(([need, name, answer, reason]) => {
    const node = fact('Node gpu-h100-01', 'status.allocatable[nvidia.com/gpu]', '8', 900_000);
    const wanted = both('What the whitepaper asks for', '白皮书的要求');
    const side = { wanted, found: found(ground, answer, reason, [node]) };
    const row: NeedRow = { need, name, generative: side, predictive: side };
    return { id: need, row: 'need' as const, ...row };
  });
}
