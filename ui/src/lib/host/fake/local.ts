/** Containers and models of this machine, of the design data: what is begun, stopped or removed stays so. */

import type {
  Check,
  LocalBeginning,
  LocalContainer,
  LocalContainers,
  LocalPlace,
  LocalRun,
  LocalRuntimeKind,
  LocalRuntimes,
  OneLocalContainer,
  Phrase,
  PhraseCode,
  RunLocally,
  ServedModels,
  SizingInputs,
} from '$bindings/contract';
import { apiError } from '../host';
import { plan, render } from './filled';
import { ago } from './phrases';

const GIB = 1024 ** 3;
/** How long fetching takes here, in milliseconds. */
const FETCHING = 40_000;

const PLACES: readonly LocalPlace[] = [
  { kind: 'docker', place: '/var/run/docker.sock', state: 'absent', group: '' },
  { kind: 'podman', place: '/run/podman/podman.sock', state: 'absent', group: '' },
  { kind: 'podman', place: '/run/user/1000/podman/podman.sock', state: 'absent', group: '' },
  { kind: 'ollama', place: 'http://127.0.0.1:11434', state: 'absent', group: '' },
];

const containers: Record<LocalRuntimeKind, LocalContainer[]> = {
  docker: [
    {
      name: 'llama-3-8b',
      image: 'vllm/vllm-openai:v0.24.0',
      is_running: true,
      status: 'Up 2 hours',
      ports: [8000],
      recipe: 'vllm',
      gpus: 1,
      made_at: ago(8_040),
    },
    {
      name: 'embeddings',
      image: 'ghcr.io/huggingface/text-embeddings-inference:1.9',
      is_running: false,
      status: 'Exited (1) 26 minutes ago',
      exit_code: 1,
      ports: [],
      recipe: 'image',
      gpus: 1,
      made_at: ago(3_000),
    },
    {
      name: 'qdrant',
      image: 'qdrant/qdrant:v1.17.0',
      is_running: true,
      status: 'Up 5 days',
      ports: [6333, 6334],
      recipe: 'qdrant',
      gpus: 0,
      made_at: ago(432_000),
    },
  ],
  podman: [],
  ollama: [
    {
      name: 'qwen3:8b',
      image: '4.9 GiB',
      is_running: true,
      status: 'loaded on the GPU',
      ports: [],
      recipe: '',
      made_at: ago(172_800),
    },
    {
      name: 'gemma3:1b',
      image: '0.8 GiB',
      is_running: false,
      status: 'on disk',
      ports: [],
      recipe: '',
      made_at: ago(1_209_600),
    },
  ],
};

/** What is being fetched since when, by runtime. */
const begun: {
  runtime: LocalRuntimeKind;
  name: string;
  at: number;
  run: LocalRun;
  /** When it was called off; absent while it goes on. */
  calledOff?: number;
}[] = [];

/** A sentence of the engine's. */
function said(code: PhraseCode, values: Record<string, string | number> = {}): Phrase {
  const filled = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' ? { number: value } : { text: value },
  ]);
  return { code, values: Object.fromEntries(filled) as Phrase['values'] };
}

export function localRuntimes(scene: string): LocalRuntimes {
  if (scene === 'none') return { runtimes: [], places: [...PLACES] };
  if (scene === 'forbidden') {
    return {
      runtimes: [],
      places: PLACES.map((place, at) =>
        at === 0 ? { ...place, state: 'forbidden', group: 'docker' } : place,
      ),
    };
  }
  return {
    runtimes: [
      { kind: 'docker', version: '29.1.0', place: '/var/run/docker.sock', has_gpus: true },
      { kind: 'ollama', version: '0.13.0', place: 'http://127.0.0.1:11434', has_gpus: true },
    ],
    places: PLACES.map((place) =>
      place.kind === 'podman' ? place : { ...place, state: 'answers' },
    ),
  };
}

