/** A part of the checklist of the design data, one requirement with a test. */

import type { Answer, Bilingual, Phrase, RequirementRow, Row } from '$bindings/contract';
import { both, fact, found, said, type Ground } from './survey';

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
