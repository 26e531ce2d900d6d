import { expectAccessible } from '../accessible.ts';
import { test } from '../driver.ts';
import { openStack } from '../screen.ts';
import { expect } from '../served.ts';

test.beforeEach(async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Workstation', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Workstation' })).toBeVisible();
});

test('who holds the memory of a GPU and what holds its clock down are told at a glance', async ({
  page,
}) => {
  const bar = page.getByRole('img', { name: /^Who holds the memory/ }).first();
  await expect(bar).toHaveAttribute('aria-label', /sleep 2\.3 GiB.*free 18 GiB/);
  await expect(page.getByText('held to the power limit')).toBeVisible();
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page);
  }
});

test('what a GPU and its machine did is told as charts that are kept on this computer', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'GPU 0', exact: false }).first().click();
  const device = page.getByRole('complementary', {
    name: /^All readings of GPU 0/,
  });
  const busy = device.getByRole('slider', { name: /^GPU utilization/ });
  await expect(busy).toBeVisible();
  await expect(busy).toHaveAttribute('aria-valuetext', /\d+ %/);
  await expect(device.getByText(/^kept on this computer/)).toBeVisible();
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const machine = page.getByRole('complementary', { name: 'This machine' });
  await expect(machine.getByRole('slider', { name: /^Memory used/ })).toBeVisible();
  await machine.getByRole('radio', { name: '7 d' }).click();
  await expect(machine.getByRole('slider', { name: /^Memory used/ })).toBeVisible();
  const saved = page.waitForEvent('download');
  await machine.getByRole('button', { name: 'SVG' }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.svg$/);
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page);
  }
  await page.keyboard.press('Escape');
  await expect(machine).toHaveCount(0);
});

test('a process is ended after what that comes to was told', async ({ page }) => {
  const row = page.getByRole('row').filter({ hasText: 'sleep 600' });
  await row.getByRole('button', { name: /^End process/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('2.3 GiB of GPU 0 becomes free')).toBeVisible();
  await dialog.getByRole('button', { name: 'Ask it to end' }).click();
  await expect(dialog.getByText('The process is gone')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row).toHaveCount(0);
});

test.describe('where the driver hangs', () => {
  test.use({ driver: 'HANG' });

  test('the call is named, and what was said before it stays with its age', async ({ page }) => {
    await expect(page.getByText(/^The driver has not answered for/)).toBeVisible();
    await expect(page.getByText('nvmlDeviceGetUtilizationRates')).toBeVisible();
    await expect(page.getByText('not read now')).toBeVisible();
    const device = page.getByRole('listitem').filter({ hasText: 'GPU 1' });
    await expect(device.getByText('345 MHz')).toBeVisible();
    await expect(device.getByText('unknown', { exact: true })).toBeAttached();
  });
});

test.describe('where MIG is on', () => {
  test.use({ driver: 'MIG' });

  test('processes stand in their instances, and no utilization is made up for them', async ({
    page,
  }) => {
    const row = page.getByRole('row').filter({ hasText: 'sleep 600' });
    await expect(row.getByText('3g.40gb')).toBeVisible();
    await expect(row.getByText('not supported')).toBeVisible();
    await expect(page.getByText(/^MIG is on/)).toBeVisible();
  });
});
