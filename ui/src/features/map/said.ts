/** Texts of the catalogue in the language that is spoken, and what tells objects apart. */

import type { Bilingual, Evidence } from '$bindings/contract';
import { language } from '$lib/i18n/language.svelte';

export const said = (text: Bilingual): string => text[language.tongue];

/** What tells one object from another. */
export const idOf = ({ group, kind, namespace, name }: Evidence): string =>
  `${group}/${kind}/${namespace}/${name}`;
