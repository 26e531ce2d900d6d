import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';
import { openStack, statusLine } from '../screen.ts';
import { expect, test, type Served } from '../served.ts';

const recipe = (page: Page, name: string) =>
  page.getByRole('listitem').getByRole('button', { name });
const apply = (page: Page) => page.getByRole('button', { name: /^Apply \d+ objects?$/ });
const applied = (page: Page) => page.getByRole('status').filter({ hasText: 'applied.' });
const review = (page: Page) => page.getByRole('region', { name: 'What changes' });
/** The open release, beside the list. */
const panel = (page: Page, name: string) => page.getByRole('complementary', { name });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

/** Deploys a container image by the form, and opens the release that this made. */
async function deploy(page: Page, served: Served, name: string): Promise<Locator> {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await recipe(page, 'A container image').click();
  await page.getByRole('button', { name: 'Fill in' }).click();
  await page.locator('#parameter-name').fill(name);
  await page.locator('#parameter-image').fill('nginx:1.28');
  await page.getByRole('button', { name: 'Review what it would change' }).click();
  await apply(page).click();
  await expect(applied(page)).toBeVisible();
  await page.getByRole('button', { name: 'To the release' }).click();
  await expect(panel(page, name)).toContainText('revision 1');
  return panel(page, name);
}

/** Changes the image of the open release to another, as its second revision. */
async function change(page: Page, release: Locator): Promise<void> {
  await release.getByRole('button', { name: 'Change values' }).click();
  // The form has the values of the revision.
  await expect(page.locator('#parameter-image')).toHaveValue('nginx:1.28');
  await page.locator('#parameter-image').fill('nginx:1.29');
  await page.getByRole('button', { name: 'Review what it would change' }).click();
  await expect(review(page)).toContainText('nginx:1.28');
  await expect(review(page)).toContainText('nginx:1.29');
  await apply(page).click();
  await expect(applied(page)).toBeVisible();
  await page.getByRole('button', { name: 'To the release' }).click();
  await expect(release).toContainText('revision 2');
}

test('a release is deployed, changed, compared, rolled back and deleted', async ({
  page,
  served,
}) => {
  test.setTimeout(300_000);
  const release = await deploy(page, served, 'web-journey');
  // Beside the open release the list keeps what tells releases apart, and how they do.
  await expect(row(page, 'web-journey')).toContainText('up');
  await expect(release).toContainText('image');
  await change(page, release);

  await release.getByRole('button', { name: 'Compare: revision 1, revision 2' }).click();
  const difference = page.getByRole('region', { name: 'What is different' });
  await expect(difference).toContainText('nginx:1.28');
  await expect(difference).toContainText('nginx:1.29');
  await page.getByRole('radio', { name: 'Unified' }).click();
  await expect(statusLine(page)).toContainText('layout=unified');
  await page.reload();
  await expect(difference).toContainText('nginx:1.28');
  await page.getByRole('button', { name: 'Roll back to 1…' }).click();

  await expect(review(page)).toContainText('nginx:1.28');
  await apply(page).click();
  await expect(applied(page)).toBeVisible();
  await page.getByRole('button', { name: 'To the list' }).click();
  await expect(release).toContainText('revision 3');

  await release.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete web-journey' });
  // The dialog has an address: it is there again after a reload.
  await expect(statusLine(page)).toContainText('act=delete');
  await page.reload();
  // What goes along is listed before anything goes, and the name has to be typed.
  await expect(dialog).toContainText('Deployment');
  await expect(dialog).toContainText('strata-release.web-journey.v1');
  const button = dialog.getByRole('button', { name: /^Delete \d+ objects?$/ });
  await expect(button).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Type web-journey to delete it' }).fill('web-journey');
  await button.click();
  await expect(dialog).toContainText('Done.');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(row(page, 'web-journey')).toHaveCount(0);
});

test('a release is scaled by a new revision, which the review shows', async ({ page, served }) => {
  const release = await deploy(page, served, 'scaled-journey');
  await release.getByRole('button', { name: 'Scale…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Scale scaled-journey' });
  await dialog.getByRole('textbox', { name: 'Replicas' }).fill('3');
  await dialog.getByRole('button', { name: 'Review what it would change' }).click();
  await expect(review(page)).toContainText('spec.replicas');
  await apply(page).click();
  await expect(applied(page)).toBeVisible();
  await page.getByRole('button', { name: 'To the release' }).click();
  await expect(release).toContainText('revision 2');
  // What runs of it is live: its three pods become ready while one looks.
  await expect(row(page, 'scaled-journey')).toContainText('3 / 3', { timeout: 200_000 });
});

test('a protected cluster is unlocked in place, by typing its name, and locked again', async ({
  page,
  served,
}) => {
  const release = await deploy(page, served, 'locked-journey');
  await page.getByRole('button', { name: 'Clusters and contexts' }).click();
  await page
    .getByRole('listitem')
    .filter({ hasText: 'demo' })
    .getByRole('button', { name: 'Protect' })
    .click();
  const protect = page.getByRole('dialog', { name: 'Protect demo' });
  await protect.getByRole('button', { name: 'Protect', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const lock = page.getByRole('button', { name: 'demo is protected and read-only' });
  await expect(lock).toBeVisible();

  await page.goBack();
  await release.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete locked-journey' });
  await expect(dialog).toContainText('demo is protected and read-only');
  await dialog
    .getByRole('textbox', { name: 'Type locked-journey to delete it' })
    .fill('locked-journey');
  const button = dialog.getByRole('button', { name: /^Delete \d+ objects?$/ });
  await expect(button).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Type demo to unlock it' }).fill('demo');
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await expect(button).toBeEnabled();
  await dialog.getByRole('button', { name: 'Leave it' }).click();

  await page.getByRole('button', { name: 'demo is protected, and unlocked' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lock again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(lock).toBeVisible();
});

test('Settings protect a context, and take that away by its typed name', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Protect demo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Protect', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const change = page.getByRole('button', { name: 'Change the protection of demo' });
  await expect(page.getByRole('listitem').filter({ has: change })).toContainText(
    'protected, read-only',
  );
  await change.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Type demo to go on' }).fill('demo');
  await dialog.getByRole('button', { name: 'Remove the protection' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: 'Protect demo' })).toBeVisible();
});

test('the keyboard alone finds a release and opens it', async ({ page, served }) => {
  await deploy(page, served, 'keys-journey');
  await page.keyboard.press('Escape');
  await expect(panel(page, 'keys-journey')).toHaveCount(0);
  await page.keyboard.press('/');
  await page.keyboard.type('keys-');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(panel(page, 'keys-journey')).toBeVisible();
  await page.keyboard.press('y');
  await expect(page.getByRole('textbox', { name: 'Manifests' })).toContainText('nginx:1.28');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('nothing like it');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(row(page, 'keys-journey')).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('nothing in the releases keeps anyone out', async ({ page, served }) => {
      const release = await deploy(page, served, 'open-journey');
      await expectAccessible(page);
      await change(page, release);
      await release.getByRole('button', { name: 'Compare: revision 1, revision 2' }).click();
      await expect(page.getByRole('region', { name: 'What is different' })).toContainText('nginx');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'To the list' }).click();
      await release.getByRole('button', { name: 'Delete…' }).click();
      await expect(page.getByRole('dialog')).toContainText('Deployment');
      await expectAccessible(page);
    });
  });
}
