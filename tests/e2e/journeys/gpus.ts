import AxeBuilder from '@axe-core/playwright';
import { openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';
import type { Page } from '@playwright/test';
import type { Served } from '../served.ts';

/** Opens the GPUs view of the demo cluster and waits until every exporter was asked. */
async function openGpus(page: Page, served: Served): Promise<void> {
  await openStack(page, served);
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: 'GPUs' })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'GPUs' })).toBeVisible();
  await expect(page.getByRole('application')).toBeVisible();
  await expect(page.getByText(/exporters (do(es)? not )?answer/)).toBeVisible();
}

test('the map, the table and the panel tell of the same GPU', async ({ page, served }) => {
  await openGpus(page, served);
  await expect(statusLine(page)).toContainText('demo/gpus');
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('table', { name: 'GPUs' });
  await expect(table).toHaveAttribute('aria-rowcount', '160');
  // The worst comes first: the one that fell off the bus.
  const first = table.getByRole('row').nth(1);
  await expect(first).toContainText('unhealthy');
  await first.click();
  const panel = page.getByRole('complementary', { name: /gpu-a100-05/ });
  await expect(panel).toContainText('XID 79: GPU has fallen off the bus');
  await expect(panel).toContainText('Cordon and drain gpu-a100-05');
  await expect(statusLine(page)).toContainText('open=gpu-a100-05');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});

test('a filter says what it lets through, and clears', async ({ page, served }) => {
  await openGpus(page, served);
  await page.keyboard.press('/');
  await page.keyboard.type('h100 held');
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('table', { name: 'GPUs' });
  await expect(table.getByRole('row').nth(1)).toContainText('gpu-h100');
  await page.keyboard.press('/');
  await page.keyboard.type('nothing-is-called-so');
  await expect(page.getByText('No GPU matches “nothing-is-called-so”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(table).toHaveAttribute('aria-rowcount', '160');
});

test('the map is walked by keys', async ({ page, served }) => {
  await openGpus(page, served);
  const map = page.getByRole('application');
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: /GPU \d/ })).toBeVisible();
});

test('a price makes the gap cost something', async ({ page, served }) => {
  await openGpus(page, served);
  await page.getByRole('radio', { name: 'Capacity' }).click();
  await expect(page.getByRole('heading', { name: 'What fits now' })).toBeVisible();
  for (const field of await page.getByRole('textbox', { name: /^Price of an hour/ }).all()) {
    await field.fill('2.5');
    await field.blur();
  }
  await expect(page.getByText(/allocated, not used: \d+ GPUs · \$[\d.,]+ an hour/)).toBeVisible();
});

test('the map and who held GPUs over time are saved as pictures', async ({ page, served }) => {
  await openGpus(page, served);
  const map = page.waitForEvent('download');
  await page.getByRole('button', { name: 'SVG' }).click();
  expect((await map).suggestedFilename()).toMatch(/gpu-map\.svg$/);
  await page.getByRole('radio', { name: 'Capacity' }).click();
  const now = page.waitForEvent('download');
  await page.getByRole('button', { name: 'SVG' }).click();
  expect((await now).suggestedFilename()).toMatch(/gpu-capacity\.svg$/);
  await page.getByLabel('How far the picture goes back').selectOption('1h');
  // The first half minute is kept a moment after the exporters told of it.
  await expect(async () => {
    const download = page.waitForEvent('download', { timeout: 2_000 });
    await page.getByRole('button', { name: 'SVG' }).click();
    expect((await download).suggestedFilename()).toMatch(/gpus\.svg$/);
  }).toPass();
});

