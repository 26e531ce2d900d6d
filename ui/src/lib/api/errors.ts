/** What each error code looks like: its severity, and its words in the dictionary. */

import type { ApiError, ErrorCode, Severity } from '$bindings/contract';
import { plain } from '$lib/format/text';
import type { Dictionary } from '$lib/i18n/en';

/** How bad each code is. */
export const SEVERITY_OF: Record<ErrorCode, Severity> = {
  unauthorized: 'critical',
  forbidden: 'notice',
  not_found: 'notice',
  conflict: 'warning',
  unavailable: 'critical',
  timeout: 'warning',
  invalid_input: 'warning',
  unsupported: 'notice',
  internal: 'critical',
};

/** An error as it is shown. */
interface Presentation {
  readonly severity: Severity;
  /** What it means, in a sentence. */
  readonly sentence: string;
  /** What happened to which object; its first line is what counts. */
  readonly message: string;
  readonly causes: readonly string[];
  /** What to do next. */
  readonly action: string;
}

export function present(error: ApiError, words: Dictionary): Presentation {
  const { sentence, action } = words.error[error.code];
  return {
    severity: SEVERITY_OF[error.code],
    sentence,
    message: plain(error.message),
    causes: error.causes.map(plain),
    action,
  };
}
