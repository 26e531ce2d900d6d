/** The gallery: which recipes stand where, and which are found. Pure. */

import type { Bilingual, NeededKind, Recipe, RecipePurpose } from '$bindings/contract';
import type { Tongue } from '$lib/i18n/tongue';

/** The parts of the gallery, in their order. */
const PURPOSES: readonly RecipePurpose[] = [
  'serve',
  'train',
  'batch',
  'notebook',
  'cluster',
  'database',
  'application',
];

/** The parts of the view. */
export const PARTS = ['recipes', 'releases', 'yaml', 'machine'] as const;

export const SHOWS = ['all', 'generative', 'predictive'] as const;
export type Show = (typeof SHOWS)[number];

interface RecipeGroup {
  readonly purpose: RecipePurpose;
  readonly recipes: readonly Recipe[];
}

/** The recipes for `show` that every word of `filter` is found in, in either language. */
export function groupsOf(recipes: readonly Recipe[], show: Show, filter: string): RecipeGroup[] {
  const words = filter.toLowerCase().split(/\s+/);
  const found = recipes.filter((recipe) => {
    const isFor = show === 'all' || recipe.profile === 'both' || recipe.profile === show;
    const text = searched(recipe);
    return isFor && words.every((word) => text.includes(word));
  });
  return PURPOSES.map((purpose) => ({
    purpose,
    recipes: found.filter((recipe) => recipe.purpose === purpose),
  })).filter((group) => group.recipes.length > 0);
}

function searched(recipe: Recipe): string {
  const { id, name, help, engine, kinds } = recipe;
  const texts = [id, name.en, name.zh, help.en, help.zh, engine, ...kinds.map(({ kind }) => kind)];
  return texts.join('\n').toLowerCase();
}

/** The kinds that the cluster does not serve, as far as that is known. */
export function lackingOf(kinds: readonly NeededKind[]): NeededKind[] {
  return kinds.filter(({ served }) => served === false);
}

/** A kind that is missing, by what brings it where that is known: `KServe (InferenceService)`. */
export function lackText({ kind, component }: NeededKind): string {
  const word = kind.split('.')[0] ?? kind;
  return component === '' ? kind : `${component} (${word})`;
}

export function spoken(text: Bilingual, tongue: Tongue): string {
  return text[tongue];
}
