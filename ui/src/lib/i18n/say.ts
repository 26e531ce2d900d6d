/** Says the engine's phrases: the words of `bindings/phrases.ts` with their values filled in. */

import type { Phrase, PhraseValue } from '$bindings/contract';
import { PHRASES } from '$bindings/phrases';
import { span } from '$lib/format/duration';
import { grouped, memory } from '$lib/format/number';
import { plain } from '$lib/format/text';
import type { Tongue } from './tongue';

/** A part of a sentence: its own words, a name (drawn in mono), or a number. */
export interface Segment {
  readonly kind: 'words' | 'name' | 'number';
  readonly text: string;
}

/** The words of a code; `undefined` for a code of a newer engine. */
export type Words = (code: string) => { en: string; zh: string } | undefined;

const wordsOfContract: Words = (code) =>
  (PHRASES as Record<string, { en: string; zh: string } | undefined>)[code];

let words: Words = wordsOfContract;

/** Takes words from elsewhere first; for the design data, which says more than the engine. */
export function alsoKnow(more: Words): void {
  words = (code) => more(code) ?? wordsOfContract(code);
}

/**
 * The parts of `phrase` in `tongue`.
 *
 * Templates know two forms: `{name}` is the value, `{name?one:other}` is `one` where the value is
 * the number 1 and `other` elsewhere. A placeholder without a value is said as its name in braces,
 * and an unknown code as itself, so that a fault shows.
 */
export function segments(phrase: Phrase, tongue: Tongue): Segment[] {
  const template = words(phrase.code)?.[tongue] ?? unknownWords(phrase);
  const said: Segment[] = [];
  const put = (kind: Segment['kind'], text: string) => {
    const last = said.at(-1);
    if (text === '') return;
    if (last?.kind === kind && kind === 'words') {
      said[said.length - 1] = { kind, text: last.text + text };
    } else {
      said.push({ kind, text });
    }
  };
  for (const part of template.split(/(\{[^}]*\})/)) {
    if (!part.startsWith('{')) {
      put('words', part);
      continue;
    }
    const slot = part.slice(1, -1);
    const asked = slot.indexOf('?');
    const name = asked < 0 ? slot : slot.slice(0, asked);
    const value = phrase.values[name];
    if (value === undefined) {
      put('words', `{${name}}`);
    } else if (asked < 0) {
      put(kindOf(value), sayValue(value, tongue));
    } else {
      const [one = '', other = ''] = slot.slice(asked + 1).split(':');
      put('words', 'number' in value && value.number === 1 ? one : other);
    }
  }
  return said;
}

/** A sentence in two: what it says first, and what it adds after a semicolon or a colon. */
interface Halves {
  readonly first: readonly Segment[];
  readonly rest: readonly Segment[];
}

/** Parts `said` at the first semicolon or colon outside a name; `rest` is empty where there is none. */
export function halves(said: readonly Segment[]): Halves {
  for (const [at, { kind, text }] of said.entries()) {
    const found = kind === 'words' ? /[;:] |[；：]/.exec(text) : null;
    if (found === null) continue;
    const before = text.slice(0, found.index);
    const after = text.slice(found.index + found[0].length);
    const own = (part: string): Segment[] => (part === '' ? [] : [{ kind, text: part }]);
    const first = [...said.slice(0, at), ...own(before)];
    const rest = [...own(after), ...said.slice(at + 1)];
    if (first.length > 0 && rest.length > 0) return { first, rest };
  }
  return { first: said, rest: [] };
}

/** The whole of `phrase` in `tongue`, as text. */
export function say(phrase: Phrase, tongue: Tongue): string {
  return segments(phrase, tongue)
    .map((segment) => segment.text)
    .join('');
}

/** Objects' names have neither spaces nor capitals: what has some is a message, a kind, a product. */
function kindOf(value: PhraseValue): Segment['kind'] {
  if (!('text' in value)) return 'number';
  return /\s|^[A-Z]/.test(value.text.trim()) ? 'words' : 'name';
}

function sayValue(value: PhraseValue, tongue: Tongue): string {
  if ('number' in value) return grouped(value.number);
  if ('seconds' in value) return span(value.seconds, tongue);
  if ('bytes' in value) return memory(value.bytes);
  return plain(value.text);
}

function unknownWords(phrase: Phrase): string {
  const names = Object.keys(phrase.values).map((name) => `{${name}}`);
  return [phrase.code.replaceAll('_', ' '), ...names].join(' ');
}
