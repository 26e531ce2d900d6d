/** The language that is spoken now. */

import type { Language, Phrase } from '$bindings/contract';
import { en, type Dictionary } from './en';
import { say, segments, type Segment } from './say';
import { tongueOf, type Tongue } from './tongue';
import { zh } from './zh';

const DICTIONARIES: Record<Tongue, Dictionary> = { en, zh };

class SpokenLanguage {
  /** What the user chose. */
  choice = $state<Language>('system');
  readonly tongue: Tongue = $derived(tongueOf(this.choice, globalThis.navigator.language));
  /** The interface's own words. */
  readonly words: Dictionary = $derived(DICTIONARIES[this.tongue]);

  /** The engine's sentence as text. */
  say(phrase: Phrase): string {
    return say(phrase, this.tongue);
  }

  /** The engine's sentence in parts, so that names can be drawn in mono. */
  segments(phrase: Phrase): Segment[] {
    return segments(phrase, this.tongue);
  }
}

export const language = new SpokenLanguage();
