/**
 * What a redraw of 8,000 cells takes of the page's main thread: `?fake=thousand` tells new values of
 * every GPU every two seconds. The cells are painted on a thread of their own, so there are four
 * figures: what it took to say what is to be painted (the page's own measure); what there was from the
 * frame's arrival to the end of that, all in one piece: taking the frame in, looking whether places
 * changed, saying what is to be painted; the processor's time of the main thread from the frame's arrival
 * to the end of that task, which a machine that is busy with other things does not lengthen; and the
 * processor's time of the painter's thread, filled pixels included where there is no graphics card.
 *
 *   cd ui && pnpm build:fake && cd ../tests/e2e && npx playwright test --config measure.config.ts
 */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';

const ROOT = resolve(import.meta.dirname, '../../../ui/dist-fake');
const REDRAWS = 30;
/** Shorter tasks of the painter's paint nothing, in milliseconds. */
const TRIFLE = 0.5;
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
  readonly saying: number;
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
      return [{ whole: startTime + duration - frame, saying: duration }];
    });
  });
}

interface Traced {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** When it began, in microseconds, and how long its thread had then computed. */
  readonly ts: number;
  readonly tts?: number;
  /** How long it took of its thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The processor's time of the main thread for each redraw of a trace, in milliseconds. */
function computed(trace: readonly Traced[]): number[] {
  const paints = trace.filter(({ name }) => name === 'gpu-map');
  return trace
    .filter(({ name }) => name === 'fake-frame')
    .flatMap((frame) => {
      const task = trace.find(
        ({ name, pid, tid, ts, dur = 0 }) =>
          name === 'RunTask' &&
          pid === frame.pid &&
          tid === frame.tid &&
          ts <= frame.ts &&
          ts + dur > frame.ts,
      );
      const end = (task?.ts ?? 0) + (task?.dur ?? 0);
      if (task === undefined || !paints.some(({ ts }) => ts > frame.ts && ts < end)) return [];
      // What was before the frame made it.
      return [((task.tts ?? 0) + (task.tdur ?? 0) - (frame.tts ?? 0)) / 1000];
    });
}

/** The processor's time of the painter's thread for each painting of a trace, in milliseconds. */
function painted(trace: readonly Traced[]): number[] {
  const painter = trace.find(
    ({ name, args }) =>
      name === 'thread_name' && args?.name?.startsWith('DedicatedWorker') === true,
  );
  return trace
    .filter(({ name, tid }) => name === 'RunTask' && tid === painter?.tid)
    .map(({ tdur = 0 }) => tdur / 1000)
    .filter((time) => time > TRIFLE);
}

/** Follows what the threads compute while `wait` runs. */
async function traced(browser: Browser, page: Page, wait: () => Promise<void>) {
  const categories = ['blink.user_timing', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { categories });
  await wait();
  const text = (await browser.stopTracing()).toString();
  return (JSON.parse(text) as { traceEvents: Traced[] }).traceEvents;
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, nine of ten ${at(0.9)} ms, worst ${at(1)} ms`;
}

test.use({ viewport: { width: 1920, height: 1080 } });
test.setTimeout(240_000);

test('a heat map of 8,000 cells is redrawn', async ({ browser, page }) => {
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
    const until = (count: number) =>
      expect
        .poll(async () => (await redraws(page)).length, {
          timeout: 180_000,
          intervals: [5_000],
        })
        .toBeGreaterThanOrEqual(count);
    await until(enough);
    const counted = (await redraws(page)).slice(5, enough);
    console.log(`saying what is to be painted: ${told(counted.map(({ saying }) => saying))}`);
    console.log(`from the frame to the end: ${told(counted.map(({ whole }) => whole))}`);
    // In redraws of their own, since being traced costs time too.
    const trace = await traced(browser, page, () => until(enough + REDRAWS));
    console.log(`the main thread's own time: ${told(computed(trace))}`);
    console.log(`the painter's own time: ${told(painted(trace))}`);
  } finally {
    server.close();
  }
});