test('the list is saved for a spreadsheet, as it is filtered', async ({ page, served }) => {
  await openGpus(page, served);
  await page.getByRole('radio', { name: 'Table' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('gpu-a100-05');
  await expect(page.getByRole('table', { name: 'GPUs' })).toHaveAttribute('aria-rowcount', '8');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save this list as CSV' }).click();
  const file = await (await download).createReadStream();
  const lines = (await file.toArray()).join('').trim().split('\r\n');
  expect(lines).toHaveLength(9);
  expect(lines[0]).toContain('node,gpu,uuid');
  // The one that fell off the bus tells nothing: that is not 0.
  expect(lines.find((line) => line.startsWith('gpu-a100-05,7,'))).toContain(',unknown,');
});

test('from a GPU to the job that holds it is one step', async ({ page, served }) => {
  await openGpus(page, served);
  await page.getByRole('radio', { name: 'Table' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('ana-attention');
  await page.getByRole('table', { name: 'GPUs' }).getByRole('row').nth(1).click();
  const panel = page.getByRole('complementary', { name: /GPU \d/ });
  await panel.getByRole('button', { name: /Notebook ana-attention/ }).click();
  await expect(page.getByRole('complementary', { name: /ana-attention/ })).toBeVisible();
  await expect(statusLine(page)).toContainText('jobs?show=all&open=research/Notebook');
});

test('nothing in the view is out of reach of assistive technology', async ({ page, served }) => {
  await openGpus(page, served);
  for (const shown of ['Map', 'Table', 'Capacity']) {
    await page.getByRole('radio', { name: shown }).click();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations).toEqual([]);
  }
});

test('a GPU has a history, and a rectangle on the map lists what is in it', async ({
  page,
  served,
}) => {
  await openGpus(page, served);
  await page.keyboard.press('/');
  await page.keyboard.type('h100 held');
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('table', { name: 'GPUs' });
  await table.getByRole('row').nth(1).click();
  const panel = page.getByRole('complementary', { name: /GPU \d/ });
  await expect(panel.getByRole('heading', { name: 'History' })).toBeVisible();
  // The hour before the start is what Prometheus remembers.
  const power = panel.getByRole('slider', { name: /^Power: / });
  await expect(power).toHaveAttribute('aria-valuetext', /^last \d+ W$/);
  await panel.getByRole('radio', { name: '7 d' }).click();
  await expect(power).toHaveAttribute('aria-valuetext', /^last \d+ W$/);
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Map' }).click();
  const map = await page.getByRole('application').boundingBox();
  if (map === null) throw new Error('no map');
  await page.mouse.move(map.x + 60, map.y + 60);
  await page.mouse.down();
  await page.mouse.move(map.x + 260, map.y + 200, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('searchbox', { name: /^Filter/ })).toHaveValue(/^on=/);
  await expect(table.getByRole('row').nth(1)).toBeVisible();
});

test('a GPU is compared with those of its node and with the time before', async ({
  page,
  served,
}) => {
  await openGpus(page, served);
  await page.keyboard.press('/');
  await page.keyboard.type('h100 held');
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('table', { name: 'GPUs' });
  await table.getByRole('row').nth(1).click();
  const panel = page.getByRole('complementary', { name: /GPU \d/ });
  const compare = panel.getByRole('combobox', { name: 'Compare with' });
  await compare.selectOption({ label: 'GPUs of its node' });
  const power = panel.getByRole('figure').filter({ hasText: /^Power/ });
  // One line is hidden by a click, in every chart.
  const lines = power.getByRole('button', { name: /GPU \d/ });
  await expect(lines).toHaveCount(8);
  await lines.nth(3).click();
  await expect(panel.locator('[aria-pressed="false"]').first()).toBeVisible();
  // The keyboard moves the cursor, and the legend tells what was then.
  const cursor = panel.getByRole('slider', { name: /^Power: / });
  await cursor.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(cursor).toHaveAttribute('aria-valuetext', /\d\d:\d\d: GPU/);
  await compare.selectOption({ label: 'the time before' });
  await expect(lines).toHaveCount(1);
  await expect(power.getByRole('button', { name: /before/ })).toBeVisible();
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'SVG' }).click();
  expect((await download).suggestedFilename()).toMatch(/-gpu-\d\.svg$/);
});

test('the map goes back through what is kept, and says where nothing is', async ({
  page,
  served,
}) => {
  await openGpus(page, served);
  await page.getByRole('radio', { name: '1 d', exact: true }).click();
  const moment = page.getByRole('slider', { name: 'Moment shown' });
  // Long before the demo began: every GPU is unknown, and none is at 0.
  await moment.fill('-72000');
  await expect(page.getByText('20 h ago · mean of 5 min')).toBeVisible();
  const without = page.getByRole('listitem').filter({ hasText: 'no value' });
  await expect(without).toContainText('160');
  await expect(statusLine(page)).toContainText('back=1d');
  // Half an hour ago: what Prometheus remembers.
  await moment.fill('-1800');
  await expect(page.getByText('30 min ago · mean of 5 min')).toBeVisible();
  await expect(without).not.toContainText('160');
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(statusLine(page)).not.toContainText('ago=');
});

test('the nodes tell where the capacity goes, in any order', async ({ page, served }) => {
  await openGpus(page, served);
  await page.getByRole('radio', { name: 'Capacity' }).click();
  await page.getByRole('radio', { name: 'Node', exact: true }).click();
  const table = page.getByRole('table', { name: 'GPUs by node' });
  // The one whose GPU fell off the bus gives out one less than it has.
  await table.getByRole('button', { name: 'Unhealthy' }).click();
  const first = table.getByRole('row').nth(1);
  await expect(first).toContainText('gpu-a100-05');
  const cells = first.getByRole('cell');
  await expect(cells.nth(1)).toHaveText('8');
  await expect(cells.nth(2)).toHaveText('7');
  await expect(cells.nth(3)).toHaveText('1');
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations).toEqual([]);
  await first.click();
  await expect(page.getByRole('table', { name: 'GPUs', exact: true })).toHaveAttribute(
    'aria-rowcount',
    '8',
  );
});
