import { expect, it } from 'vitest';
import type { NamespaceRow, Topic } from '$bindings/contract';
import { apiError, type Host, type Listener } from '$lib/host/host';
import { wholeList } from './wholeList';

const NAMES = Array.from({ length: 2_345 }, (_, at) => `team-${at}`);

/** A host that tells the window that is asked for, or that the way to it broke. */
function listing(isLost = false) {
  let held = 0;
  const host: Host = {
    call: () => Promise.reject(new Error('not asked for here')),
    onlink: () => () => undefined,
    subscribe: (topic: Topic, listener: Listener) => {
      held += 1;
      const { first, count } = 'window' in topic ? topic.window : { first: 0, count: NAMES.length };
      queueMicrotask(() => {
        if (isLost) {
          listener.onlost(apiError('unavailable', 'gone'));
          return;
        }
        const upsert = NAMES.slice(first, first + count).map((name) => {
          const row: NamespaceRow = { name, pods: 1, severity: 'ok' };
          return { id: name, row: { row: 'namespace' as const, ...row } };
        });
        listener.onframe({
          frame: 'snapshot',
          seq: 0,
          body: { total: NAMES.length, unfiltered: NAMES.length, upsert, drop: [] },
        });
      });
      return Promise.resolve({ acknowledge: () => undefined, unsubscribe: () => (held -= 1) });
    },
  };
  return { host, held: () => held };
}

const topic = (window: { first: number; count: number }): Topic => ({
  topic: 'gpu_nodes',
  cluster: 'demo',
  sort: { by: 'node', descending: false },
  window,
});

it('reads a list that is longer than a window, and leaves no subscription', async () => {
  const { host, held } = listing();
  const rows = await wholeList(host, 'namespace', topic);
  expect(rows.map(({ name }) => name)).toEqual(NAMES);
  expect(held()).toBe(0);
});

it('says why a list cannot be read', async () => {
  const { host, held } = listing(true);
  await expect(wholeList(host, 'namespace', topic)).rejects.toMatchObject({ message: 'gone' });
  expect(held()).toBe(0);
});
