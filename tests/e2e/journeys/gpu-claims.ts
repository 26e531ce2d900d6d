import AxeBuilder from '@axe-core/playwright';
import { openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';
import type { Locator, Page } from '@playwright/test';
import type { Served } from '../served.ts';

/** A claim that nothing asks for, so that it waits. */
const WAITING = `apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata:
  name: from-a-journey
  namespace: predict-prod
spec:
  devices:
    requests:
      - name: gpu
        exactly:
          deviceClassName: gpu.nvidia.com
`;

const views = (page: Page) => page.getByRole('navigation', { name: 'Views' });

/** Opens the claims of the demo cluster. */
async function openClaims(page: Page): Promise<Locator> {
  await views(page).getByRole('button', { name: 'GPUs' }).click();
  await page.getByRole('radio', { name: 'Capacity' }).click();
  await page.getByRole('radio', { name: 'DRA claim' }).click();
  const claims = page.getByRole('table', { name: 'Device claims' });
  await expect(claims.getByRole('row').nth(1)).toBeVisible();
  return claims;
}

async function openDemo(page: Page, served: Served): Promise<Locator> {
  await openStack(page, served);
  return openClaims(page);
}

test('a claim tells its device, its node and its pod, and opens by keys alone', async ({
  page,
  served,
}) => {
  const claims = await openDemo(page, served);
  const given = claims.getByRole('row').filter({ hasText: 'fraud-score' }).first();
  await expect(given).toContainText('in use');
  await expect(given).toContainText(/gpu-\d/);
  await expect(given).toContainText(/gpu-l40s-\d\d/);
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations).toEqual([]);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const second = claims.getByRole('row').nth(2);
  await expect(second).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(statusLine(page)).toContainText('object=ResourceClaim.resource.k8s.io/');
  await expect(page.getByRole('textbox', { name: 'Manifests as YAML' })).toContainText(
    'kind: ResourceClaim',
  );
});

test('a claim that waits comes first, with the reason', async ({ page, served }) => {
  await openStack(page, served);
  await views(page).getByRole('button', { name: 'Deploy' }).click();
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  await page.locator('input[type=file]').setInputFiles({
    name: 'claim.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(WAITING),
  });
  await page.getByRole('button', { name: 'Apply 1 object' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'applied.' })).toBeVisible();
  const first = (await openClaims(page)).getByRole('row').nth(1);
  await expect(first).toContainText('from-a-journey');
  await expect(first).toContainText('pending');
  await expect(first).toContainText('no pod asks for it');
});

test('a node is opened from its row and from a GPU on it', async ({ page, served }) => {
  await openDemo(page, served);
  await page.getByRole('radio', { name: 'Node', exact: true }).click();
  const nodes = page.getByRole('table', { name: 'GPUs by node' });
  await nodes.getByRole('button', { name: 'Node', exact: true }).click();
  await expect(statusLine(page)).toContainText('nodes=node');
  await nodes.getByRole('button', { name: /^Open gpu-a100-01:/ }).click();
  await expect(statusLine(page)).toContainText('object=Node//gpu-a100-01');
  await page.goBack();
  await page.getByRole('radio', { name: 'Table' }).click();
  await page.getByRole('table', { name: 'GPUs', exact: true }).getByRole('row').nth(1).click();
  const panel = page.getByRole('complementary', { name: /GPU \d/ });
  await panel.getByRole('button', { name: /^gpu-/ }).click();
  await expect(statusLine(page)).toContainText('object=Node//gpu-');
});
