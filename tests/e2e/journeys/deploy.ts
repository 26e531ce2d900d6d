import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

/** Opens the gallery from the rail, and waits for its recipes. */
async function openGallery(page: Page, served: Served): Promise<void> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await expect(recipe(page, 'Serve with vLLM')).toBeVisible();
}

const recipe = (page: Page, name: string) =>
  page.getByRole('listitem').getByRole('button', { name });
const check = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Checks' }).getByRole('listitem').filter({ hasText: name });
/** A node of the demo cluster. */
const NODE = 'gpu-h100-01';
const review = (page: Page) => page.getByRole('button', { name: 'Review what it would change' });

/** Fills in what vLLM cannot do without. */
async function fillIn(page: Page, name: string): Promise<void> {
  await page.locator('#deploy-namespace').fill('llm-prod');
  await page.locator('#parameter-name').fill(name);
  await page.locator('#parameter-model').fill('Qwen/Qwen3-8B');
  await expect(check(page, 'Values')).toContainText('every value is right');
}

test('a model is deployed from the gallery to running pods', async ({ page, served }) => {
  await openGallery(page, served);
  await recipe(page, 'Serve with vLLM').click();
  await page.getByRole('button', { name: 'Fill in' }).click();
  await fillIn(page, 'qwen-journey');
  await expect(page.getByRole('region', { name: 'GPU memory' })).toContainText('8.2 B');
  await review(page).click();
  const changes = page.getByRole('region', { name: 'What changes' });
  await expect(
    changes.getByRole('region', { name: /Deployment.* llm-prod\/qwen-journey/ }),
  ).toContainText('new');
  await page.getByRole('button', { name: /^Apply \d+ objects?$/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'applied.' })).toBeVisible();
  await page.getByRole('button', { name: 'Watch it come up' }).click();
  const pods = page.getByRole('region', { name: 'qwen-journey' });
  await expect(pods.getByRole('listitem').first()).toContainText('scheduled');
  // The address says what is watched: a reload shows it again. Its image is of many gigabytes.
  await expect(statusLine(page)).toContainText('step=watch');
  await page.reload();
  await expect(page.getByRole('heading', { level: 2, name: 'Coming up' })).toBeVisible();
});

test('a container image is deployed, and comes up', async ({ page, served }) => {
  test.setTimeout(300_000);
  await openGallery(page, served);
  await recipe(page, 'A container image').click();
  await page.getByRole('button', { name: 'Fill in' }).click();
  await page.locator('#parameter-name').fill('web-journey');
  await page.locator('#parameter-image').fill('nginx:1.29');
  await expect(check(page, 'Values')).toContainText('every value is right');
  await review(page).click();
  await page.getByRole('button', { name: /^Apply \d+ objects?$/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'applied.' })).toBeVisible();
  await page.getByRole('button', { name: 'Watch it come up' }).click();
  const up = page.getByRole('heading', { level: 2, name: 'It is up' });
  await expect(up).toBeVisible({ timeout: 200_000 });
});

test('what is wrong stands beside its field, in the language that is spoken', async ({
  page,
  served,
}) => {
  await openGallery(page, served);
  await recipe(page, 'Serve with vLLM').click();
  await page.getByRole('button', { name: 'Fill in' }).click();
  await expect(review(page)).toBeDisabled();
  await fillIn(page, 'qwen');
  await page.locator('#parameter-gpus').fill('four');
  const fault = page.locator('#parameter-gpus-error');
  await expect(fault).toContainText('Write a whole number');
  await expect(check(page, 'Values')).toContainText('1 value is not right');
  await expect(review(page)).toBeDisabled();
  await page.locator('#parameter-gpus').fill('2');
  await expect(fault).not.toContainText('Write a whole number');
  await expect(review(page)).toBeEnabled();
});

test('the keyboard alone finds a recipe and begins it', async ({ page, served }) => {
  await openGallery(page, served);
  await page.keyboard.press('/');
  await page.keyboard.type('ollama');
  await expect(recipe(page, 'Serve with vLLM')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.locator('#parameter-name')).toBeVisible();
  await expect(statusLine(page)).toContainText('recipe=ollama');
  await page.keyboard.press('Escape');
  await expect(recipe(page, 'Serve with vLLM')).toBeVisible();
});

