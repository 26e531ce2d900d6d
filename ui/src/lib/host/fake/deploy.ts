/** Recipes and what they come to, of the design data. */

import type {
  ChangeObjects,
  ChangeReport,
  ChangeStep,
  Check,
  DeploymentChecks,
  DescribedField,
  DescribeField,
  DeployRecipe,
  FieldError,
  ModelPlan,
  NeededKind,
  ParameterKind,
  Phrase,
  PhraseCode,
  PlanModel,
  ReadRollout,
  Recipe,
  RecipeParameter,
  Recipes,
  RenderedRecipe,
  RenderRecipe,
  Rollout,
  RolloutStep,
  SchemaField,
  SizingInputs,
} from '$bindings/contract';
import { phrase } from './phrases';

function parameter(
  id: string,
  section: RecipeParameter['section'],
  [en, zh]: readonly [string, string],
  [helpEn, helpZh]: readonly [string, string],
  kind: ParameterKind,
  more: Partial<RecipeParameter> = {},
): RecipeParameter {
  return {
    id,
    section,
    name: { en, zh },
    help: { en: helpEn, zh: helpZh },
    kind,
    required: false,
    default: null,
    unit: '',
    when: '',
    ...more,
  };
}

const NAME = parameter(
  'name',
  'what',
  ['Name', '名称'],
  ['What its objects are called in the namespace.', '其对象在命名空间中的名称。'],
  { type: 'name', max_length: 50 },
  { required: true },
);

const MODEL = parameter(
  'model',
  'what',
  ['Model', '模型'],
  [
    'As the engine finds it: on the Hugging Face hub, or a path.',
    '引擎查找模型的方式：Hugging Face 或路径。',
  ],
  { type: 'model', examples: ['Qwen/Qwen3-8B', '/models/qwen3'] },
  { required: true },
);

const VLLM: readonly RecipeParameter[] = [
  NAME,
  MODEL,
  parameter(
    'token',
    'what',
    ['Access token', '访问令牌'],
    ['For models that one has to be let into.', '用于需要授权的模型。'],
    { type: 'secret' },
  ),
  parameter(
    'context',
    'model',
    ['Longest context', '最长上下文'],
    ['Tokens of a request, prompt and answer.', '一次请求的 token 数，含提示与回答。'],
    { type: 'integer', min: 128, max: 10_000_000 },
    { default: 32_768, unit: 'tokens' },
  ),
  parameter(
    'kv_cache',
    'model',
    ['Key-value cache', 'KV 缓存格式'],
    ['fp8 holds twice as many tokens.', 'fp8 可容纳两倍的 token。'],
    {
      type: 'choice',
      options: [
        { value: 'auto', name: { en: 'As the weights', zh: '与权重相同' } },
        { value: 'fp8', name: { en: 'fp8', zh: 'fp8' } },
      ],
    },
    { required: true, default: 'auto' },
  ),
  parameter(
    'gpus',
    'resources',
    ['GPUs', 'GPU 数'],
    ['Each layer is split over them.', '每层分布在这些 GPU 上。'],
    { type: 'integer', min: 1, max: 16 },
    { required: true, default: 1 },
  ),
  parameter(
    'replicas',
    'resources',
    ['Replicas', '副本数'],
    ['How many serve at a time.', '同时提供服务的副本数。'],
    { type: 'integer', min: 0, max: 100 },
    { required: true, default: 1 },
  ),
  parameter(
    'memory',
    'resources',
    ['Memory', '内存'],
    ['Of each replica.', '每个副本的内存。'],
    { type: 'quantity', min: '1Gi', max: '8Ti' },
    { default: '64Gi' },
  ),
  parameter(
    'tolerate',
    'placement',
    ['Nodes kept for GPUs', 'GPU 专用节点'],
    ['Goes to nodes that keep others out.', '可调度到带污点的 GPU 节点。'],
    { type: 'boolean' },
    { default: true },
  ),
  parameter(
    'node_selector',
    'placement',
    ['Node labels', '节点标签'],
    ['Nodes that have all of them.', '具有全部这些标签的节点。'],
    { type: 'labels' },
  ),
  parameter(
    'environment',
    'advanced',
    ['Environment', '环境变量'],
    ['Secrets are taken from a Secret.', '机密取自 Secret。'],
    { type: 'environment' },
  ),
];

