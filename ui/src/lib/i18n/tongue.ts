/** The languages that Strata speaks, and which of them the desktop asks for. */

import type { Language } from '$bindings/contract';

export type Tongue = 'en' | 'zh';

/** The tongue of a language tag; English for every tag that is not Chinese, `C` and none included. */
export function tongueOfTag(tag: string | undefined): Tongue {
  return tag !== undefined && /^zh\b/i.test(tag) ? 'zh' : 'en';
}

/** The tongue that a choice stands for. WebKit answers `C` as its language in some locales. */
export function tongueOf(choice: Language, desktop: string | undefined): Tongue {
  return choice === 'system' ? tongueOfTag(desktop) : choice;
}
