/** Texts of the catalogue in the language that is spoken, and what tells objects apart. */

import type { Bilingual, Evidence } from '$bindings/contract';
import { plain } from '$lib/format/text';
import { language } from '$lib/i18n/language.svelte';

export const said = (text: Bilingual): string => text[language.tongue];

/** A phase in the language that is spoken; one that is not known, as the object has it. */
export const phaseOf = (phase: string): string =>
  language.words.map.phase[phase.toLowerCase()] ?? plain(phase);

/** What tells one object from another. */
export const idOf = ({ group, kind, namespace, name }: Evidence): string =>
  `${group}/${kind}/${namespace}/${name}`;
