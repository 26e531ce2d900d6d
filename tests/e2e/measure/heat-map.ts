/**
 * What a redraw of 8,000 cells takes of the page's main thread: `?fake=thousand` tells new values of
 * every GPU every two seconds. Two figures, since painting alone may flatter: what painting the canvas
 * took (the page's own measure), and what there was from the frame's arrival to the end of painting,
 * all in one piece: taking the frame in, laying the cells out anew, painting them.
 *
 *   cd ui && pnpm build:fake && cd ../tests/e2e && npx playwright test --config measure.config.ts
 */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';

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

interface Redraw {
  /** From the frame's arrival on, in milliseconds. */
  readonly whole: number;
  readonly painting: number;
}

/** Every redraw that a frame led to, since the page began. */
function redraws(page: Page): Promise<Redraw[]> {
  return page.evaluate(() => {
    const frames = performance.getEntriesByName('fake-frame').map(({ startTime }) => startTime);
    const paints = performance.getEntriesByName('gpu-map', 'measure');
    return frames.flatMap((frame, at) => {
      const next = frames[at + 1] ?? Number.POSITIVE_INFINITY;
      const paint = paints.find(({ startTime }) => startTime >= frame && startTime < next);
      if (paint === undefined) return [];
      const { startTime, duration } = paint;
      return [{ whole: startTime + duration - frame, painting: duration }];
    });
  });
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, nine of ten ${at(0.9)} ms, worst ${at(1)} ms`;
}

test.use({ viewport: { width: 1920, height: 1080 } });
test.setTimeout(240_000);

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
    const enough = 5 + REDRAWS;
    await expect
      .poll(async () => (await redraws(page)).length, { timeout: 180_000, intervals: [5_000] })
      .toBeGreaterThanOrEqual(enough);
    const counted = (await redraws(page)).slice(5, enough);
    console.log(`painting: ${told(counted.map(({ painting }) => painting))}`);
    console.log(`from the frame to the end: ${told(counted.map(({ whole }) => whole))}`);
  } finally {
    server.close();
  }
});
