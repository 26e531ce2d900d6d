/** What figures are called and mean: the engine's own words, of which there is one table. */

import type { Figure } from '$bindings/contract';
import { FIGURES } from '$bindings/figures';
import type { Tongue } from './tongue';

function said(tongue: Tongue, part: 'name' | 'definition'): Record<Figure, string> {
  const words = Object.entries(FIGURES).map(([figure, of]) => [figure, of[part][tongue]]);
  return Object.fromEntries(words) as Record<Figure, string>;
}

/** What each figure is called in `tongue`. */
export const figureNames = (tongue: Tongue) => said(tongue, 'name');

/** What each figure means in `tongue`: its definition, since when it counts, what is to be done. */
export const figureDefinitions = (tongue: Tongue) => said(tongue, 'definition');
