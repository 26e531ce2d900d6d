import { band, gpuNode, LAYERS, openStack, statusLine, tile, whole } from '../screen.ts';
import { expect, test } from '../served.ts';

test('choosing a tile lights its path, and Escape clears it', async ({ page, served }) => {
  await openStack(page, served);
  const workloads = band(page, 'Workloads');
  const subject = await workloads.locator('[data-subject]').first().getAttribute('data-subject');
  // By its name: what is first changes with what the cluster does.
  const chosen = workloads.locator(`[data-subject="${subject}"]`);
  await chosen.click();
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
  await expect(statusLine(page)).toContainText(`strata://demo/stack?path=${subject}`);
  await expect(page.getByRole('region', { name: /^Path/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Path/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chosen).toHaveAttribute('aria-pressed', 'false');
  await expect(statusLine(page)).toHaveText(/strata:\/\/demo\/stack(?!\?)/);
});

test('a path is found with the keyboard alone', async ({ page, served }) => {
  await openStack(page, served);
  await page.keyboard.press('j');
  const first = band(page, 'Workloads').getByRole('button').first();
  await expect(first).toBeFocused();
  await page.keyboard.press('j');
  await expect(first).not.toBeFocused();
  await page.keyboard.press('k');
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-item]:focus-visible')).toHaveCount(1);
  for (const [at, layer] of LAYERS.entries()) {
    await page.keyboard.press(`${at + 1}`);
    await expect(band(page, layer).locator('[data-item]:focus')).toHaveCount(1);
  }
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await expect(band(page, 'Workloads').locator('[aria-pressed=true]')).toHaveCount(1);
  await expect(statusLine(page)).toContainText('?path=');
});

test('a node tells what would fail with it', async ({ page, served }) => {
  await openStack(page, served);
  const node = gpuNode(page, 'gpu-h100-01');
  await node.click();
  await expect(node).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('radio', { name: 'Would fail' }).click();
  await expect(statusLine(page)).toContainText(
    'strata://demo/stack?path=node/gpu-h100-01&direction=would_fail',
  );
  const path = page.getByRole('region', { name: /^Path/ });
  await expect(path.getByRole('listitem')).not.toHaveCount(0);
  // Its pods all stand on it.
  for (const pod of await path.getByRole('listitem').all())
    await expect(pod).toContainText('h100-01');
});

test('the keys turn a path around', async ({ page, served }) => {
  await openStack(page, served);
  await band(page, 'Platform').getByRole('button', { name: 'Kueue' }).click();
  await page.keyboard.press('f');
  await expect(page.getByRole('radio', { name: 'Would fail' })).toBeChecked();
  await expect(statusLine(page)).toContainText('direction=would_fail');
  await page.keyboard.press('d');
  await expect(page.getByRole('radio', { name: 'Depends on' })).toBeChecked();
});

test('the address is copied, and brings back what it was copied from', async ({
  page,
  context,
  served,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.origin });
  await openStack(page, served);
  const chosen = band(page, 'Lifecycle').getByRole('button', { name: 'KServe' });
  await chosen.click();
  await page.getByRole('button', { name: 'Copy address' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await expect(statusLine(page)).toContainText(copied);
  const subject = (await chosen.getAttribute('data-subject')) ?? '';

  await page.reload();
  await whole(page);
  await expect(tile(page, subject)).toHaveAttribute('aria-pressed', 'true');

  await page.keyboard.press('Escape');
  await expect(tile(page, subject)).toHaveAttribute('aria-pressed', 'false');
  await page.goto('about:blank');
  await page.goto(`${served.origin}/#/${copied.replace('strata://', '')}`);
  await whole(page);
  await expect(tile(page, subject)).toHaveAttribute('aria-pressed', 'true');
  await expect(statusLine(page)).toContainText(copied);
});

test('the way back through the history clears the path', async ({ page, served }) => {
  await openStack(page, served);
  const chosen = band(page, 'Lifecycle').getByRole('button', { name: 'KServe' });
  await chosen.click();
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
  await page.goBack();
  await expect(chosen).toHaveAttribute('aria-pressed', 'false');
  await page.goForward();
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
});
