/** Jobs of the design data. */

import type {
  JobGroupRow,
  JobRow,
  JobState,
  JobSummaryRow,
  Phrase,
  Row,
  Severity,
  Topic,
} from '$bindings/contract';
import { ago } from './phrases';

const MINUTE = 60;
const phrase = (code: Phrase['code'], values: Phrase['values']): Phrase => ({ code, values });

/** name, kind, group, namespace, queue, GPUs, state, minutes queued, minutes run, minutes since the end. */
type Line = readonly [
  string,
  string,
  string,
  string,
  string,
  number,
  JobState,
  number,
  number,
  number,
];

const LINES: readonly Line[] = [
  [
    'llama-ft-0421',
    'TrainJob',
    'trainer.kubeflow.org',
    'research',
    'research',
    16,
    'queued',
    47,
    0,
    0,
  ],
  ['grpo-qwen3-32b', 'RayJob', 'ray.io', 'research', 'research', 32, 'queued', 192, 0, 0],
  ['vit-sweep-118', 'Experiment', 'kubeflow.org', 'vision', 'research', 8, 'queued', 31, 0, 0],
  ['nb-kchen', 'Notebook', 'kubeflow.org', 'notebooks', 'notebooks', 1, 'queued', 12, 0, 0],
  ['clip-dedupe-07', 'Job', 'batch', 'data-eng', 'batch', 4, 'queued', 8, 0, 0],
  [
    'asr-distil-v4',
    'TrainJob',
    'trainer.kubeflow.org',
    'speech',
    'training',
    8,
    'admitted',
    26,
    0,
    0,
  ],
  [
    'moe-router-abl',
    'PyTorchJob',
    'kubeflow.org',
    'research',
    'training',
    16,
    'starting',
    64,
    0,
    0,
  ],
  [
    'llama-pt-8b-r3',
    'TrainJob',
    'trainer.kubeflow.org',
    'foundation',
    'training',
    64,
    'running',
    14,
    1_680,
    0,
  ],
  [
    'qwen3-sft-0419',
    'TrainJob',
    'trainer.kubeflow.org',
    'llm-prod',
    'training',
    32,
    'running',
    38,
    248,
    0,
  ],
  ['embed-batch', 'RayJob', 'ray.io', 'llm-batch', 'batch', 8, 'running', 3, 131, 0],
  ['eval-suite-88', 'JobSet', 'jobset.x-k8s.io', 'research', 'research', 2, 'running', 5, 94, 0],
  [
    'reward-model-b2',
    'TrainJob',
    'trainer.kubeflow.org',
    'research',
    'research',
    16,
    'running',
    71,
    203,
    0,
  ],
  ['mm-pretrain-s2', 'MPIJob', 'kubeflow.org', 'vision', 'training', 32, 'running', 120, 238, 0],
  ['ray-tune-price', 'RayCluster', 'ray.io', 'forecast', 'research', 8, 'running', 11, 322, 0],
  ['rag-reindex-1123', 'Workflow', 'argoproj.io', 'llm-prod', 'batch', 1, 'running', 2, 44, 0],
  ['price-sweep', 'JobSet', 'jobset.x-k8s.io', 'forecast', 'research', 4, 'suspended', 95, 0, 0],
  [
    'llama-ft-0420',
    'TrainJob',
    'trainer.kubeflow.org',
    'research',
    'research',
    16,
    'failed',
    22,
    61,
    100,
  ],
  ['ocr-finetune-5', 'PyTorchJob', 'kubeflow.org', 'docs-ai', 'training', 8, 'failed', 6, 12, 110],
  ['bge-m3-refresh', 'Job', 'batch', 'llm-batch', 'batch', 4, 'succeeded', 4, 39, 70],
  [
    'eval-suite-87',
    'JobSet',
    'jobset.x-k8s.io',
    'research',
    'research',
    2,
    'succeeded',
    18,
    88,
    120,
  ],
];

const REASONS: Readonly<Record<string, [Severity, JobRow['reason']]>> = {
  'llama-ft-0421': [
    'warning',
    phrase('queued_short', {
      amount: { text: '3' },
      resource: { text: 'nvidia.com/gpu' },
      flavor: { text: 'h100' },
      waited: { seconds: 47 * MINUTE },
    }),
  ],
  'moe-router-abl': [
    'warning',
    phrase('pod_unschedulable', {
      message: { text: '0/64 nodes are available: 64 Insufficient nvidia.com/gpu' },
    }),
  ],
  'embed-batch': ['warning', phrase('pod_node_lost', { node: { text: 'gpu-a100-05' } })],
  'llama-ft-0420': ['critical', phrase('pod_evicted', { node: { text: 'gpu-h100-18' } })],
  'ocr-finetune-5': [
    'critical',
    phrase('pod_out_of_memory', { container: { text: 'trainer' }, restarts: { number: 3 } }),
  ],
};