test('own YAML is answered with the line that is wrong, and reviewed once it is right', async ({
  page,
  served,
}) => {
  await openGallery(page, served);
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  const file = page.locator('input[type=file]');
  await file.setInputFiles(yaml('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [broken\n'));
  await expect(page.getByRole('alert')).toContainText(/YAML/);
  await file.setInputFiles(
    yaml(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-a-journey\ndata:\n  key: value\n',
    ),
  );
  await expect(page.getByRole('textbox', { name: 'Manifests as YAML' })).toContainText(
    'from-a-journey',
  );
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('radio', { name: 'Fields' }).click();
  await expect(page.getByRole('region', { name: /ConfigMap .*from-a-journey/ })).toContainText(
    'new',
  );
  await expect(page.getByRole('button', { name: 'Apply 1 object' })).toBeEnabled();
});

test('fields are completed and explained by the cluster’s own schema', async ({ page, served }) => {
  await openGallery(page, served);
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  const editor = page.getByRole('textbox', { name: 'Manifests as YAML' });
  await editor.click();
  await page.keyboard.type('apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl');
  // The editor takes no Enter in the first moments of a list, so that none is taken by accident.
  await page.getByRole('option', { name: /^replicas/ }).click();
  await expect(editor).toContainText('replicas: ');
  await editor.getByText('replicas').hover();
  await expect(page.getByText(/desired pods/)).toBeVisible();
});

test('an object that is there is edited in its YAML, and only what was edited is sent', async ({
  page,
  served,
}) => {
  await openGallery(page, served);
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  await page.getByRole('button', { name: 'An object of the cluster…' }).click();
  const dialog = page.getByRole('dialog', { name: 'An object of the cluster' });
  await dialog.getByRole('combobox', { name: 'Kind' }).fill('Deployment');
  await dialog.getByRole('textbox', { name: 'Namespace' }).fill('gpu-operator');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('gpu-operator');
  await dialog.getByRole('button', { name: 'Open' }).click();
  await expect(statusLine(page)).toContainText('object=Deployment/gpu-operator/gpu-operator');
  const editor = page.getByRole('textbox', { name: 'Manifests as YAML' });
  await expect(editor).toContainText('gpu-operator');
  await expect(page.getByRole('button', { name: 'Nothing to apply' })).toBeDisabled();
  // A label is put to it through its preview.
  await page.getByRole('button', { name: 'Label…' }).click();
  const label = page.getByRole('dialog', { name: 'Label gpu-operator' });
  await label.getByRole('textbox', { name: 'Key' }).fill('team');
  await label.getByRole('textbox', { name: /^Value/ }).fill('journey');
  await label.getByRole('button', { name: 'Preview' }).click();
  await expect(label).toContainText('Nothing was changed yet.');
  await label.getByRole('button', { name: 'Label gpu-operator' }).click();
  await expect(label).toContainText('Done.');
  await page.keyboard.press('Escape');
  await expect(editor).toContainText('journey');
});

test('a node is drained only after its name was typed, and is cordoned and let go again', async ({
  page,
  served,
}) => {
  await openGallery(page, served);
  await page.getByRole('radio', { name: 'Own YAML' }).click();
  await page.getByRole('button', { name: 'An object of the cluster…' }).click();
  const opener = page.getByRole('dialog', { name: 'An object of the cluster' });
  await opener.getByRole('combobox', { name: 'Kind' }).fill('Node');
  await opener.getByRole('textbox', { name: 'Name', exact: true }).fill(NODE);
  await opener.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('button', { name: 'Drain…' }).click();
  const drain = page.getByRole('dialog', { name: `Drain ${NODE}` });
  await expect(drain.getByRole('button', { name: `Drain ${NODE}` })).toBeDisabled();
  await expect(drain.getByRole('textbox', { name: `Type ${NODE} to go on` })).toBeVisible();
  await drain.getByRole('button', { name: 'Leave it' }).click();
  for (const verb of ['Cordon', 'Uncordon']) {
    await page.getByRole('button', { name: `${verb}…`, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `${verb} ${NODE}` });
    await dialog.getByRole('button', { name: `${verb} ${NODE}` }).click();
    await expect(dialog).toContainText('Done.');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
});

/** A file of manifests. */
function yaml(text: string) {
  return { name: 'own.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) };
}

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('nothing in the Deploy view keeps anyone out', async ({ page, served }) => {
      await openGallery(page, served);
      await expectAccessible(page);
      await recipe(page, 'Serve with vLLM').click();
      await page.getByRole('button', { name: 'Fill in' }).click();
      await expect(page.locator('#parameter-name')).toBeVisible();
      await expectAccessible(page);
      await fillIn(page, 'qwen');
      await review(page).click();
      await expect(page.getByRole('button', { name: /^Apply \d+/ })).toBeEnabled();
      await expectAccessible(page);
      await page.getByRole('radio', { name: 'YAML' }).click();
      await expect(page.getByRole('textbox', { name: 'Manifests as YAML' })).toBeVisible();
      await expectAccessible(page);
    });
  });
}
