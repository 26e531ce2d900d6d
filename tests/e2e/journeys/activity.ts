import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

const activity = (page: Page) => page.getByRole('button', { name: 'Activity', exact: true });
const entry = (page: Page, text: string) =>
  page.getByRole('listitem').getByRole('button').filter({ hasText: text });
/** The open entry, beside the list. */
const panel = (page: Page) => page.getByRole('complementary', { name: /^Entry \d+$/ });

/** Applies a ConfigMap of one's own, so that the journal has an entry. */
async function changeSomething(page: Page, served: Served, name: string): Promise<void> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: value\n`;
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'own.yaml', mimeType: 'application/yaml', buffer: Buffer.from(yaml) });
  await page.getByRole('button', { name: 'Apply 1 object' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'applied.' })).toBeVisible();
}

test('before anything was changed, the journal says what will stand there', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await activity(page).click();
  await expect(page.getByText('Nothing has been changed from here yet.')).toBeVisible();
});

test('a change stands in the journal, is found, verified and undone', async ({ page, served }) => {
  await changeSomething(page, served, 'noted-journey');
  await activity(page).click();
  await expect(entry(page, 'noted-journey')).toContainText('applied');
  await entry(page, 'noted-journey').click();
  await expect(panel(page)).toContainText('create');
  await expect(panel(page)).toContainText('kubectl');
  await expect(statusLine(page)).toContainText('open=1');
  await page.reload();
  await expect(panel(page)).toContainText('noted-journey');

  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'verified, unaltered' })).toBeVisible();

  await panel(page).getByRole('button', { name: 'Undo…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo the change of entry 1' });
  await expect(dialog).toContainText('noted-journey');
  await dialog.getByRole('button', { name: 'Undo it' }).click();
  await expect(dialog).toContainText('Done.');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(entry(page, 'delete')).toContainText('noted-journey');
});

test('the journal is searched and filtered, and what hides everything is cleared', async ({
  page,
  served,
}) => {
  await changeSomething(page, served, 'sought-journey');
  await activity(page).click();
  await page.keyboard.press('/');
  await page.keyboard.type('sought-journey');
  await expect(entry(page, 'sought-journey')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(panel(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
  await page.getByRole('radio', { name: 'Failed' }).click();
  await expect(entry(page, 'sought-journey')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show every change' }).click();
  await expect(entry(page, 'sought-journey')).toBeVisible();
});

test('the journal is exported, a line for each change', async ({ page, served }) => {
  await changeSomething(page, served, 'kept-journey');
  await activity(page).click();
  await expect(entry(page, 'kept-journey')).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('strata-journal.jsonl');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual([1]);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('nothing in the Activity view keeps anyone out', async ({ page, served }) => {
      await changeSomething(page, served, 'open-journey');
      await activity(page).click();
      await entry(page, 'open-journey').click();
      await expect(panel(page)).toContainText('kubectl');
      await expectAccessible(page);
      await panel(page).getByRole('button', { name: 'Undo…' }).click();
      await expect(page.getByRole('dialog')).toContainText('open-journey');
      await expectAccessible(page);
    });
  });
}