export function localContainers(scene: string, runtime: LocalRuntimeKind): LocalContainers {
  if (scene === 'failed' && runtime === 'docker') {
    throw apiError('unavailable', 'the containers: the daemon is shutting down');
  }
  if (scene === 'empty') return { containers: [], beginnings: [] };
  const done = begun.filter(
    ({ at, calledOff }) => calledOff === undefined && Date.now() - at > FETCHING,
  );
  for (const one of done) {
    begun.splice(begun.indexOf(one), 1);
    containers[one.runtime].push({
      name: one.name,
      image: one.run.image,
      is_running: true,
      status: 'Up 1 second',
      ports: one.run.ports,
      recipe: 'vllm',
      gpus: one.run.gpus,
      made_at: ago(0),
    });
  }
  const beginnings = begun
    .filter((one) => one.runtime === runtime)
    .map(({ name, at, calledOff }): LocalBeginning => {
      const total = 9.4 * GIB;
      const share = Math.min(1, ((calledOff ?? Date.now()) - at) / FETCHING);
      return {
        name,
        stage: calledOff !== undefined ? 'called_off' : share < 0.95 ? 'pulling' : 'starting',
        status: calledOff === undefined ? 'Downloading' : '',
        done_bytes: Math.round(total * share),
        total_bytes: total,
      };
    });
  return { containers: [...containers[runtime]], beginnings };
}

export function runLocally(request: RunLocally): LocalRun {
  const rendered = render(request.recipe);
  const name = rendered.release;
  const run: LocalRun = {
    errors: rendered.errors,
    name,
    image: 'vllm/vllm-openai:v0.24.0',
    ports: [8000],
    gpus: 1,
    notes: [],
    command: '',
    configuration: '',
    checks: [],
    is_begun: false,
  };
  if (rendered.errors.length > 0) return run;
  const runtime = request.runtime ?? 'docker';
  const { model: given } = request.recipe.values;
  const model = typeof given === 'string' ? given : '';
  if (runtime === 'ollama' && request.recipe.recipe !== 'ollama') {
    return {
      ...run,
      runtime,
      obstacle: said('local_not_ollama', { recipe: request.recipe.recipe }),
    };
  }
  const isTaken = containers.docker.some(
    ({ ports, is_running: isRunning }) => isRunning && ports.includes(8000),
  );
  if (request.intent === 'apply') {
    begun.push({ runtime, name, at: Date.now(), run });
    return { ...run, runtime, is_begun: true };
  }
  return {
    ...run,
    runtime,
    notes: [said('local_variable_left_out', { name: 'HF_TOKEN' })],
    command:
      `docker run --detach --name ${name} --label strata.dev/recipe=vllm --publish 127.0.0.1:8000:8000` +
      ` --volume strata-${name}-cache:/cache --shm-size 17179869184 --device nvidia.com/gpu=0` +
      ` vllm/vllm-openai:v0.24.0 --model=${model}`,
    configuration: configuration(name, model),
    checks: [
      {
        subject: 'runtime',
        state: 'ok',
        sentence: said('check_runtime', {
          runtime: 'Docker',
          version: '29.1.0',
          place: '/var/run/docker.sock',
        }),
        details: [],
      },
      {
        subject: 'image',
        state: 'ok',
        sentence: said('check_image_fetched', { image: run.image }),
        details: [],
      },
      isTaken
        ? {
            subject: 'port',
            state: 'failed',
            sentence: said('check_port_taken', { count: 1, ports: '8000' }),
            remedy: said('check_port_remedy'),
            details: [],
          }
        : {
            subject: 'port',
            state: 'ok',
            sentence: said('check_ports', { count: 1, ports: '8000' }),
            details: [],
          },
      {
        subject: 'gpu',
        state: 'ok',
        sentence: said('check_gpu_cdi', { count: 1 }),
        details: [],
      },
      ...(rendered.sizing === null ? [] : [fit(rendered.sizing)]),
      {
        subject: 'disk',
        state: 'ok',
        sentence: {
          code: 'check_disk',
          values: { free: { bytes: 1_051 * GIB }, disk: { text: '/' } },
        },
        details: [],
      },
    ],
  };
}

