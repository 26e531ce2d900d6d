import { writeFileSync } from 'node:fs';
import { changes, chip, openStack, whole } from '../screen.ts';
import { expect, test } from '../served.ts';

// Nothing listens on port 1 of loopback.
const edge = `
apiVersion: v1
kind: Config
clusters:
  - name: edge
    cluster: { server: "https://127.0.0.1:1" }
users:
  - name: ada
    user: { token: none }
contexts:
  - name: edge
    context: { cluster: edge, user: ada }
`;

test.use({ kubeconfigs: { 'edge.yaml': edge, 'broken.yaml': 'contexts: [ {' } });

test('a broken file is named and hurts no other', async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Clusters and contexts' }).click();
  await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
  const contexts = page.getByRole('main').getByRole('listitem');
  await expect(contexts.filter({ hasText: 'edge' })).toContainText('https://127.0.0.1:1');
  await expect(contexts.filter({ hasText: 'demo' })).toContainText('inside this program');
  await expect(page.getByRole('region', { name: 'Could not be read' })).toContainText(
    'broken.yaml',
  );
  await page.getByRole('searchbox', { name: 'Filter contexts' }).fill('edg');
  await expect(contexts).toHaveCount(1);
});

test('a connection that fails says at which step and what helps', async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Clusters and contexts' }).click();
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'edge' });
  await row.getByRole('button', { name: 'Connect', exact: true }).click();
  const main = page.getByRole('main');
  await expect(main.getByText('Failed at TCP')).toBeVisible();
  await expect(main.getByText('nothing listens at 127.0.0.1:1')).toBeVisible();
  await expect(main.getByText(/correct the port in the kubeconfig/)).toBeVisible();
  await expect(main.getByRole('listitem').filter({ hasText: 'TCP' })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await expect(chip(page, 'edge')).toContainText('failed');

  await page.getByRole('button', { name: 'Diagnose' }).click();
  const steps = page.getByRole('region', { name: 'Connection, step by step' });
  await expect(steps.getByRole('row', { name: /^Configuration/ })).toContainText('passed');
  const tcp = steps.getByRole('row', { name: /^TCP/ });
  await expect(tcp).toContainText('failed');
  await expect(tcp).toContainText('nothing listens at 127.0.0.1:1');
  await expect(steps.getByRole('row', { name: /^Version/ })).toContainText('skipped');

  // The demo cluster goes on beside it.
  await changes(() => chip(page, 'demo').locator('time').getAttribute('datetime'));
  await chip(page, 'demo').click();
  await whole(page);
});

test('a file is added by its path, and forgotten again', async ({ page, served }, testInfo) => {
  const file = testInfo.outputPath('team.yaml');
  writeFileSync(file, edge.replaceAll('edge', 'team'));
  await openStack(page, served);
  await page.getByRole('button', { name: 'Clusters and contexts' }).click();
  const team = page.getByRole('main').getByRole('listitem').filter({ hasText: 'team' });
  await expect(team).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Add a kubeconfig file' }).fill(file);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(team).toContainText('https://127.0.0.1:1');

  await page.getByRole('button', { name: 'Settings' }).click();
  // Its context stands in Settings as well, to be protected.
  const added = team.filter({ hasText: 'added by hand' });
  await added.getByRole('button', { name: 'Forget' }).click();
  await expect(team).toHaveCount(0);
});
