import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { band, openStack } from '../screen.ts';
import { expect, test } from '../served.ts';

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('the stack is accessible, with and without a path', async ({ page, served }) => {
      await openStack(page, served);
      await expectAccessible(page);
      await band(page, 'Lifecycle').getByRole('button', { name: 'KServe' }).click();
      await expect(
        page.getByRole('region', { name: /^Path/ }).getByRole('listitem'),
      ).not.toHaveCount(0);
      await expectAccessible(page);
    });

    test('the chooser and the settings are accessible', async ({ page, served }) => {
      await openStack(page, served);
      await page.getByRole('button', { name: 'Clusters and contexts' }).click();
      await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Settings' }).click();
      await expect(page.getByText(/components in the catalogue/)).toBeVisible();
      await expectAccessible(page);
    });

    test('the GPUs and the jobs are accessible', async ({ page, served }) => {
      await openStack(page, served);
      await page.getByRole('button', { name: 'GPUs', exact: true }).click();
      const gpus = page.getByRole('main');
      await expect(gpus.getByText(/exporters? (do|does) not answer/)).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Jobs', exact: true }).click();
      await expect(page.getByRole('button', { name: 'llama-ft-0421', exact: true })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('radio', { name: 'Board' }).click();
      await expectAccessible(page);
    });

    test('the dock, the palette and the help are accessible', async ({ page, served }) => {
      await openStack(page, served);
      await page.getByRole('button', { name: 'Watches' }).click();
      await expect(page.getByRole('row', { name: /^Pod core live/ })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('option')).not.toHaveCount(0);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
      await expectAccessible(page);
    });
  });
}
