import type { Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

/** Opens the Jobs view from the rail, and waits until its rows are there. */
async function openJobs(page: Page, served: Served): Promise<void> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Jobs/ })).toBeVisible();
  await expect(job(page, 'llama-ft-0417')).toBeVisible();
}

function job(page: Page, name: string) {
  return page.getByRole('row').filter({ hasText: name }).first();
}

test('jobs of every kind are in one table, with time beside it', async ({ page, served }) => {
  await openJobs(page, served);
  await expect(job(page, 'llama-ft-0417')).toContainText('TrainJob');
  await expect(job(page, 'qwen-dpo-31')).toContainText('JobSet');
  await expect(job(page, 'bert-domain-v7')).toContainText('PyTorchJob');
  await expect(job(page, 'chat-assist')).toContainText('InferenceService');
  await expect(page.getByRole('columnheader').filter({ hasText: 'now' })).toBeVisible();
});

test('a job is found by typing, and what does not match can be cleared', async ({
  page,
  served,
}) => {
  await openJobs(page, served);
  await page.keyboard.press('/');
  await page.keyboard.type('qwen-dpo');
  await expect(job(page, 'qwen-dpo-31')).toBeVisible();
  await expect(job(page, 'llama-ft-0417')).toHaveCount(0);
  await page.keyboard.type(' and nothing else');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(job(page, 'llama-ft-0417')).toBeVisible();
});

test('a job opens beside the list, down to its pods, and has an address', async ({
  page,
  served,
}) => {
  await openJobs(page, served);
  await page.getByRole('button', { name: 'llama-ft-0417', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'llama-ft-0417' });
  await expect(panel).toContainText('TrainJob');
  await expect(
    panel
      .getByRole('listitem')
      .filter({ hasText: /^\s*ok\s*Pod/ })
      .first(),
  ).toBeVisible();
  await expect(statusLine(page)).toContainText(
    'open=training/TrainJob.trainer.kubeflow.org/llama-ft-0417',
  );
  await page.reload();
  await expect(panel).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
});

test('the keyboard alone moves through jobs and opens one', async ({ page, served }) => {
  await openJobs(page, served);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('queues tell what is theirs, what is borrowed, and who waits', async ({ page, served }) => {
  await openJobs(page, served);
  await page.getByRole('radio', { name: 'Queues' }).click();
  for (const queue of ['inference', 'research', 'training']) {
    await expect(page.getByRole('article', { name: queue })).toContainText('nvidia.com/gpu');
  }
  await page.getByRole('radio', { name: 'Board' }).click();
  await expect(page.getByRole('region', { name: 'running' }).first()).toContainText(
    'llama-ft-0417',
  );
});

test('a job that was deleted stays on the timeline, with what was known of it', async ({
  page,
  served,
}) => {
  await openJobs(page, served);
  await page.getByRole('button', { name: 'reranker-sft', exact: true }).press('Enter');
  const panel = page.getByRole('complementary', { name: 'reranker-sft' });
  await panel.getByRole('button', { name: 'YAML' }).press('Enter');
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete reranker-sft' });
  await dialog.getByRole('textbox', { name: 'Type reranker-sft to go on' }).fill('reranker-sft');
  await dialog.getByRole('button', { name: 'Delete the Job' }).click();
  await expect(dialog).toContainText('Done.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await expect(job(page, 'reranker-sft')).toHaveCount(0);
  await page.getByRole('radio', { name: /^All/ }).click();
  await expect(job(page, 'reranker-sft')).toContainText('gone');
  await page.getByRole('button', { name: 'reranker-sft', exact: true }).press('Enter');
  await expect(panel).toContainText('This job is no longer in the cluster');
  await expect(panel).toContainText('It was running when it was seen last.');
  await page
    .getByRole('checkbox', { name: 'Show those that are no longer in the cluster' })
    .press('Space');
  await expect(job(page, 'reranker-sft')).toHaveCount(0);
});

test('the board is grouped as the table is', async ({ page, served }) => {
  await openJobs(page, served);
  await page.getByRole('radio', { name: 'Board' }).click();
  await page.getByRole('combobox', { name: 'Group jobs' }).selectOption('by kind');
  const lane = (state: string) =>
    page
      .getByRole('region', { name: state })
      .first()
      .getByRole('listitem')
      .filter({ hasText: /^TrainJob/ });
  await expect(lane('running')).toContainText('1 job');
  await expect(statusLine(page)).toContainText('group=kind');
  const top = async (state: string) => (await lane(state).boundingBox())?.y;
  await expect
    .poll(async () => (await top('queued')) === (await top('running')), 'a lane is one line')
    .toBe(true);
});

test('nothing in the Jobs view keeps anyone out', async ({ page, served }) => {
  await openJobs(page, served);
  await page.getByRole('button', { name: 'llama-ft-0417', exact: true }).click();
  await expect(page.getByRole('complementary')).toBeVisible();
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
