/** The map of the design data: a cluster that serves most, one that has nothing, one that may not be read. */

import type {
  Bilingual,
  CapabilityRow,
  Phrase,
  RelationRow,
  Row,
  Severity,
  Standing,
} from '$bindings/contract';
import { both, fact, LISTS, looked, said, thing, type Ground } from './survey';

const CAPABILITIES: readonly [string, Bilingual, Standing, string][] = [
  ['general_orchestration', both('General Orchestration', '通用编排'), 'served', 'Kueue'],
  ['model_delivery', both('Model Delivery (CI/CD)', '模型交付（CI/CD）'), 'served', 'Argo CD'],
  ['distributed_training', both('Distributed Training', '分布式训练'), 'served', 'KubeRay'],
  ['model_serving', both('Model Serving', '模型服务'), 'degraded', 'KServe'],
  ['data_science', both('Data Science', '数据科学'), 'served', 'JupyterHub'],
  ['automl', both('AutoML', '自动机器学习'), 'missing', 'Katib'],
  ['data_storage', both('Data Storage', '数据存储'), 'degraded', 'Rook'],
  ['vector_databases', both('Vector Databases', '向量数据库'), 'served', 'Milvus'],
  ['data_architecture', both('Data Architecture', '数据架构'), 'partly', 'Fluid'],
  [
    'workloads_observability',
    both('Workloads Observability', '工作负载可观测性'),
    'served',
    'Prometheus',
  ],
  [
    'model_observability',
    both('Model/LLM Observability', '模型/LLM 可观测性'),
    'served',
    'Langfuse',
  ],
  ['governance_policy', both('Governance & Policy', '治理与策略'), 'served', 'Kyverno'],
];

const BAD: Partial<Record<Standing, Severity>> = { degraded: 'warning', unknown: 'unknown' };

function capability(ground: Ground, at: number): CapabilityRow {
  const [id, name, usual, component] = CAPABILITIES[at] ?? ['', both('', ''), 'unknown', ''];
  const standing = ground === 'whole' ? usual : ground === 'bare' ? 'missing' : 'unknown';
  const is = standing === 'served' || standing === 'degraded';
  const reasons: Record<Standing, Phrase> = {
    served: said('survey_served', { count: 3 }),
    degraded: said('component_unwell', { name: component }),
    partly: said('survey_claimed', { name: component }),
    missing: said('survey_missing'),
    unknown: said('survey_unlisted', { kinds: LISTS.join(', ') }),
  };
  const object = `Deployment.apps ${id.replaceAll('_', '-')}/${component.toLowerCase()}`;
  return {
    capability: id,
    name,
    standing,
    severity: BAD[standing] ?? 'ok',
    reason: reasons[standing],
    figures: is
      ? [{ said: said('stage_running', { count: 7 }), source: said('stage_done', { count: 2 }) }]
      : [],
    components: is
      ? [
          {
            subject: `component/${component.toLowerCase()}`,
            name: component,
            severity: BAD[standing] ?? 'ok',
            ready: { ready: standing === 'degraded' ? 1 : 2, desired: 2 },
            version: '2.4.1',
          },
        ]
      : [],
    candidates:
      standing === 'missing' || standing === 'partly'
        ? [
            {
              name: component,
              description: both('What would serve it.', '可提供该能力的组件。'),
              home: 'https://example.org',
              requires: [{ name: 'cert-manager', is_present: ground === 'whole' }],
            },
          ]
        : [],
    things: is ? [thing('chat-assist', 'InferenceService.serving.kserve.io', 'running')] : [],
    total: is ? 1 : 0,
    evidence:
      standing === 'unknown'
        ? []
        : is
          ? [fact(object, 'status.readyReplicas', standing === 'degraded' ? '1 / 2' : '2 / 2')]
          : looked(),
  };
}

const G = 'general_orchestration';
const RELATIONS: readonly [string, Bilingual, string][] = [
  [G, both('Automates', '自动化'), 'model_delivery'],
  [G, both('Enables', '支撑'), 'distributed_training'],
  [G, both('Provides infra for', '提供基础设施'), 'model_serving'],
  [G, both('Enables scalable', '支撑规模化'), 'data_science'],
  [G, both('Facilitates', '促进'), 'data_storage'],
  [G, both('Enhances', '增强'), 'model_observability'],
  [G, both('Enables', '支撑'), 'workloads_observability'],
  ['model_serving', both('Deploys', '部署'), 'data_science'],
  ['automl', both('Automates', '自动化'), 'data_science'],
  ['vector_databases', both('Implements', '实现'), 'data_storage'],
  ['data_architecture', both('Affects', '影响'), 'data_storage'],
  ['model_observability', both('Depends on', '依赖'), 'workloads_observability'],
];

export function mapRows(ground: Ground): (Row & { id: string })[] {
  const capabilities = CAPABILITIES.map((_, at) => capability(ground, at));
  const stands = (id: string) =>
    ['served', 'degraded'].includes(
      capabilities.find((row) => row.capability === id)?.standing ?? '',
    );
  const relations = RELATIONS.map(([from, does, to], at): RelationRow => {
    const [one, other] = [stands(from), stands(to)];
    const ends = one ? (other ? 'both' : 'only_from') : other ? 'only_to' : 'neither';
    return {
      number: at + 1,
      from,
      does,
      to,
      stands: ground === 'forbidden' ? 'unknown' : ends,
      evidence: capabilities
        .filter((row) => row.capability === from || row.capability === to)
        .flatMap((row) => row.evidence.slice(0, 1)),
    };
  });
  return [
    ...capabilities.map((row) => ({ id: row.capability, row: 'capability' as const, ...row })),
    ...relations.map((row) => ({ id: `r${row.number}`, row: 'relation' as const, ...row })),
  ];
}