const kind = (name: string, version: string, served: boolean, component = ''): NeededKind => ({
  kind: name,
  version,
  served,
  component,
});
const DEPLOYMENT = [kind('Deployment.apps', 'v1', true), kind('Service', 'v1', true)];

function recipe(
  id: string,
  [en, zh]: readonly [string, string],
  [helpEn, helpZh]: readonly [string, string],
  more: Partial<Recipe>,
): Recipe {
  return {
    id,
    name: { en, zh },
    help: { en: helpEn, zh: helpZh },
    profile: 'generative',
    purpose: 'serve',
    engine: '',
    file: '',
    parameters: [NAME],
    kinds: DEPLOYMENT,
    has_sizing: false,
    has_endpoint: false,
    ...more,
  };
}

export function recipes(): Recipes {
  return {
    recipes: [
      recipe(
        'vllm',
        ['Serve with vLLM', '用 vLLM 提供服务'],
        [
          'An OpenAI-compatible server for language models on one node. Many requests at a time share the GPU well.',
          '单节点上兼容 OpenAI 的语言模型服务，多请求并发时 GPU 利用率高。',
        ],
        { engine: 'vLLM', parameters: [...VLLM], has_sizing: true, has_endpoint: true },
      ),
      recipe(
        'kserve-vllm',
        ['Serve on KServe', '用 KServe 提供服务'],
        ['An InferenceService that scales with its load.', '随负载伸缩的 InferenceService。'],
        {
          engine: 'vLLM',
          parameters: [...VLLM],
          kinds: [kind('InferenceService.serving.kserve.io', 'v1beta1', false, 'KServe')],
        },
      ),
      recipe(
        'sklearn',
        ['Serve a scikit-learn model', '提供 scikit-learn 模型服务'],
        ['A predictive service on CPUs.', 'CPU 上的预测服务。'],
        {
          profile: 'predictive',
          engine: 'sklearn',
          kinds: [kind('InferenceService.serving.kserve.io', 'v1beta1', false, 'KServe')],
        },
      ),
      recipe(
        'train-job',
        ['Run a training program', '运行训练程序'],
        ['A Job on one node.', '单节点 Job。'],
        {
          profile: 'both',
          purpose: 'train',
          engine: 'Job',
          kinds: [kind('Job.batch', 'v1', true)],
        },
      ),
      recipe(
        'notebook',
        ['Jupyter notebook', 'Jupyter Notebook'],
        ['JupyterLab with its own volume.', '带独立卷的 JupyterLab。'],
        { profile: 'both', purpose: 'notebook', engine: 'JupyterLab' },
      ),
      recipe(
        'own',
        ['Own YAML', '自有 YAML'],
        ['Manifests of your own, as a release.', '以发布形式管理你自己的清单。'],
        {
          profile: 'both',
          purpose: 'application',
          engine: 'YAML',
          kinds: [],
          parameters: [
            NAME,
            parameter(
              'manifests',
              'what',
              ['Manifests', '清单'],
              ['Objects as YAML, divided by `---`.', '以 `---` 分隔的 YAML 对象。'],
              { type: 'manifests' },
              { required: true },
            ),
          ],
        },
      ),
    ],
    broken: [
      { file: 'team.yaml', line: 14, message: 'unknown field `purposes`, expected `purpose`' },
    ],
    folder: '/home/ada/.config/strata/recipes',
    unread: '',
  };
}

