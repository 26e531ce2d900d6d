import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

/** One of its three replicas runs out of memory, again and again. */
const FAILING = 'doc-summary';

/** Opens the Jobs view, finds `name` by typing it, and opens it: by keys alone. */
async function openJob(page: Page, served: Served, name: string): Promise<void> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Jobs', exact: true }).press('Enter');
  await expect(page.getByRole('row').filter({ hasText: 'llama-ft-0417' }).first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(1);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(panel(page, name)).toBeVisible();
}

const panel = (page: Page, name: string) => page.getByRole('complementary', { name });
const logs = (page: Page) => page.getByRole('region', { name: 'Logs' });
const events = (page: Page) => page.getByRole('region', { name: 'Events' });

/** Presses the button of the panel that opens the preview of an act. */
async function begin(page: Page, name: string, act: string): Promise<void> {
  await panel(page, name)
    .getByRole('button', { name: `${act}…` })
    .press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
}

test('a failing job names its reason, and the first error of its logs before the lines', async ({
  page,
  served,
}) => {
  await openJob(page, served, FAILING);
  await expect(panel(page, FAILING)).toContainText('Evidence');
  await page.keyboard.press('l');
  await expect(logs(page)).toContainText('First error');
  await expect(logs(page).getByRole('log')).toBeVisible();
  await expect(statusLine(page)).toContainText('dock=logs');
  await page.keyboard.press('Escape');
  await expect(logs(page)).toHaveCount(0);
  await expect(panel(page, FAILING)).toBeVisible();
});

test('its logs are searched, and followed again', async ({ page, served }) => {
  await openJob(page, served, FAILING);
  await page.keyboard.press('l');
  const lines = logs(page).getByRole('log');
  await expect(lines).toBeVisible();
  await page.keyboard.press('s');
  await page.keyboard.type('vllm');
  await expect(logs(page)).toContainText(/[1-9][\d,]* of [\d,]+ lines/);
  await page.keyboard.type(' and nothing of the kind');
  await page.getByRole('button', { name: 'Clear the search' }).press('Enter');
  await expect(lines).toBeVisible();
  // What goes up is looked at; the key brings it to the end, and new lines go on coming.
  const following = logs(page).getByRole('button', { name: 'Following' });
  await following.press('Enter');
  await expect(following).toHaveCount(0);
  await lines.press('g');
  await expect(following).toBeVisible();
});

test('the attempt before the present one has logs of its own', async ({ page, served }) => {
  await openJob(page, served, FAILING);
  await expect(panel(page, FAILING)).toContainText('Attempts');
  await page.keyboard.press('l');
  await expect(logs(page).getByRole('log')).toBeVisible();
  await logs(page).getByRole('checkbox', { name: 'previous attempt' }).press('Space');
  // Of three pods one was begun before.
  await expect(logs(page).getByRole('combobox', { name: 'Whose lines' })).toContainText(
    'all of 1 pod',
  );
  await expect(logs(page).getByRole('log')).toBeVisible();
});

test('what happened to it stands in the order of time, and is thinned to what tells', async ({
  page,
  served,
}) => {
  await openJob(page, served, FAILING);
  await page.keyboard.press('e');
  const entries = events(page).getByRole('listitem');
  await expect(entries.first()).toBeVisible();
  const all = await entries.count();
  await events(page).getByRole('checkbox', { name: 'only what matters' }).press('Space');
  await expect(entries).not.toHaveCount(all);
  await expect(entries.first()).toBeVisible();
});

test('an action is previewed by the API server, and done', async ({ page, served }) => {
  await openJob(page, served, FAILING);
  await begin(page, FAILING, 'Scale');
  const dialog = page.getByRole('dialog');
  const scale = dialog.getByRole('button', { name: 'Scale the job' });
  await expect(scale).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Replicas' }).press('4');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Nothing was changed yet.');
  await expect(dialog.getByRole('row').filter({ hasText: 'minReplicas' })).toContainText('4');
  await expect(dialog.getByRole('button', { name: 'Copy the kubectl command' })).toBeVisible();
  await scale.press('Enter');
  await expect(dialog).toContainText('Done.');
  await expect(dialog).toContainText('journal entry');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('whoever would end a training job is told what work that loses', async ({ page, served }) => {
  const job = 'llama-ft-0417';
  await openJob(page, served, job);
  await begin(page, job, 'Cancel');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/It saved a checkpoint .* ago/);
  await expect(dialog).toContainText('GPU-hours');
  await dialog.getByRole('button', { name: 'Leave it' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(panel(page, job)).toContainText('running');
});

test('what its GPUs did is shown over its life, all together and pod by pod', async ({
  page,
  served,
}) => {
  const job = 'llama-ft-0417';
  await openJob(page, served, job);
  const pods = panel(page, job).getByRole('list', { name: /^Which pod had how many GPUs/ });
  // What is recorded is recorded once in half a minute.
  await expect(pods.getByRole('listitem')).toHaveCount(2, { timeout: 90_000 });
  await expect(panel(page, job).getByRole('slider', { name: /^SM active/ })).toBeVisible();
  await pods.getByRole('button').first().press('Enter');
  await expect(panel(page, job).getByRole('button', { name: 'All its GPUs' })).toBeVisible();
  await expect(panel(page, job)).toContainText('Recorded since');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('nothing of a job in detail keeps anyone out', async ({ page, served }) => {
      await openJob(page, served, 'llama-ft-0417');
      // What is recorded is recorded once in half a minute.
      await expect(panel(page, 'llama-ft-0417').getByRole('slider').first()).toBeVisible({
        timeout: 90_000,
      });
      await page.keyboard.press('l');
      await expect(logs(page).getByRole('log')).toBeVisible();
      await expectAccessible(page);
    });
  });
}
