/** What a recipe comes to with values, of the design data: manifests, sizes, checks. */

import type {
  Check,
  DeploymentChecks,
  FieldError,
  ModelPlan,
  Phrase,
  PhraseCode,
  PlanModel,
  RenderedRecipe,
  RenderRecipe,
  SizingInputs,
} from '$bindings/contract';
import { manifests } from './changes';
import { recipes } from './recipes';

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
