/** The recipes of the design data. */

import type {
  NeededKind,
  ParameterKind,
  Recipe,
  RecipeParameter,
  Recipes,
} from '$bindings/contract';

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
