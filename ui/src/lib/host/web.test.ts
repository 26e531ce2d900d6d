import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Link } from './host';
import { takeToken, webHost } from './web';

/** A WebSocket that the test opens, answers and closes. */
class Wire {
  static readonly OPEN = 1;
  static all: Wire[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(
    readonly address: string,
    readonly protocols: string[],
  ) {
    Wire.all.push(this);
  }

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }
}

const last = () => {
  const wire = Wire.all.at(-1);
  if (wire === undefined) throw new Error('no socket was made');
  return wire;
};

beforeEach(() => {
  vi.useFakeTimers();
  Wire.all = [];
  vi.stubGlobal('WebSocket', Wire);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the token', () => {
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      kept,
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    };
  };

  it('is taken from the link, kept for reloads, and leaves the address', () => {
    const store = storage();
    const replaced: unknown[] = [];
    const history = { replaceState: (...args: unknown[]) => replaced.push(args[2]) };
    const at = { hash: '#token=s3cret_-', pathname: '/', search: '' };
    const take = (location: object) =>
      takeToken(location as Location, history as unknown as History, store as unknown as Storage);
    expect(take(at)).toBe('s3cret_-');
    expect(replaced).toEqual(['/']);
    expect(take({ ...at, hash: '#/demo/stack' })).toBe('s3cret_-');
  });

  it('is sent as a subprotocol, never in the address', () => {
    webHost('ws://127.0.0.1:1/socket', 'abc');
    expect(last().protocols).toEqual(['strata', 'strata.token.abc']);
    expect(last().address).not.toContain('abc');
  });

  it('is missing: nothing is tried, and the page says so', async () => {
    const host = webHost('ws://127.0.0.1:1/socket', null);
    const links: Link[] = [];
    host.onlink((link) => links.push(link));
    expect(links).toEqual([{ state: 'locked' }]);
    expect(Wire.all).toHaveLength(0);
    await expect(host.call('about', {})).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('the wire', () => {
  it('answers each question by its number, whatever the order', async () => {
    const host = webHost('ws://x/socket', 't');
    const about = host.call('about', {});
    const bad = host.call('connect_cluster', { cluster: 'x' });
    last().open();
    const [first, second] = last().sent;
    expect(first).toMatchObject({ op: 'call', operation: 'about', request: {} });
    last().say({ id: second?.['id'], error: { code: 'not_found', message: 'no x', causes: [] } });
    last().say({ id: first?.['id'], ok: { version: '1', components: 2 } });
    await expect(about).resolves.toEqual({ version: '1', components: 2 });
    await expect(bad).rejects.toMatchObject({ code: 'not_found' });
  });

  it('hands frames to their subscriber, even those that follow the answer at once', async () => {
    const host = webHost('ws://x/socket', 't');
    const frames: unknown[] = [];
    const made = host.subscribe(
      { topic: 'clusters' },
      { onframe: (frame) => frames.push(frame), onlost: () => undefined },
    );
    last().open();
    last().say({ id: last().sent[0]?.['id'], ok: 7 });
    last().say({ subscription: 7, frame: { frame: 'heartbeat', seq: 0 } });
    last().say({ subscription: 8, frame: { frame: 'heartbeat', seq: 0 } });
    const subscribed = await made;
    expect(frames).toEqual([{ frame: 'heartbeat', seq: 0 }]);
    subscribed.acknowledge(0);
    subscribed.unsubscribe();
    expect(last().sent.slice(1)).toEqual([
      { op: 'acknowledge', subscription: 7, seq: 0 },
      { op: 'unsubscribe', subscription: 7 },
    ]);
  });

  it('comes back by itself: questions fail, subscribers hear of it, later questions wait', async () => {
    const host = webHost('ws://x/socket', 't');
    const links: Link['state'][] = [];
    host.onlink((link) => links.push(link.state));
    const lost: unknown[] = [];
    const made = host.subscribe(
      { topic: 'clusters' },
      { onframe: () => undefined, onlost: (error) => lost.push(error) },
    );
    last().open();
    last().say({ id: last().sent[0]?.['id'], ok: 1 });
    const subscribed = await made;
    const asked = host.call('about', {});
    last().close();
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    expect(lost).toHaveLength(1);
    const later = host.call('about', {});
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Wire.all).toHaveLength(2);
    last().open();
    last().say({ id: last().sent[0]?.['id'], ok: { version: '2', components: 1 } });
    await expect(later).resolves.toMatchObject({ version: '2' });
    // The old subscription's number may be another's now.
    subscribed.unsubscribe();
    expect(last().sent).toHaveLength(1);
    expect(links).toEqual(['lost', 'up', 'lost', 'up']);
  });

  it('knows a program of another start, which refuses the token, from one that is gone', async () => {
    const fetched = vi.fn().mockRejectedValueOnce(new TypeError('nothing listens'));
    fetched.mockResolvedValue({ ok: true });
    vi.stubGlobal('fetch', fetched);
    const host = webHost('ws://x/socket', 'old');
    const links: Link['state'][] = [];
    host.onlink((link) => links.push(link.state));
    last().close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(links.at(-1)).toBe('lost');
    last().close();
    await vi.advanceTimersByTimeAsync(0);
    expect(links.at(-1)).toBe('locked');
    await expect(host.call('about', {})).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