function row(line: Line, lines: readonly Line[]): JobRow {
  const [name, kind, group, namespace, queue, gpus, state, queued, run, end] = line;
  const [severity, reason] = REASONS[name] ?? ['ok', undefined];
  const isOver = state === 'failed' || state === 'succeeded';
  const waiting = lines.filter((other) => other[6] === 'queued' && other[4] === queue);
  return {
    kind,
    group,
    namespace,
    name,
    state,
    severity: state === 'suspended' ? 'paused' : severity,
    ...(reason === undefined ? {} : { reason }),
    is_lasting: kind === 'RayCluster' || kind === 'Notebook',
    ...(state === 'running' ? { ready: { ready: 2, desired: 2 } } : {}),
    gpus_asked: gpus,
    gpus_held: state === 'running' ? gpus : 0,
    queue,
    ...(state === 'queued'
      ? { position: { at: waiting.indexOf(line) + 1, of: waiting.length } }
      : {}),
    priority: gpus > 8 ? 'research-high' : '',
    owner: namespace === 'research' ? 'm.ferrari' : '',
    queued_at: ago((queued + run + end) * MINUTE),
    ...(run > 0 ? { started_at: ago((run + end) * MINUTE) } : {}),
    ...(isOver ? { finished_at: ago(end * MINUTE) } : {}),
    retries: name === 'ocr-finetune-5' ? 3 : 0,
    evictions: name === 'llama-ft-0420' ? 1 : 0,
  };
}

/** Those that are in the cluster. */
export const JOBS: readonly JobRow[] = LINES.map((line) => row(line, LINES));

/** Jobs that ended or were deleted, and are no longer in the cluster. */
export const GONE: readonly JobRow[] = (
  [
    [
      'eval-suite-86',
      'JobSet',
      'jobset.x-k8s.io',
      'research',
      'research',
      2,
      'succeeded',
      9,
      74,
      250,
    ],
    [
      'llama-ft-0419',
      'TrainJob',
      'trainer.kubeflow.org',
      'research',
      'research',
      16,
      'failed',
      31,
      48,
      190,
    ],
    ['rag-reindex-1122', 'Workflow', 'argoproj.io', 'llm-prod', 'batch', 1, 'running', 3, 95, 140],
    ['embed-batch-19', 'RayJob', 'ray.io', 'llm-batch', 'batch', 8, 'running', 4, 52, 215],
  ] satisfies Line[]
).map((line) => {
  const [name, , , , , , last, , , end] = line;
  const isOver = last !== 'running';
  const seen = row(line, []);
  return {
    ...seen,
    state: isOver ? last : 'unknown',
    severity: isOver ? seen.severity : 'unknown',
    gpus_held: 0,
    ...(name === 'llama-ft-0419'
      ? {
          severity: 'critical',
          reason: phrase('pod_out_of_memory', {
            container: { text: 'node' },
            restarts: { number: 3 },
          }),
        }
      : {}),
    finished_at: ago(end * MINUTE),
    gone: {
      last,
      ...(isOver
        ? {}
        : { [name === 'embed-batch-19' ? 'seen_at' : 'missed_at']: ago(end * MINUTE) }),
    },
  };
});

const idOf = (job: JobRow) =>
  `${job.namespace}/${job.kind}.${job.group}/${job.name}${job.gone === undefined ? '' : `@${job.name}`}`;

/** The jobs that `topic` asks for, with heads where they are grouped, and how many they are. */
export function jobsOf(topic: Extract<Topic, { topic: 'jobs' }>): {
  rows: { id: string; row: Row }[];
  total: number;
} {
  const asked = [...JOBS, ...(topic.past === null ? [] : GONE)].filter(
    (job) =>
      (topic.states.length === 0 || topic.states.includes(job.state)) &&
      (topic.namespaces.length === 0 || topic.namespaces.includes(job.namespace)) &&
      `${job.name} ${job.kind} ${job.owner}`.toLowerCase().includes(topic.filter.toLowerCase()),
  );
  const lines: { id: string; row: Row }[] = [];
  const named = (job: JobRow) => (topic.group === null ? '' : job[topic.group]);
  const beside = JOBS.filter((job) => topic.lanes.includes(job.state));
  const groups = topic.group === null ? [''] : [...new Set([...asked, ...beside].map(named))];
  // What is in no group stands last.
  groups.sort(
    (left, right) => Number(left === '') - Number(right === '') || (left < right ? -1 : 1),
  );
  for (const name of groups) {
    const members = asked.filter((job) => topic.group === null || named(job) === name);
    if (topic.group !== null) {
      const head: JobGroupRow = {
        name,
        jobs: members.length,
        running: members.filter(({ state }) => state === 'running').length,
        waiting: members.filter(({ state }) => state === 'queued').length,
        gpus_held: members.reduce((sum, job) => sum + job.gpus_held, 0),
      };
      lines.push({ id: `group/${name}`, row: { row: 'job_group', ...head } });
    }
    lines.push(...members.map((job) => ({ id: idOf(job), row: { row: 'job' as const, ...job } })));
    const inLane = beside.filter((job) => named(job) === name);
    const longest = Math.max(
      0,
      ...topic.lanes.map((lane) => inLane.filter(({ state }) => state === lane).length),
    );
    for (let at = members.length; at < longest; at += 1) {
      lines.push({ id: `room/${name}/${at.toString()}`, row: { row: 'job_room', group: name } });
    }
  }
  const { first, count } = topic.window;
  return { rows: lines.slice(first, first + count), total: lines.length };
}

/** How many jobs are in which state. */
export function jobSummary(): JobSummaryRow {
  const states = [...new Set(JOBS.map(({ state }) => state))];
  return {
    states: states.map((state) => ({
      state,
      jobs: JOBS.filter((job) => job.state === state).length,
    })),
    loading: false,
    forbidden: [],
    namespaces: [],
    wait_median_seconds: 9 * MINUTE,
    wait_p95_seconds: 124 * MINUTE,
  };
}
