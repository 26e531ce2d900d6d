/** Sentences of the design data: it says more than the engine does yet. */

import type { Phrase, PhraseCode, PhraseValue } from '$bindings/contract';
import { alsoKnow } from '$lib/i18n/say';

type Value = number | string | PhraseValue;

const known = new Map<string, { en: string; zh: string }>();
alsoKnow((code) => known.get(code));

/** A sentence in both languages, with values as the engine would fill them in. */
export function phrase(en: string, zh: string, values: Record<string, Value> = {}): Phrase {
  const code = `fake ${en}`;
  known.set(code, { en, zh });
  const filled = Object.entries(values).map(([name, value]): [string, PhraseValue] => [
    name,
    typeof value === 'number'
      ? { number: value }
      : typeof value === 'string'
        ? { text: value }
        : value,
  ]);
  return { code: code as PhraseCode, values: Object.fromEntries(filled) };
}

/** A time so many seconds ago, in RFC 3339. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

/** Numbers that look random and are the same each time. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
