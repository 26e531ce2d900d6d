/** Texts of the catalogue in the language that is spoken. */

import type { Bilingual } from '$bindings/contract';
import { language } from '$lib/i18n/language.svelte';

export const said = (text: Bilingual): string => text[language.tongue];