export function render(request: RenderRecipe): RenderedRecipe {
  const found = recipes().recipes.find(({ id }) => id === request.recipe);
  const parameters = found?.parameters ?? [];
  const fields = parameters.map(({ id, default: byDefault }) => ({
    parameter: id,
    applies: true,
    value: request.values[id] ?? byDefault,
    is_given: id in request.values,
  }));
  const errors = parameters.flatMap(({ id, required, kind: type }): FieldError[] => {
    const value = fields.find(({ parameter: name }) => name === id)?.value ?? null;
    if (required && value === null) {
      return [{ parameter: id, sentence: { code: 'field_required', values: {} }, line: null }];
    }
    if (type.type === 'integer' && typeof value === 'string') {
      return [{ parameter: id, sentence: { code: 'field_not_integer', values: {} }, line: null }];
    }
    if (type.type === 'name' && typeof value === 'string' && !/^[a-z0-9-]+$/.test(value)) {
      const count = { number: type.max_length };
      return [
        { parameter: id, sentence: { code: 'field_not_a_name', values: { count } }, line: null },
      ];
    }
    return [];
  });
  const name = errors.length > 0 ? '' : String(request.values['name']);
  const yaml = errors.length > 0 ? '' : manifests(name, request.namespace);
  return {
    release: name,
    fields,
    errors,
    manifests:
      errors.length > 0
        ? []
        : ['Deployment', 'Service'].map((word) => ({
            api_version: word === 'Service' ? 'v1' : 'apps/v1',
            kind: word,
            namespace: request.namespace,
            name,
            yaml: '',
          })),
    yaml,
    kinds: found?.kinds ?? [],
    sizing: found?.has_sizing === true && errors.length === 0 ? sizing(request) : null,
    endpoint: null,
  };
}

