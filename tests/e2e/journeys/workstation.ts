import AxeBuilder from '@axe-core/playwright';
import { openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';

// The same on every machine, whether it has a GPU or not.
test.use({ environment: { STRATA_NVML_LIBRARY: '/nowhere/libnvidia-ml.so.1' } });

test.beforeEach(async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Workstation', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Workstation' })).toBeVisible();
});

test('a library that is not there is told with what to do, and the machine goes on', async ({
  page,
}) => {
  await expect(page.getByText('The library that was named cannot be loaded')).toBeVisible();
  await expect(page.getByText('Correct STRATA_NVML_LIBRARY, or leave it out')).toBeVisible();
  await expect(page.getByText('not read now')).toBeVisible();
  // Processors and memory are read all the same.
  await expect(page.getByText(/\d+ threads/)).toBeVisible();
  await expect(statusLine(page)).toContainText('workstation');
});

test('the workstation is accessible in both themes', async ({ page }) => {
  await expect(page.getByText('The library that was named cannot be loaded')).toBeVisible();
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  }
});

test.describe('where the file of what was measured is damaged', () => {
  test.use({ kept: { 'history.db': 'no database, and perhaps the only copy of something' } });

  test('it is set aside under a name that is told, and a new one begun', async ({ page }) => {
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const machine = page.getByRole('complementary', { name: 'This machine' });
    await expect(
      machine.getByText(/^The history file was damaged and a new one was started/),
    ).toBeVisible();
    await expect(machine.getByText(/history\.db\.damaged-1$/)).toBeVisible();
    await expect(machine.getByRole('slider', { name: /^Memory used/ })).toBeVisible();
  });
});