/** The GPU of the workstation's design data has 48 GiB, 38 of them in use. */
function fit(sizing: SizingInputs): Check {
  const all = 48 * GIB;
  const free = 10 * GIB;
  const { total_bytes: wanted } = plan({ sizing, config: '', gpu_memory_bytes: all });
  const state = wanted > free ? 'failed' : 'ok';
  const code =
    wanted > all ? 'check_here_never' : wanted > free ? 'check_here_full' : 'check_here_fits';
  return {
    subject: 'fit',
    state,
    sentence: {
      code,
      values: {
        wanted: { bytes: wanted },
        index: { number: 0 },
        free: { bytes: free },
        memory: { bytes: all },
      },
    },
    ...(state === 'ok' ? {} : { remedy: said('check_here_full_remedy') }),
    details: [],
  };
}

function configuration(name: string, model: string): string {
  return `Image: vllm/vllm-openai:v0.24.0
Cmd:
- --model=${model}
- --gpu-memory-utilization=0.92
Env:
- HF_HOME=/cache
ExposedPorts:
- 8000/tcp
Labels:
  app.kubernetes.io/managed-by: strata
  strata.dev/gpus: "1"
  strata.dev/recipe: vllm
  strata.dev/release: ${name}
HostConfig:
  Memory: 34359738368
  ShmSize: 17179869184
  PortBindings:
    8000/tcp:
    - HostIp: 127.0.0.1
      HostPort: "8000"
  DeviceRequests:
  - Driver: cdi
    DeviceIDs:
    - nvidia.com/gpu=0
  Mounts:
  - Type: volume
    Source: strata-${name}-cache
    Target: /cache
`;
}

export function localLog({ name }: OneLocalContainer): string {
  if (name === 'embeddings') {
    return [
      'INFO text_embeddings_router: starting',
      'Error: The requested GPU architecture is not supported by this build',
      '',
    ].join('\n');
  }
  const lines = Array.from(
    { length: 60 },
    (_, at) =>
      `\u001b[32mINFO\u001b[0m 12:${(10 + (at % 50)).toString()}:07 [loggers.py:127] Engine 000: Avg generation throughput: ${(41.2 + (at % 7)).toFixed(1)} tokens/s, Running: 1 reqs, GPU KV cache usage: ${(at % 9).toString()}.4 %`,
  );
  return [
    'INFO 12:09:51 [api_server.py:1346] vLLM API server version 0.24.0',
    ...lines,
    'INFO:     127.0.0.1:51034 - "POST /v1/chat/completions HTTP/1.1" 200 OK',
    '',
  ].join('\n');
}

/** Calls off what is being fetched. */
export function cancelLocally({ runtime, name }: OneLocalContainer): void {
  const found = begun.find((one) => one.runtime === runtime && one.name === name);
  if (found === undefined) throw apiError('conflict', `nothing is being fetched for ${name}`);
  found.calledOff = Date.now();
}

export function stopLocally({ runtime, name }: OneLocalContainer): void {
  containers[runtime] = containers[runtime].map((one) =>
    one.name === name
      ? {
          ...one,
          is_running: false,
          ...(runtime === 'ollama'
            ? { status: 'on disk' }
            : { status: 'Exited (143) 1 second ago', exit_code: 143, ports: [] }),
        }
      : one,
  );
}

export function removeLocally({ runtime, name }: OneLocalContainer): void {
  const at = begun.findIndex((one) => one.runtime === runtime && one.name === name);
  if (at >= 0) begun.splice(at, 1);
  containers[runtime] = containers[runtime].filter((one) => one.name !== name);
}

/** What answers at a port: models, where it is a server of models. */
export function localModels(name: string): ServedModels {
  const model = { 'llama-3-8b': 'meta-llama/Llama-3.1-8B-Instruct', 'qwen3:8b': 'qwen3:8b' }[name];
  if (model === undefined) {
    throw apiError('unavailable', 'the server does not tell its models');
  }
  return {
    models: [{ id: model, context_tokens: 32_768 }],
    are_told: true,
    pod: name,
    pods: 1,
    port: 8000,
    way: 'here',
    base: '/v1',
    wants_key: false,
  };
}
