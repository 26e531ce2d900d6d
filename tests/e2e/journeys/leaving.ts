import type { Page } from '@playwright/test';
import { changes, whole } from '../screen.ts';
import { expect, test } from '../served.ts';

test('a view that is left before it was answered takes the answers quietly', async ({
  page,
  served,
}) => {
  const late = await hold(page);
  await page.goto(served.link);
  await whole(page);
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('button');
  const names = (await views.allTextContents()).map((name) => name.trim());
  expect(names).toContain('Settings');

  late.begin();
  for (const name of names) {
    await views.getByText(name, { exact: true }).click();
    await expect(page.getByRole('main')).not.toBeEmpty();
  }
  await views.getByText('Stack', { exact: true }).click();
  await whole(page);
  // The clusters that the left views were given are others by now; each complaint fails this test.
  await changes(() => Promise.resolve(late.frames().toString()));
  expect(late.held()).toContain('read_prometheus');
  await late.end();
  await whole(page);
});

type Asked =
  | { id: number; op: 'call'; operation: string }
  | { id: number; op: 'subscribe'; topic: { topic: string } }
  | { op: 'acknowledge' | 'unsubscribe' };

interface Told {
  id?: number;
  ok?: unknown;
  subscription?: number;
  frame?: { frame: string };
}

/** Stands between the page and Strata: holds answers to operations back, and lets all else through. */
async function hold(page: Page) {
  let isHolding = false;
  let frames = 0;
  const asks = { calls: new Map<number, string>(), clusters: -1 };
  let clusters = -1;
  const held: { operation: string; send: () => void }[] = [];
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const asked = JSON.parse(text.toString()) as Asked;
      if (asked.op === 'call') asks.calls.set(asked.id, asked.operation);
      if (asked.op === 'subscribe' && asked.topic.topic === 'clusters') asks.clusters = asked.id;
      server.send(text);
    });
    server.onMessage((text) => {
      const told = JSON.parse(text.toString()) as Told;
      if (told.id === asks.clusters) clusters = told.ok as number;
      if (told.subscription === clusters && told.frame?.frame === 'delta') frames += 1;
      const operation = asks.calls.get(told.id ?? -1);
      const send = () => socket.send(text);
      if (isHolding && operation !== undefined) held.push({ operation, send });
      else send();
    });
  });
  return {
    begin: () => (isHolding = true),
    frames: () => frames,
    held: () => held.map(({ operation }) => operation),
    async end() {
      isHolding = false;
      held.splice(0).forEach(({ send }) => send());
      // A turn of the page after the last of them.
      await page.evaluate(() => new Promise((turn) => requestAnimationFrame(turn)));
    },
  };
}
