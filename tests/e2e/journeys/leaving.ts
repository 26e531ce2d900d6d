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

/** What is opened or asked in a view before it is left, and the operation whose answer then comes late. */
const BEGUN: readonly {
  view: string;
  operation: string;
  begin: (page: Page) => Promise<unknown>;
}[] = [
  {
    view: 'Settings',
    operation: 'save_prometheus',
    begin: async (page) => {
      const address = page.getByPlaceholder('https://prometheus.example:9090');
      await address.fill('http://127.0.0.1:9');
      const setting = page.getByRole('definition').filter({ has: address });
      await setting.getByRole('button', { name: 'Save', exact: true }).click();
    },
  },
  {
    view: 'Activity',
    operation: 'verify_journal',
    begin: (page) => page.getByRole('button', { name: 'Verify', exact: true }).click(),
  },
  {
    view: 'Workstation',
    operation: 'machine_history',
    begin: (page) => page.getByRole('button', { name: 'History', exact: true }).click(),
  },
  {
    view: 'Jobs',
    operation: 'job_history',
    begin: (page) => page.getByRole('button', { name: 'llama-ft-0417', exact: true }).click(),
  },
  {
    view: 'GPUs',
    operation: 'gpu_history',
    begin: async (page) => {
      await page.getByRole('radio', { name: 'Table' }).click();
      await page.getByRole('table').getByRole('row').nth(1).click();
    },
  },
];

for (const { view, operation, begin } of BEGUN) {
  test(`what was begun in ${view} is answered quietly after it was left`, async ({
    page,
    served,
  }) => {
    const late = await hold(page);
    await page.goto(served.link);
    await whole(page);
    const views = page.getByRole('navigation', { name: 'Views' }).getByRole('button');
    await views.getByText(view, { exact: true }).click();
    late.begin();
    await begin(page);
    await expect.poll(() => late.held()).toContain(operation);

    await views.getByText('Stack', { exact: true }).click();
    await whole(page);
    // In another language every word is another one than what was left had.
    await views.getByText('Settings', { exact: true }).click();
    await page.getByRole('radio', { name: '简体中文' }).click();
    const title = page.getByRole('heading', { level: 1, name: '设置' });
    await expect(title).toBeVisible();
    await late.end();
    await expect(title).toBeVisible();
  });
}

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
