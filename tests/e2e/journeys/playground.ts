import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

const server = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Served models' }).getByRole('button', { name });
const message = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const answers = (page: Page) => page.getByRole('log').getByRole('article');
const figures = (page: Page) => page.getByRole('group', { name: 'Figures' });

/** Opens what can be tried from Deploy, and chooses a server. */
async function openServer(page: Page, served: Served, name: string): Promise<void> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await server(page, name).click();
  await expect(page.getByRole('combobox', { name: 'Model' })).toBeVisible();
}

test('a served model is asked, and answers with its figures', async ({ page, served }) => {
  await openServer(page, served, 'chat-assist');
  await message(page).fill('Why do GPUs idle?');
  await message(page).press('Enter');
  await expect(answers(page)).toHaveCount(2);
  await expect(figures(page)).toContainText('stop', { timeout: 60_000 });
  await expect(figures(page)).toContainText(/\d+ ms|\d+\.\d+ s/);
  await expect(figures(page)).toContainText('tokens/s');
  await expect(answers(page).nth(1)).not.toContainText('answering');
  // What was said before is asked again with the next question.
  await message(page).fill('And then?');
  await message(page).press('Enter');
  await expect(answers(page)).toHaveCount(4);
  await expect(statusLine(page)).toContainText('/try?server=');
});

test('the same is shown as kubectl and curl', async ({ page, served }) => {
  await openServer(page, served, 'chat-assist');
  await message(page).fill("What's a gang?");
  await page.getByRole('button', { name: 'Show as curl' }).click();
  const dialog = page.getByRole('dialog', { name: 'The same by hand' });
  await expect(dialog).toContainText('port-forward -n llm-prod pod/chat-assist');
  await expect(dialog).toContainText('/v1/chat/completions');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a small load test tells its percentiles', async ({ page, served }) => {
  await openServer(page, served, 'code-pilot');
  await page.getByRole('radio', { name: 'Load test' }).click();
  await page.locator('#load-requests').fill('0');
  await expect(page.getByRole('button', { name: 'Start the test' })).toBeDisabled();
  await page.locator('#load-requests').fill('12');
  await page.locator('#load-output').fill('24');
  await page.getByRole('button', { name: 'Start the test' }).click();
  const result = page.getByRole('region', { name: 'Result' });
  await expect(result.getByRole('status')).toContainText('done', {
    timeout: 90_000,
  });
  await expect(result.getByRole('row', { name: /^TTFT/ })).toBeVisible();
  await expect(result.getByRole('row', { name: /^TPOT/ })).toBeVisible();
  await expect(result.getByRole('img', { name: /TTFT is spread/ })).toBeVisible();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  expect((await saving).suggestedFilename()).toMatch(/^load-test-code-pilot-.*\.json$/);
  // Whoever wonders later why the model was slow finds the test in the journal.
  await page.getByRole('button', { name: 'Activity', exact: true }).click();
  await page.getByRole('button', { name: /code-pilot/ }).click();
  await expect(page.getByRole('main')).toContainText('12 of 12 requests answered');
});

test('the keyboard alone chooses a server and asks it', async ({ page, served }) => {
  await openServer(page, served, 'chat-assist');
  await page.keyboard.press('/');
  await page.keyboard.type('qwen3-vl');
  await expect(server(page, 'chat-assist')).toHaveCount(0);
  await expect(server(page, 'vision-caption')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(statusLine(page)).toContainText('vision-caption');
  await message(page).focus();
  await page.keyboard.type('Hello');
  await page.keyboard.press('Enter');
  await expect(answers(page)).toHaveCount(2);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('nothing in what is tried keeps anyone out', async ({ page, served }) => {
      await openServer(page, served, 'chat-assist');
      await message(page).fill('Why?');
      await message(page).press('Enter');
      await expect(figures(page)).toContainText('stop', { timeout: 60_000 });
      await expectAccessible(page);
      await page.getByRole('radio', { name: 'Load test' }).click();
      await expectAccessible(page);
    });
  });
}
