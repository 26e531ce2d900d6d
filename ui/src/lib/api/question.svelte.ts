/**
 * A question that is asked again as what it is about changes: one call at a time, the newest next. What
 * is shown as its answer always answers what is asked now; nothing is timed, so nothing can race.
 */

import { untrack } from 'svelte';
import type { ApiError } from '$bindings/contract';
import { asApiError } from '$lib/host/host';

interface Answered<Answer> {
  readonly to: string;
  /** When it came, in milliseconds. */
  readonly at: number;
  readonly answer: Answer;
}

export class Question<Request, Answer> {
  readonly #call: (request: Request) => Promise<Answer>;
  /** What is asked now, as text; `null` for nothing. */
  #asked = $state.raw<string | null>(null);
  #held = $state.raw<Answered<Answer> | null>(null);
  #failed = $state.raw<{ readonly to: string; readonly error: ApiError } | null>(null);
  #request: Request | null = null;
  /** Counts how often the world changed. */
  #round = 0;
  #underWay = false;

  /** The answer to what is asked now. */
  readonly answer: Answer | null = $derived(
    this.#held !== null && this.#held.to === this.#asked ? this.#held.answer : null,
  );
  /** The last answer, whatever it answers: to be shown stepped back until the next one is there. */
  readonly last: Answer | null = $derived(this.#held?.answer ?? null);
  /** When the last answer came, in milliseconds; 0 before the first. */
  readonly answeredAt: number = $derived(this.#held?.at ?? 0);
  /** Why what is asked now has no answer. */
  readonly error: ApiError | null = $derived(
    this.#failed !== null && this.#failed.to === this.#asked ? this.#failed.error : null,
  );
  readonly isPending: boolean = $derived(
    this.#asked !== null && this.answer === null && this.error === null,
  );

  constructor(call: (request: Request) => Promise<Answer>) {
    this.#call = call;
  }

  /** Asks; equal requests are one question. */
  ask(request: Request | null): void {
    this.#request = request;
    const text = request === null ? null : `${this.#round} ${JSON.stringify(request)}`;
    // An effect that asks depends on what it asks for, not on what was asked and answered before.
    untrack(() => {
      if (text === this.#asked) return;
      this.#asked = text;
      void this.#next();
    });
  }

  /** Asks the same again, for the world has changed; what is under way answers for the world before. */
  again(): void {
    this.#round += 1;
    this.ask(this.#request);
  }

  async #next(): Promise<void> {
    const text = this.#asked;
    const request = this.#request;
    if (text === null || request === null || this.#underWay) return;
    if (text === this.#held?.to || text === this.#failed?.to) return;
    this.#underWay = true;
    try {
      const answer = await this.#call(request);
      // Where the question went back to what is answered, that answer stays.
      if (this.#held?.to !== this.#asked) this.#held = { to: text, at: Date.now(), answer };
    } catch (thrown) {
      this.#failed = { to: text, error: asApiError(thrown) };
    } finally {
      this.#underWay = false;
    }
    await this.#next();
  }
}
