/** The map of the design data: a cluster that serves most, one that has nothing, one that may not be read. */

import type {
  Answer,
  Assessment,
  Bilingual,
  CapabilityRow,
  Evidence,
  LifecycleModelRow,
  NeedRow,
  Phrase,
  PhraseCode,
  PhraseValue,
  RelationRow,
  RequirementRow,
  Row,
  Severity,
  StageRow,
  StageThing,
  Standing,
} from '$bindings/contract';
import { ago } from './phrases';

/** Which cluster the scene is about. */
export type Ground = 'whole' | 'bare' | 'forbidden';

const both = (en: string, zh: string): Bilingual => ({ en, zh });

export function said(code: PhraseCode, values: Record<string, string | number> = {}): Phrase {
  const filled = Object.entries(values).map(([name, value]): [string, PhraseValue] => [
    name,
    typeof value === 'number' ? { number: value } : { text: value },
  ]);
  return { code, values: Object.fromEntries(filled) };
}

/** A fact of an object, written as `Kind.group namespace/name`. */
export function fact(object: string, field: string, value: string, seconds = 86_400): Evidence {
  const [kinds = '', path = ''] = object.split(' ');
  const [kind = '', ...group] = kinds.split('.');
  const [namespace, name] = path.includes('/') ? path.split('/') : ['', path];
  return {
    group: group.join('.'),
    kind,
    namespace: namespace ?? '',
    name: name ?? '',
    field,
    value,
    since: ago(seconds),
  };
}

const LISTS = ['Deployment.apps', 'DaemonSet.apps', 'StatefulSet.apps'];
const looked = () => LISTS.map((kind) => fact(kind, 'items[]', 'none of these', 40));

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

function thing(name: string, kind: string, phase: string, severity: Severity = 'ok'): StageThing {
  return {
    name,
    severity,
    phase,
    since: ago(40_000),
    is_job: kind.startsWith('TrainJob') || kind.startsWith('Job'),
    evidence: fact(`${kind} llm-prod/${name}`, 'status.conditions[Ready]', 'True', 40_000),
  };
}

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

function found(ground: Ground, answer: Answer, reason: Phrase, evidence: Evidence[]): Assessment {
  if (ground === 'whole') return { answer, reason, evidence };
  return ground === 'bare'
    ? { answer: 'not_met', reason: said('survey_missing'), evidence: looked() }
    : { answer: 'unknown', reason: said('survey_unlisted', { kinds: 'Node' }), evidence: [] };
}

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

const REQUIREMENTS: readonly [string, Bilingual, 'must' | 'should', Answer, Phrase][] = [
  [
    'ai_inference',
    both('Gateway API for inference', '面向推理的 Gateway API'),
    'must',
    'met',
    said('gateway_accepted', { classes: 'envoy, kgateway' }),
  ],
  [
    'gang_scheduling',
    both('Gang scheduling', '成组调度'),
    'must',
    'met',
    said('survey_able', { names: 'Kueue, Volcano' }),
  ],
  [
    'pod_autoscaling',
    both('Pod autoscaling', 'Pod 自动扩缩'),
    'must',
    'partly',
    said('hpa_resource'),
  ],
  [
    'secure_accelerator_access',
    both('Secure accelerator access', '加速器安全访问'),
    'must',
    'unknown',
    said('access_mediated'),
  ],
  ['gpu_sharing', both('GPU sharing', 'GPU 共享'), 'should', 'not_met', said('gpu_not_shared')],
];

const TEST_OF_GANGS: NonNullable<RequirementRow['test']> = {
  manifest:
    'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: strata-gang-fits\n  namespace: llm-prod\n',
  jobs: [
    {
      group: 'batch',
      kind: 'Job',
      namespace: 'llm-prod',
      name: 'strata-gang-fits',
      expected: 'completes',
    },
    {
      group: 'batch',
      kind: 'Job',
      namespace: 'llm-prod',
      name: 'strata-gang-too-large',
      expected: 'stays_held',
    },
  ],
  shows: both(
    'Three pods started together and completed; a gang of 129 that cannot fit started none.',
    '三个 Pod 一同启动并完成；容纳不下的 129 个 Pod 的一组一个也未启动。',
  ),
  takes: both(
    'Three small pods in the queue inference for half a minute.',
    '在队列 inference 中运行三个小 Pod 约半分钟。',
  ),
  leaves_open: both(
    'Other queues, and other solutions beside Kueue.',
    '其他队列，以及 Kueue 之外的方案。',
  ),
  minutes: 6,
};

export function conformanceRows(ground: Ground): (Row & { id: string })[] {
  const rows = REQUIREMENTS.map(([requirement, name, level, answer, reason]): RequirementRow => {
    const proof = [fact('Deployment.apps kueue-system/kueue', 'status.readyReplicas', '1 / 1')];
    const hasTest = requirement === 'gang_scheduling' && ground === 'whole';
    return {
      requirement,
      area: 'schedulingOrchestration',
      area_name: both('Scheduling & Orchestration', '调度与编排'),
      name,
      description: 'The words of the checklist stand here, as it has them.',
      level,
      found: found(ground, answer, reason, answer === 'unknown' ? [] : proof),
      tested: 'Install a gang scheduling solution on the cluster. Submit a distributed workload.',
      ...(hasTest
        ? { test: TEST_OF_GANGS }
        : {
            untested: {
              is_lacking: requirement === 'gang_scheduling',
              said: both(
                'a queue of Kueue that takes jobs, and a node that offers accelerators',
                '可接收作业的 Kueue 队列，以及提供加速器的节点',
              ),
            },
          }),
    };
  });
  return [
    {
      id: 'checklist',
      row: 'checklist' as const,
      kubernetes: '1.36',
      server: 'v1.36.2',
      complete: ground !== 'forbidden',
    },
    ...rows.map((row) => ({ id: row.requirement, row: 'requirement' as const, ...row })),
  ];
}
