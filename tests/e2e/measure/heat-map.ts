/**
 * What a redraw of 8,000 cells takes of the page's main thread: `?fake=thousand` tells new values of
 * every GPU every two seconds. Two figures, since each alone may flatter: what painting the canvas
 * took (the page's own measure), and all that Chromium's main thread did from one frame to the next,
 * from the frame's decoding to the layout, idle time left out.
 *
 *   cd ui && pnpm build:fake && cd ../tests/e2e && npx playwright test --config measure.config.ts
 */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { type CDPSession, expect, type Page, test } from '@playwright/test';

const ROOT = resolve(import.meta.dirname, '../../../ui/dist-fake');
const REDRAWS = 30;
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** Serves the interface that was built over its design data, on loopback. */
async function serve(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(ROOT, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (bytes) => {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** Milliseconds of work of the page's main thread so far. */
async function worked(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** What painting took, each time since the page began. */
function paints(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    performance.getEntriesByName('gpu-map', 'measure').map(({ duration }) => duration),
  );
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, nine of ten ${at(0.9)} ms, worst ${at(1)} ms`;
}

test.use({ viewport: { width: 1920, height: 1080 } });

test('a heat map of 8,000 cells is redrawn', async ({ page }) => {
  const { server, origin } = await serve();
  try {
    await page.goto(`${origin}/?fake=thousand`);
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: 'GPUs' })
      .click();
    await expect(page.getByText('8,000').first()).toBeVisible();
    await expect(page.getByRole('application')).toBeVisible();
    // The first redraws compile what the later ones run.
    await expect.poll(async () => (await paints(page)).length).toBeGreaterThan(5);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const first = (await paints(page)).length;
    const all: number[] = [];
    let [count, before] = [first, await worked(session)];
    while (count < first + REDRAWS) {
      await expect.poll(async () => (await paints(page)).length).toBeGreaterThan(count);
      const now = (await paints(page)).length;
      const after = await worked(session);
      // Where two redraws fell into one look, neither is known by itself.
      if (now === count + 1) all.push(after - before);
      [count, before] = [now, after];
    }
    const painting = (await paints(page)).slice(first);
    console.log(`painting: ${told(painting)} of ${painting.length}`);
    console.log(`everything on the main thread, a redraw: ${told(all)} of ${all.length}`);
  } finally {
    server.close();
  }
});
