import type { Locator, Page } from '@playwright/test';
import { expect, type Served } from './served.ts';

/** The five layers, top to bottom. */
export const LAYERS = ['Workloads', 'Lifecycle', 'Platform', 'Infrastructure', 'Hardware'] as const;
type LayerName = (typeof LAYERS)[number];

/** A band of the stack. */
export function band(page: Page, layer: LayerName): Locator {
  return page.getByRole('region', { name: layer, exact: true });
}

/** A tile, by what it stands for. */
export function tile(page: Page, subject: string): Locator {
  return page.locator(`[data-subject="${subject}"]`);
}

/** The base's button of a node with GPUs. */
export function gpuNode(page: Page, node: string): Locator {
  return page.getByRole('list', { name: 'GPUs' }).getByRole('button', { name: node });
}

/** The status line, where the address stands. */
export function statusLine(page: Page): Locator {
  return page.getByRole('contentinfo');
}

/** The chip of a cluster in the top bar. */
export function chip(page: Page, cluster: string): Locator {
  return page.getByRole('navigation', { name: 'Clusters' }).getByRole('button', { name: cluster });
}

/** Opens the printed link and waits until all of the demo cluster is read. */
export async function openStack(page: Page, served: Served): Promise<void> {
  await page.goto(served.link);
  await whole(page);
}

/** Waits until the stack is whole: every watch live, and tiles in every band. */
export async function whole(page: Page): Promise<void> {
  await expect(statusLine(page)).toContainText(/(\d+) of \1 watches live/);
  for (const layer of LAYERS)
    await expect(band(page, layer).getByRole('button')).not.toHaveCount(0);
}

/** Waits until something of the page is not what it was. */
export async function changes(read: () => Promise<string | null>): Promise<void> {
  const before = await read();
  await expect.poll(read).not.toBe(before);
}
