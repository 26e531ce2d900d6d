/** Served models of the design data: what can be tried, an answer that comes, a load test that runs. */

import type {
  AnswerRow,
  AskModel,
  ByHand,
  LoadFigure,
  LoadMeasure,
  LoadTestRow,
  ModelServerRow,
  OneTrial,
  Row,
  ServedModels,
  StartLoadTest,
} from '$bindings/contract';
import { apiError } from '../host';

const SERVERS: readonly ModelServerRow[] = [
  {
    group: 'serving.kserve.io',
    kind: 'InferenceService',
    namespace: 'llm-prod',
    name: 'chat-assist',
    engine: 'vLLM',
    is_certain: true,
    models: ['meta-llama/Llama-3.3-70B-Instruct'],
    pods: { ready: 4, desired: 4 },
    severity: 'ok',
    traffic: { running: 18, waiting: 0, tokens_per_second: 1_420, age_seconds: 4 },
  },
  {
    group: 'serving.kserve.io',
    kind: 'InferenceService',
    namespace: 'llm-prod',
    name: 'code-pilot',
    engine: 'vLLM',
    is_certain: true,
    models: ['Qwen/Qwen3-30B-A3B'],
    pods: { ready: 5, desired: 6 },
    severity: 'warning',
    traffic: { running: 41, waiting: 3, tokens_per_second: 3_900, age_seconds: 4 },
  },
  {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'llm-lab',
    name: 'qwen3-8b',
    engine: 'SGLang',
    is_certain: true,
    models: ['Qwen/Qwen3-8B'],
    pods: { ready: 1, desired: 1 },
    severity: 'ok',
  },
  {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'llm-lab',
    name: 'triton-llm',
    engine: 'NVIDIA Triton Inference Server',
    is_certain: false,
    models: [],
    pods: { ready: 0, desired: 1 },
    severity: 'warning',
  },
];

const TEXT = `The scheduler places a pod only where every requested GPU is free on one node.

1. Look at the queue: what waits, and for which quota.
2. Look at the nodes: which have eight free GPUs in one NVLink domain.
3. If none has, something must move, or the job must ask for less.

<b>Markup stays text</b>, whatever a model writes.`;

/** What was started, by its number. */
const trials = new Map<string, { began: number; stopped?: number; load?: StartLoadTest }>();

export function modelServers(scene: string, filter: string): ModelServerRow[] {
  if (scene === 'empty') return [];
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return SERVERS.filter((row) =>
    words.every((word) =>
      [row.name, row.namespace, row.kind, row.engine, ...row.models]
        .join(' ')
        .toLowerCase()
        .includes(word),
    ),
  );
}

export function servedModels(scene: string, name: string): ServedModels {
  if (scene === 'forbidden') {
    throw apiError(
      'forbidden',
      'the permission is missing: create pods/portforward in namespace llm-prod, or create pods/proxy in namespace llm-prod',
    );
  }
  const row = SERVERS.find((one) => one.name === name);
  if (row === undefined) {
    throw apiError('not_found', `InferenceService ${name} is not there`);
  }
  if (row.pods.ready === 0) {
    throw apiError('unavailable', `no pod of ${row.kind} ${row.namespace}/${row.name} is ready`);
  }
  return {
    models: row.models.map((id) => ({ id, context_tokens: 32_768 })),
    are_told: true,
    pod: `${row.name}-predictor-7d9f8b6c5d-2kq8d`,
    pods: row.pods.ready,
    port: 8080,
    way: 'forwarded',
    base: '/v1',
    wants_key: scene === 'key',
    ...(scene === 'key' ? { secret: { name: 'llm-key', field: 'api-key' } } : {}),
  };
}

export function begin(scene: string, load?: StartLoadTest): OneTrial {
  if (load !== undefined && scene === 'protected') {
    throw apiError(
      'forbidden',
      'a load test takes a context that is not protected, or is unlocked',
    );
  }
  const trial = (trials.size + 1).toString();
  trials.set(trial, { began: Date.now(), ...(load === undefined ? {} : { load }) });
  return { trial };
}

export function stop(trial: string): void {
  const known = trials.get(trial);
  if (known !== undefined) known.stopped ??= Date.now();
}

export function byHand(asked: AskModel): ByHand {
  const body = JSON.stringify({ model: asked.model, prompt: asked.prompt, stream: true });
  return {
    forward: `kubectl --context prod-fra port-forward -n ${asked.server.namespace} pod/${asked.server.name}-predictor-7d9f8b6c5d-2kq8d 8080:8080`,
    curl: `curl http://localhost:8080/v1/chat/completions \\\n  --no-buffer \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`,
  };
}

