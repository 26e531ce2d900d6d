import { describe, expect, it } from 'vitest';
import type { Recipe } from '$bindings/contract';
import { groupsOf, lackingOf, lackText } from './recipes';

const recipe = (id: string, more: Partial<Recipe>): Recipe => ({
  id,
  name: { en: id, zh: id },
  help: { en: '', zh: '' },
  profile: 'generative',
  purpose: 'serve',
  engine: '',
  file: '',
  parameters: [],
  kinds: [],
  has_sizing: false,
  has_endpoint: false,
  ...more,
});

const recipes = [
  recipe('job', { purpose: 'train', profile: 'both', engine: 'Job' }),
  recipe('vllm', { name: { en: 'Serve with vLLM', zh: '用 vLLM 提供服务' } }),
  recipe('sklearn', {
    profile: 'predictive',
    kinds: [
      {
        kind: 'InferenceService.serving.kserve.io',
        version: 'v1beta1',
        served: false,
        component: 'KServe',
      },
      { kind: 'Service', version: 'v1', served: true, component: '' },
      { kind: 'Gateway', version: '', served: null, component: '' },
    ],
  }),
];
const ids = (show: 'all' | 'generative' | 'predictive', filter: string) =>
  groupsOf(recipes, show, filter).map(({ purpose, recipes: found }) => [
    purpose,
    ...found.map(({ id }) => id),
  ]);

describe('the gallery', () => {
  it('groups by what one wants, in its own order', () => {
    expect(ids('all', '')).toEqual([
      ['serve', 'vllm', 'sklearn'],
      ['train', 'job'],
    ]);
  });

  it('shows what is for both kinds of AI with either', () => {
    expect(ids('predictive', '')).toEqual([
      ['serve', 'sklearn'],
      ['train', 'job'],
    ]);
  });

  it('finds every word, in both languages and in the kinds', () => {
    expect(ids('all', 'vllm serve')).toEqual([['serve', 'vllm']]);
    expect(ids('all', '提供')).toEqual([['serve', 'vllm']]);
    expect(ids('all', 'inferenceservice')).toEqual([['serve', 'sklearn']]);
    expect(ids('all', 'vllm sklearn')).toEqual([]);
  });

  it('says what is missing by what brings it, and nothing of what is not known', () => {
    const lacking = lackingOf(recipes[2]?.kinds ?? []);
    expect(lacking.map(lackText)).toEqual(['KServe (InferenceService)']);
  });
});
