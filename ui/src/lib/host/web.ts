/** `strata serve`: the four commands over one WebSocket of the same origin. */

import type { ApiError, Frame, Operations, Topic } from '$bindings/contract';
import { apiError, type Host, type Link, type Listener, type Subscribed } from './host';

const TOKEN = 'strata.token';
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;

/** The per-launch token: from the link once, then from this tab's storage; never left in the address. */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const found = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return storage.getItem(TOKEN);
  storage.setItem(TOKEN, found);
  history.replaceState(null, '', location.pathname + location.search);
  return found;
}

type Answer =
  | { id: number; ok: unknown }
  | { id: number; error: ApiError }
  | { subscription: number; frame: Frame };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: ApiError): void;
}

export function webHost(address: string, token: string | null): Host {
  return new Wire(address, token);
}

class Wire implements Host {
  readonly #address: string;
  readonly #protocols: string[];
  #socket: WebSocket | null = null;
  #link: Link;
  #links = new Set<(link: Link) => void>();
  #wait = FIRST_WAIT;
  #nextId = 1;
  #waiting = new Map<number, Waiting>();
  #listeners = new Map<number, Listener>();
  /** What waits for the socket to open. */
  #outbox: (() => void)[] = [];

  constructor(address: string, token: string | null) {
    this.#address = address;
    this.#protocols = token === null ? [] : ['strata', `strata.token.${token}`];
    this.#link = token === null ? { state: 'locked' } : { state: 'lost', since: Date.now() };
    if (token !== null) this.#open();
  }

  async call<Name extends keyof Operations>(
    operation: Name,
    request: Operations[Name][0],
  ): Promise<Operations[Name][1]> {
    if (this.#link.state === 'locked') throw apiError('unauthorized', 'this page has no token');
    return (await this.#ask({ op: 'call', operation, request })) as Operations[Name][1];
  }

  async subscribe(topic: Topic, listener: Listener): Promise<Subscribed> {
    if (this.#link.state === 'locked') throw apiError('unauthorized', 'this page has no token');
    const subscription = (await this.#ask({ op: 'subscribe', topic }, (made) => {
      this.#listeners.set(made as number, listener);
    })) as number;
    return {
      acknowledge: (seq) => this.#send({ op: 'acknowledge', subscription, seq }),
      unsubscribe: () => {
        // After a reconnect the number may be another's.
        if (this.#listeners.get(subscription) !== listener) return;
        this.#listeners.delete(subscription);
        this.#send({ op: 'unsubscribe', subscription });
      },
    };
  }

  onlink(listener: (link: Link) => void): () => void {
    this.#links.add(listener);
    listener(this.#link);
    return () => this.#links.delete(listener);
  }

  /** Sends a question when the socket is open; `first` runs before the next message is read. */
  #ask(question: object, first?: (value: unknown) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const send = () => {
        const id = this.#nextId++;
        this.#waiting.set(id, {
          resolve: (value) => {
            first?.(value);
            resolve(value);
          },
          reject,
        });
        this.#send({ id, ...question });
      };
      if (this.#socket?.readyState === WebSocket.OPEN) send();
      else this.#outbox.push(send);
    });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #open(): void {
    const socket = new WebSocket(this.#address, this.#protocols);
    this.#socket = socket;
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#wait = FIRST_WAIT;
      this.#say({ state: 'up' });
      const outbox = this.#outbox;
      this.#outbox = [];
      outbox.forEach((send) => send());
    };
    socket.onmessage = (event: MessageEvent<string>) =>
      this.#read(JSON.parse(event.data) as Answer);
    socket.onclose = () => this.#closed(wasOpen);
  }

  #read(answer: Answer): void {
    if ('frame' in answer) {
      this.#listeners.get(answer.subscription)?.onframe(answer.frame);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.ok);
  }

  #closed(wasOpen: boolean): void {
    this.#socket = null;
    if (wasOpen) this.#say({ state: 'lost', since: Date.now() });
    else void this.#refused();
    const error = apiError('unavailable', 'the connection to Strata was lost');
    const waiting = [...this.#waiting.values()];
    const listeners = [...this.#listeners.values()];
    this.#waiting.clear();
    this.#listeners.clear();
    waiting.forEach((one) => one.reject(error));
    listeners.forEach((one) => one.onlost(error));
    // Some jitter, so that many tabs do not knock at once.
    setTimeout(() => this.#open(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }

  /** Tells a program that is gone from one of another start, which serves its page and refuses this token. */
  async #refused(): Promise<void> {
    const isServed = await fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (this.#socket?.readyState === WebSocket.OPEN) return;
    const since = this.#link.state === 'lost' ? this.#link.since : Date.now();
    this.#say(isServed ? { state: 'locked' } : { state: 'lost', since });
  }

  #say(link: Link): void {
    this.#link = link;
    this.#links.forEach((listener) => listener(link));
  }
}
