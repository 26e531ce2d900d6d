/** One act on this machine as its dialog asks for it: a preview, then the act itself. */

import type { ApiError, ChangeReport, Intent } from '$bindings/contract';
import { asApiError } from '$lib/host/host';

export class Asking {
  report = $state.raw<ChangeReport>();
  error = $state.raw<ApiError>();
  isAsking = $state(false);
  readonly #ask: (intent: Intent) => Promise<ChangeReport>;

  constructor(ask: (intent: Intent) => Promise<ChangeReport>) {
    this.#ask = ask;
  }

  /** Whether it can be done, by the last preview. */
  get isReady(): boolean {
    return this.report?.intent === 'preview' && this.report.outcome === 'ready' && !this.isAsking;
  }

  /** Whether it was done, or tried. */
  get isDone(): boolean {
    return this.report?.intent === 'apply';
  }

  /** Something that was said has changed: the preview holds no longer. */
  forget(): void {
    this.report = undefined;
    this.error = undefined;
  }

  async ask(intent: Intent): Promise<ChangeReport | undefined> {
    if (this.isAsking) return undefined;
    this.isAsking = true;
    try {
      this.report = await this.#ask(intent);
      this.error = undefined;
      return this.report;
    } catch (thrown) {
      this.error = asApiError(thrown);
      return undefined;
    } finally {
      this.isAsking = false;
    }
  }
}
