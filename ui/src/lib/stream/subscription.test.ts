import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Body, Frame, NamespaceRow, Topic } from '$bindings/contract';
import { apiError, type Host, type Listener } from '$lib/host/host';
import { Subscription } from './subscription.svelte';

const TOPIC: Topic = { topic: 'namespaces', cluster: 'demo' };

/** A host whose frames the test sends by hand. */
class HandHost implements Host {
  listeners: Listener[] = [];
  acknowledged: number[] = [];
  unsubscribed = 0;
  refusal: unknown = null;

  call(): Promise<never> {
    return Promise.reject(new Error('not asked for here'));
  }

  subscribe(_topic: Topic, listener: Listener) {
    if (this.refusal !== null) return Promise.reject(this.refusal);
    this.listeners.push(listener);
    return Promise.resolve({
      acknowledge: (seq: number) => void this.acknowledged.push(seq),
      unsubscribe: () => void (this.unsubscribed += 1),
    });
  }

  onlink() {
    return () => undefined;
  }

  send(frame: Frame, to = this.listeners.length - 1) {
    this.listeners[to]?.onframe(frame);
  }
}

const row = (name: string, pods = 1): NamespaceRow => ({ name, pods, severity: 'ok' });

function body(rows: NamespaceRow[], change: Partial<Body> = {}): Body {
  return {
    total: rows.length,
    unfiltered: rows.length,
    order: rows.map(({ name }) => name),
    upsert: rows.map((one) => ({ id: one.name, row: { row: 'namespace', ...one } })),
    drop: [],
    ...change,
  };
}

/** Lets promises and acknowledgements that are due happen. */
const settle = () => vi.advanceTimersByTimeAsync(0);

let host: HandHost;
let subscription: Subscription;
const names = () => subscription.rowsOf('namespace').map(({ name }) => name);

beforeEach(async () => {
  vi.useFakeTimers();
  host = new HandHost();
  subscription = new Subscription(host);
  subscription.follow(TOPIC);
  await settle();
});

afterEach(() => {
  subscription.stop();
  vi.useRealTimers();
});

describe('a subscription', () => {
  it('applies snapshots and deltas in order, and acknowledges each after it stands', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a'), row('b')]) });
    host.send({
      frame: 'delta',
      seq: 1,
      body: body([row('c')], { order: ['c', 'a'], drop: ['b'], total: 2 }),
    });
    flushSync();
    expect(names()).toEqual(['c', 'a']);
    expect(subscription.phase.state).toBe('live');
    await settle();
    expect(host.acknowledged).toEqual([0, 1]);
  });

  it('keeps the order where a delta does not change it', () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a'), row('b')]) });
    const changed = body([row('a', 9)]);
    delete changed.order;
    host.send({ frame: 'delta', seq: 1, body: changed });
    expect(subscription.rowsOf('namespace').map(({ pods }) => pods)).toEqual([9, 1]);
  });

  it('drops no row that is held when a snapshot replaces all', () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a'), row('b')]) });
    host.send({ frame: 'snapshot', seq: 1, body: body([row('z')]) });
    expect(names()).toEqual(['z']);
    expect(subscription.held.rows.size).toBe(1);
  });

  it('subscribes anew on a gap, and shows what it held until then', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.send({ frame: 'delta', seq: 2, body: body([row('b')]) });
    expect(names()).toEqual(['a']);
    expect(subscription.phase.state).toBe('lost');
    await settle();
    expect(host.unsubscribed).toBe(1);
    expect(host.listeners).toHaveLength(2);
    host.send({ frame: 'snapshot', seq: 0, body: body([row('n')]) });
    expect(names()).toEqual(['n']);
    expect(subscription.phase.state).toBe('live');
  });

  it('does not hear a subscription that it left', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.send({ frame: 'delta', seq: 5, body: body([]) });
    await settle();
    host.send({ frame: 'snapshot', seq: 0, body: body([row('new')]) }, 1);
    host.send({ frame: 'delta', seq: 6, body: body([row('ghost')]) }, 0);
    expect(names()).toEqual(['new']);
    expect(host.listeners).toHaveLength(2);
  });

  it('subscribes anew when three heartbeats are missing, but not before', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    await vi.advanceTimersByTimeAsync(5_900);
    host.send({ frame: 'heartbeat', seq: 1 });
    await vi.advanceTimersByTimeAsync(5_900);
    expect(host.listeners).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(host.listeners).toHaveLength(2);
    expect(names()).toEqual(['a']);
  });

  it('subscribes anew when the way is lost', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.listeners[0]?.onlost(apiError('unavailable', 'gone'));
    expect(subscription.phase.state).toBe('lost');
    await settle();
    expect(host.listeners).toHaveLength(2);
  });

  it('tells why it could not be made, and tries again', async () => {
    host.refusal = apiError('forbidden', 'no');
    const refused = new Subscription(host);
    refused.follow(TOPIC);
    await settle();
    expect(refused.phase).toMatchObject({ state: 'failed', error: { code: 'forbidden' } });
    host.refusal = null;
    await vi.advanceTimersByTimeAsync(600);
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    expect(refused.phase.state).toBe('live');
    refused.stop();
  });

  it('ends where its context is gone, and comes back where it only slept', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.send({ frame: 'end', seq: 1, reason: 'abandoned' });
    await settle();
    expect(host.listeners).toHaveLength(2);
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.send({ frame: 'end', seq: 1, reason: 'gone' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(host.listeners).toHaveLength(2);
    expect(subscription.phase).toEqual({ state: 'ended', reason: 'gone' });
  });

  it('keeps what a closing engine said last, and asks again when the way has broken', async () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    host.send({ frame: 'end', seq: 1, reason: 'shutdown' });
    expect(names()).toEqual(['a']);
    expect(subscription.phase.state).toBe('lost');
    const before = host.listeners.length;
    host.listeners.at(-1)?.onlost({ code: 'unavailable', message: 'lost', causes: [] });
    await settle();
    expect(host.listeners).toHaveLength(before + 1);
    expect(names()).toEqual(['a']);
  });

  it('keeps its rows for a topic that means the same, and only then', () => {
    host.send({ frame: 'snapshot', seq: 0, body: body([row('a')]) });
    subscription.follow(TOPIC, true);
    expect(names()).toEqual(['a']);
    subscription.follow({ topic: 'namespaces', cluster: 'other' });
    expect(names()).toEqual([]);
    expect(subscription.phase.state).toBe('waiting');
  });

  it('unsubscribes when it is stopped before the host has answered', async () => {
    const late = new Subscription(host);
    late.follow(TOPIC);
    late.stop();
    const before = host.unsubscribed;
    await settle();
    expect(host.unsubscribed).toBe(before + 1);
  });
});
