import type { Page } from '@playwright/test';
import { openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';

async function openPart(page: Page, part: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: 'Map' })
    .click();
  await page.getByRole('radio', { name: part }).click();
}

test('a model is followed from its training to its service', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Lifecycle');
  await page.getByRole('radio', { name: /^By model/ }).click();
  const row = page.getByRole('row', { name: /Llama-3\.3-70B-Instruct/ });
  await expect(row).toContainText('llama-ft-0417');
  await expect(row).toContainText('chat-assist');
  await row.getByRole('button').click();
  const panel = page.getByRole('complementary', { name: /Llama-3\.3-70B-Instruct/ });
  await expect(panel).toContainText('corpus-2026');
  await expect(panel).toContainText('volumes[].persistentVolumeClaim.claimName');
  await expect(panel).toContainText('spec.sourceModelUri');
  await expect(panel).toContainText('spec.predictor.model.storageUri');
  await expect(statusLine(page)).toContainText('look=models');
});

test('Escape closes what is known of a model, and one is still among the models', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await openPart(page, 'Lifecycle');
  await page.getByRole('radio', { name: /^By model/ }).click();
  await page
    .getByRole('row', { name: /Llama-3\.3-70B-Instruct/ })
    .getByRole('button')
    .press('Enter');
  await expect(statusLine(page)).toContainText('at=');
  await page.keyboard.press('Escape');
  await expect(statusLine(page)).not.toContainText('at=');
  await expect(statusLine(page)).toContainText('look=models');
});

test('what does not get on says all of why, and leads to its job', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Lifecycle');
  await page
    .getByRole('listitem', { name: 'Model Development' })
    .getByRole('button', { name: /^warning llama-ft-0421/ })
    .click();
  const panel = page.getByRole('complementary', { name: 'llama-ft-0421' });
  await expect(panel).toContainText('nvidia.com/gpu');
  await panel.getByRole('button', { name: 'Show the job' }).click();
  await expect(statusLine(page)).toContainText('/jobs?');
});

test('a model that was trained and is served by nothing says so', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Lifecycle');
  await page.getByRole('radio', { name: /^By model/ }).click();
  await expect(page.getByRole('row', { name: /demand-v5/ })).toContainText('but nothing serves it');
});

test('what stands at a stage leads to its evidence', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Lifecycle');
  const storage = page.getByRole('listitem', { name: 'Model Storage' });
  await storage.getByRole('button', { name: /gemma-3-27b/ }).click();
  const panel = page.getByRole('complementary', { name: 'gemma-3-27b' });
  await expect(panel).toContainText('LocalModelCache');
  await expect(panel).toContainText('status.copies.available');
});

test('kubelets tell how full volumes are, and what is nearly full is named', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await openPart(page, 'Storage');
  await expect(page.getByText(/volume statistics of \d+ of \d+ kubelets/)).toBeVisible({
    timeout: 30_000,
  });
  const amiss = page
    .getByRole('table')
    .filter({ hasText: 'What is amiss' })
    .getByRole('row', { name: /training\/checkpoints .*Nearly full/ });
  await expect(amiss).toBeVisible({ timeout: 30_000 });
  await amiss.getByRole('button').click();
  const panel = page.getByRole('complementary', { name: 'training/checkpoints' });
  await expect(panel).toContainText('stats/summary');
});

test('snapshots and object stores are told, and no key is', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Storage');
  await expect(page.getByRole('row', { name: /model-store-20261120/ })).toContainText('ready');
  await expect(page.getByRole('row', { name: /s3:\/\/atlas-backups/ })).toContainText('velero-s3');
});

test('a conformance test is previewed, run, and leaves nothing behind', async ({
  page,
  served,
}) => {
  // Its pod works for a minute or two.
  test.setTimeout(300_000);
  await openStack(page, served);
  await openPart(page, 'Conformance');
  await page.getByRole('button', { name: /^cannot be told Secure accelerator access/ }).click();
  const panel = page.getByRole('complementary', { name: 'Secure accelerator access' });
  await panel.getByRole('button', { name: 'Preview the test' }).click();
  await expect(panel).toContainText('default/strata-accelerator-access');
  await panel.getByRole('button', { name: 'Run the test' }).click();
  await expect(panel).toContainText('Passed', { timeout: 200_000 });
  await expect(panel).toContainText('nothing is left behind', { timeout: 120_000 });
});

test('a gang that cannot fit is held back while another one runs, and both are deleted', async ({
  page,
  served,
}) => {
  test.setTimeout(300_000);
  await openStack(page, served);
  await openPart(page, 'Conformance');
  await page.getByRole('button', { name: /Gang scheduling/ }).click();
  const panel = page.getByRole('complementary', { name: 'Gang scheduling' });
  await expect(panel).toContainText('How the working group tests it');
  await panel.getByRole('button', { name: 'Preview the test' }).click();
  await expect(panel).toContainText('strata-gang-too-large');
  await panel.getByRole('button', { name: 'Run the test' }).click();
  await expect(panel).toContainText('Passed. Three pods', { timeout: 200_000 });
  await expect(panel).toContainText('nothing is left behind', { timeout: 120_000 });
});

test('what no workload can test says why', async ({ page, served }) => {
  await openStack(page, served);
  await openPart(page, 'Conformance');
  await page.getByRole('button', { name: /Pod autoscaling/ }).click();
  const panel = page.getByRole('complementary', { name: 'Pod autoscaling' });
  await expect(panel).toContainText('Which metric is collected');
});