function manifests(name: string, namespace: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/managed-by: strata
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: server
          image: vllm/vllm-openai:v0.24.0
          args: ["--model", "Qwen/Qwen3-8B", "--max-model-len", "32768"]
          resources:
            limits:
              nvidia.com/gpu: 1
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - port: 8000
`;
}

function step(kindName: string, request: ChangeObjects, more: Partial<ChangeStep>): ChangeStep {
  return {
    object: { kind: kindName, namespace: request.namespace, name: 'llama-3-70b' },
    api_version: kindName.includes('.') ? 'apps/v1' : 'v1',
    action: 'change',
    progress: request.intent === 'apply' ? 'done' : 'planned',
    is_assumed: false,
    fields: [],
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl: `kubectl apply --server-side --field-manager=strata -n ${request.namespace} -f ${kindName.toLowerCase()}.yaml`,
    before: '',
    after: '',
    ...more,
  };
}

/** What a change comes to, by the scene: `conflict`, `protected`, `broken`, else what is all well. */
export function change(scene: string, request: ChangeObjects): ChangeReport {
  if (scene === 'broken' || /^\s*:/m.test(request.manifests)) {
    return {
      intent: request.intent,
      outcome: 'blocked',
      obstacles: [
        {
          kind: 'manifest',
          sentence: {
            code: 'manifest_unreadable',
            values: { line: { number: 5 }, message: { text: 'did not find expected key' } },
          },
          details: [],
          line: 5,
        },
      ],
      consequences: [],
      steps: [],
    };
  }
  const chosen = request.choices[0]?.choice;
  const conflicts =
    scene === 'conflict'
      ? [
          {
            path: '.spec.replicas',
            manager: 'argocd-controller',
            message: 'conflict with "argocd-controller" using apps/v1',
            theirs: '4',
            ours: '8',
            is_secret: false,
            ...(chosen === undefined ? {} : { choice: chosen }),
          },
        ]
      : [];
  const isOpen = conflicts.length > 0 && chosen === undefined;
  const isLocked = scene === 'protected';
  return {
    intent: request.intent,
    outcome: isOpen || isLocked ? 'blocked' : request.intent === 'apply' ? 'applied' : 'ready',
    obstacles: isLocked
      ? [
          {
            kind: 'protected',
            sentence: phrase('{context} is protected', '{context} 受保护', { context: 'prod-fra' }),
            details: [],
          },
        ]
      : [],
    consequences: [
      phrase('{count} pods are restarted, a few at a time', '{count} 个 Pod 将分批重启', {
        count: 4,
      }),
    ],
    steps: [
      step('Deployment.apps', request, {
        conflicts,
        fields: [
          {
            path: '.spec.template.spec.containers[name="server"].image',
            before: '"vllm/vllm-openai:v0.23.1"',
            after: '"vllm/vllm-openai:v0.24.0"',
            is_secret: false,
          },
          {
            path: '.spec.template.spec.containers[name="server"].args[3]',
            before: '"16384"',
            after: '"32768"',
            is_secret: false,
          },
          {
            path: '.spec.template.spec.containers[name="server"].env[name="VLLM_USE_V1"]',
            before: '{"name":"VLLM_USE_V1","value":"0"}',
            is_secret: false,
          },
          { path: '.metadata.annotations.strata.dev/recipe', after: '"vllm"', is_secret: false },
          {
            path: '.spec.template.spec.containers[name="server"].env[name="API_KEY"].value',
            is_secret: true,
          },
        ],
        warnings: ['spec.template.spec.containers[0].resources: a GPU without a limit of memory'],
      }),
      step('Service', request, {
        action: 'create',
        after:
          'apiVersion: v1\nkind: Service\nmetadata:\n  name: llama-3-70b\nspec:\n  ports:\n    - port: 8000\n',
      }),
      step('ConfigMap', request, { action: 'unchanged' }),
    ],
  };
}

function sizing(request: RenderRecipe): SizingInputs {
  const number = (id: string, byDefault: number) =>
    typeof request.values[id] === 'number' ? request.values[id] : byDefault;
  return {
    task: 'serve',
    model: typeof request.values['model'] === 'string' ? request.values['model'] : '',
    weights: 'auto',
    kv: 'auto',
    tensor_parallel: number('gpus', 1),
    pipeline_parallel: 1,
    context: number('context', 32_768),
    concurrency: 12,
    memory_fraction: 0.92,
    gpus: 0,
    method: '',
    rank: 0,
  };
}

/** A plan of an 8 B model; of any other nothing is known. */
export function plan({ sizing: asked, gpu_memory_bytes: memory }: PlanModel): ModelPlan {
  const isKnown = asked.model === 'Qwen/Qwen3-8B';
  const gpus = asked.tensor_parallel;
  const context = asked.context ?? 32_768;
  const parts: ModelPlan['parts'] = isKnown
    ? [
        { part: 'weights', bytes: Math.round(16_381_470_720 / gpus) },
        { part: 'kv_cache', bytes: Math.round((147_456 * context * asked.concurrency) / gpus) },
        { part: 'activations', bytes: 671_088_640 },
        { part: 'runtime', bytes: 3_758_096_384 },
      ]
    : [];
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const allowed = memory === null ? null : memory * asked.memory_fraction;
  return {
    unknown: isKnown
      ? null
      : { code: 'sizing_unknown_model', values: { model: { text: asked.model } } },
    parameters: isKnown ? 8_190_735_360 : 0,
    active_parameters: isKnown ? 8_190_735_360 : 0,
    gpus,
    parts,
    total_bytes: total,
    allowed_bytes: isKnown ? allowed : null,
    fits: allowed === null ? null : total <= allowed,
    context,
    max_context: 40_960,
    max_concurrency: allowed === null ? null : 14,
    notes: [],
  };
}

/** Two pods, one up and one that pulls its image. */
export function rollout({ objects }: ReadRollout): Rollout {
  const stage = (step: RolloutStep, seconds: number | null, isReached = true) => ({
    step,
    is_reached: isReached,
    at: null,
    seconds,
  });
  return {
    objects: objects.slice(0, 1).map((object) => ({
      object,
      explanation: {
        object,
        standing: 'starting',
        summary: {
          code: 'why_ready_count',
          values: { ready: { number: 1 }, pods: { number: 2 } },
        },
        others: [],
        unread: [],
      },
      pods: [
        {
          name: `${object.name}-7d9f8b6c5d-2kq8d`,
          node: 'gpu-h100-11',
          is_ready: true,
          is_ending: false,
          restarts: 0,
          stages: [
            stage('created', null),
            stage('scheduled', 1),
            stage('pulled', 44),
            stage('started', 2),
            stage('loaded', 96),
            stage('warm', 212),
            stage('ready', 2),
          ],
        },
        {
          name: `${object.name}-7d9f8b6c5d-h5x2p`,
          node: 'gpu-h100-28',
          is_ready: false,
          is_ending: false,
          restarts: 0,
          stages: [
            stage('created', null),
            stage('scheduled', 1),
            stage('pulled', 30, false),
            stage('started', null, false),
            stage('loaded', null, false),
            stage('warm', null, false),
            stage('ready', null, false),
          ],
        },
      ],
    })),
  };
}

/** The same, of a recipe. */
export function deploy(scene: string, { recipe, choices, intent }: DeployRecipe): ChangeReport {
  return change(scene, {
    cluster: recipe.cluster ?? '',
    namespace: recipe.namespace,
    manifests: '',
    choices,
    intent,
  });
}

/** Some fields of a Deployment, as an API server describes them. */
export function describeField({ kind: kindName, path }: DescribeField): DescribedField {
  const field = (name: string, type: string, description: string, isRequired = false) => ({
    name,
    type_name: type,
    description,
    is_required: isRequired,
  });
  const known: Record<string, readonly SchemaField[]> = {
    '': [
      field('apiVersion', 'string', 'The versioned schema of this object.'),
      field('kind', 'string', 'The kind of this object.'),
      field('metadata', 'object', 'Name, namespace, labels and annotations.'),
      field('spec', 'object', 'What is wanted of the Deployment.'),
    ],
    spec: [
      field('replicas', 'integer', 'How many pods are wanted. 1 where it is not said.'),
      field('selector', 'object', 'Which pods are its own. It cannot be changed.', true),
      field('strategy', 'object', 'How old pods are replaced by new ones.'),
      field('template', 'object', 'What the pods are made from.', true),
    ],
  };
  const fields = kindName === 'Deployment' ? (known[path.join('.')] ?? []) : [];
  const parent = known[path.slice(0, -1).join('.')] ?? [];
  const about = parent.find(({ name }) => name === path.at(-1));
  return {
    is_known: path.length === 0 || about !== undefined,
    about: about ?? field('', 'object', ''),
    values: [],
    fields: [...fields],
  };
}

/** What stands in the way of the design data's deployment: a policy that warns, and a price. */
export function checks(request: RenderRecipe): DeploymentChecks {
  if (render(request).errors.length > 0) return { checks: [] };
  const gpus = typeof request.values['gpus'] === 'number' ? request.values['gpus'] : 1;
  const line = (subject: Check['subject'], state: Check['state'], sentence: Phrase): Check => ({
    subject,
    state,
    sentence,
    details: [],
  });
  const said = (code: PhraseCode, values: Phrase['values']): Phrase => ({ code, values });
  return {
    checks: [
      line('kinds', 'ok', said('check_kinds', { count: { number: 3 } })),
      line('fit', 'ok', said('check_fit_now', { count: { number: 1 }, nodes: { number: 1 } })),
      line('permission', 'ok', said('check_permission', {})),
      {
        ...line('policy', 'warning', said('check_policy_warns', { count: { number: 1 } })),
        remedy: said('check_policy_warns_remedy', {}),
        details: [
          'would violate PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "vllm" must set securityContext.runAsNonRoot=true)',
        ],
      },
      line(
        'cost',
        'ok',
        said('check_cost', {
          cost: { text: `$${(gpus * 2.49).toFixed(2)}` },
          count: { number: gpus },
          models: { text: 'H100 80GB HBM3' },
        }),
      ),
    ],
  };
}
