/** One store for one subscription: frames alone write it. */

import { tick } from 'svelte';
import type { ApiError, EndReason, Frame, Row, Topic } from '$bindings/contract';
import { asApiError, type Host, type Subscribed } from '$lib/host/host';
import { traffic } from './traffic.svelte';
import { changed, follows, NOTHING_HELD, replaced, type Held } from './applied';

/** The engine sends at least a heartbeat in each of these, in milliseconds. */
const HEARTBEAT = 2_000;
/** So many may be missed before the way is taken for broken. */
const HEARTBEATS_MISSED = 3;
const FIRST_RETRY = 500;
const LONGEST_RETRY = 8_000;

/** How a subscription stands. */
export type Phase =
  /** Nothing came yet. */
  | { readonly state: 'waiting' }
  | { readonly state: 'live' }
  /** Rows are what they were; it is being subscribed anew. */
  | { readonly state: 'lost'; readonly since: number }
  /** It could not be made, and is tried again. */
  | { readonly state: 'failed'; readonly error: ApiError }
  | { readonly state: 'ended'; readonly reason: EndReason };

export type RowKind = Row['row'];
type RowOf<Kind extends RowKind> = Extract<Row, { row: Kind }>;

/** A row with its id. */
export type Keyed<Kind extends RowKind> = RowOf<Kind> & { readonly id: string };

/** The rows of some kinds, in order. */
export function rowsIn<Kind extends RowKind>(held: Held, ...kinds: readonly Kind[]): Keyed<Kind>[] {
  const found: Keyed<Kind>[] = [];
  for (const id of held.order) {
    const row = held.rows.get(id);
    if (row !== undefined && kinds.some((kind) => kind === row.row))
      found.push({ ...(row as RowOf<Kind>), id });
  }
  return found;
}

export class Subscription {
  readonly #host: Host;
  /** Replaced once for each frame. */
  held = $state.raw<Held>(NOTHING_HELD);
  /** The topic that the rows answer: those of an earlier window stand until the next have come. */
  answered = $state.raw<Topic | null>(null);
  phase = $state.raw<Phase>({ state: 'waiting' });
  /** The number of the last frame, and when it came. */
  lastFrame = $state.raw<{ readonly seq: number; readonly at: number } | null>(null);

  #topic: Topic | null = null;
  #subscribed: Subscribed | null = null;
  #seq: number | null = null;
  /** Counts attempts, so that answers of an earlier one are known as such. */
  #attempt = 0;
  #retry = FIRST_RETRY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The topic that is subscribed to. */
  get topic(): Topic | null {
    return this.#topic;
  }

  /** The rows of some kinds, in order. */
  rowsOf<Kind extends RowKind>(...kinds: readonly Kind[]): Keyed<Kind>[] {
    return rowsIn(this.held, ...kinds);
  }

  /** Subscribes to `topic`. Rows stay until its snapshot where `keep` says that they still mean the same. */
  follow(topic: Topic, keep = false): void {
    this.#leave();
    this.#topic = topic;
    this.#retry = FIRST_RETRY;
    if (!keep) {
      this.held = NOTHING_HELD;
      this.phase = { state: 'waiting' };
    }
    void this.#subscribe();
  }

  /** Unsubscribes, and forgets. */
  stop(): void {
    this.#leave();
    this.#topic = null;
    this.held = NOTHING_HELD;
    this.phase = { state: 'waiting' };
  }

  async #subscribe(): Promise<void> {
    const topic = this.#topic;
    if (topic === null) return;
    const attempt = ++this.#attempt;
    const isCurrent = () => attempt === this.#attempt;
    try {
      const subscribed = await this.#host.subscribe(topic, {
        onframe: (frame) => {
          if (isCurrent()) this.#receive(frame);
        },
        onlost: () => {
          if (isCurrent()) this.#again();
        },
      });
      if (isCurrent()) {
        this.#subscribed = subscribed;
        this.#watchHeartbeats();
      } else {
        subscribed.unsubscribe();
      }
    } catch (thrown) {
      if (!isCurrent()) return;
      this.phase = { state: 'failed', error: asApiError(thrown) };
      this.#retryLater();
    }
  }

  #receive(frame: Frame): void {
    if (!follows(this.#seq, frame)) {
      this.#again();
      return;
    }
    this.#seq = frame.seq;
    this.#retry = FIRST_RETRY;
    this.lastFrame = { seq: frame.seq, at: Date.now() };
    traffic.count(this.lastFrame.at);
    switch (frame.frame) {
      case 'snapshot':
        this.held = replaced(frame.body);
        this.answered = this.#topic;
        this.phase = { state: 'live' };
        break;
      case 'delta':
        this.held = changed(this.held, frame.body);
        break;
      case 'heartbeat':
        break;
      case 'end':
        this.#ended(frame.reason);
        return;
    }
    this.#watchHeartbeats();
    const attempt = this.#attempt;
    // After the rows stand in the page, so that a slow page slows the engine.
    void tick().then(() => {
      if (attempt === this.#attempt) this.#subscribed?.acknowledge(frame.seq);
    });
  }

  #ended(reason: EndReason): void {
    clearTimeout(this.#timer);
    this.#subscribed = null;
    this.#seq = null;
    if (reason === 'shutdown') {
      // What was said last stays. The way breaks next; then it is asked for anew.
      this.phase = { state: 'lost', since: this.lastFrame?.at ?? Date.now() };
      return;
    }
    this.#attempt += 1;
    this.phase = { state: 'ended', reason };
    // A page that slept was given up; a removed context has no more to say.
    if (reason === 'abandoned') void this.#subscribe();
  }

  #watchHeartbeats(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), HEARTBEAT * HEARTBEATS_MISSED);
  }

  /** The way broke or a frame is missing: what is held stays, and is asked for anew. */
  #again(): void {
    this.#leave();
    if (this.held !== NOTHING_HELD) {
      this.phase = { state: 'lost', since: this.lastFrame?.at ?? Date.now() };
    }
    void this.#subscribe();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#subscribe(), this.#retry);
    this.#retry = Math.min(LONGEST_RETRY, this.#retry * 2);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#attempt += 1;
    this.#seq = null;
    this.#subscribed?.unsubscribe();
    this.#subscribed = null;
  }
}