/** An answer as far as it has come by now. */
export function answerRows(scene: string, trial: string): { id: string; row: Row }[] {
  const known = trials.get(trial);
  if (known === undefined) return [];
  const seconds = ((known.stopped ?? Date.now()) - known.began) / 1000;
  const tokens = TEXT.split(/(?<=\s)/);
  const first = 0.32;
  const failsAt = scene === 'broken' ? 20 : Infinity;
  const came = Math.max(0, Math.min(tokens.length, failsAt, Math.floor((seconds - first) * 24)));
  const isBroken = came >= failsAt;
  const isDone = came >= tokens.length;
  const state =
    known.stopped !== undefined && !isDone
      ? 'stopped'
      : isBroken
        ? 'failed'
        : isDone
          ? 'done'
          : came > 0
            ? 'running'
            : 'waiting';
  const answer: AnswerRow = {
    state,
    pod: 'chat-assist-predictor-7d9f8b6c5d-2kq8d',
    way: 'forwarded',
    model: 'meta-llama/Llama-3.3-70B-Instruct',
    finish_reason: state === 'done' ? 'stop' : '',
    is_cut: false,
    times: {
      connect_seconds: 0.046,
      total_seconds: Math.min(seconds, first + came / 24),
      ...(came > 0 ? { first_token_seconds: first } : {}),
      ...(came > 1 ? { per_token_seconds: 1 / 24, tokens_per_second: 24 } : {}),
    },
    tokens: { output: came, is_told: isDone, ...(isDone ? { prompt: 41 } : {}) },
    ...(isBroken
      ? {
          fault: {
            kind: 'broken_off' as const,
            said: 'the connection to port 8080 of Pod llm-prod/chat-assist-predictor broke off',
          },
        }
      : {}),
  };
  const text = tokens.slice(0, came).join('');
  return [
    { id: 'answer', row: { row: 'answer', ...answer } },
    ...(text === ''
      ? []
      : [{ id: '0', row: { row: 'answer_piece' as const, text, is_reasoning: false } }]),
  ];
}

function figure(measure: LoadMeasure, middle: number, count: number): LoadFigure {
  const [least, most] = [middle * 0.55, middle * 3.2];
  const wide = (most - least) / 24;
  return {
    measure,
    count,
    mean: middle * 1.12,
    least,
    p50: middle,
    p90: middle * 1.7,
    p99: middle * 2.9,
    most,
    buckets: Array.from({ length: 24 }, (_, at) => {
      const value = Math.log((least + (at + 0.5) * wide) / middle) / 0.36;
      return {
        from: least + at * wide,
        to: least + (at + 1) * wide,
        count: Math.round(count * 0.16 * Math.exp((-value * value) / 2)),
      };
    }),
  };
}

/** A load test as far as it has come by now. */
export function loadRow(trial: string): LoadTestRow | undefined {
  const known = trials.get(trial);
  if (known?.load === undefined) return undefined;
  const { load, server } = known.load;
  const isHere = server.cluster === '';
  const seconds = ((known.stopped ?? Date.now()) - known.began) / 1000;
  const done = Math.min(load.requests, Math.floor(seconds * 18));
  const failed = done > 30 ? 2 : 0;
  const isDone = done >= load.requests;
  const elapsed = Math.min(seconds, load.requests / 18);
  return {
    state: isDone ? 'done' : known.stopped !== undefined ? 'stopped' : 'running',
    load,
    began: new Date(known.began).toISOString(),
    pods: isHere ? 1 : 4,
    way: isHere ? 'here' : 'forwarded',
    answered: done - failed,
    failed,
    in_flight: isDone || known.stopped !== undefined ? 0 : load.concurrency,
    elapsed_seconds: elapsed,
    requests_per_second: (done - failed) / Math.max(0.1, elapsed),
    output_tokens: (done - failed) * 118,
    output_tokens_per_second: ((done - failed) * 118) / Math.max(0.1, elapsed),
    prompt_tokens: (done - failed) * load.prompt_tokens,
    are_tokens_told: true,
    figures:
      done < 2
        ? []
        : [
            figure('first_token', 0.214, done),
            figure('per_token', 0.0192, done),
            figure('whole', 2.46, done),
            figure('between_pieces', 0.0187, done * 117),
          ],
    faults:
      failed === 0
        ? []
        : [
            {
              fault: { kind: 'throttled', said: 'HTTP 429: too many requests, retry after 2 s' },
              count: failed,
            },
          ],
  };
}
