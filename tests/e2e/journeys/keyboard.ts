import { band, openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';

test('the palette goes to a tile by its name', async ({ page, served }) => {
  await openStack(page, served);
  await page.keyboard.press('3');
  const before = band(page, 'Platform').locator('[data-item]').first();
  await expect(before).toBeFocused();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', {
    name: 'Go to a view, object or action',
  });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(before).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('kserve');
  await expect(palette.getByRole('option', { selected: true })).toContainText('KServe');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(band(page, 'Lifecycle').getByRole('button', { name: 'KServe' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(statusLine(page)).toContainText('path=');
});

test('the palette says when nothing is called so', async ({ page, served }) => {
  await openStack(page, served);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('zzzz');
  const palette = page.getByRole('dialog');
  await expect(palette).toContainText('Nothing here is called “zzzz”.');
  await expect(palette.getByRole('option')).toHaveCount(0);
});

test('the palette opens a job, and an address that was copied', async ({ page, served }) => {
  await openStack(page, served);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('llama-ft-0421');
  const job = page.getByRole('option', { name: 'llama-ft-0421 training TrainJob' });
  await job.click();
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
  await expect(statusLine(page)).toContainText('llama-ft-0421');
  await expect(page.getByText('Why it does not run')).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('strata://demo/gpus');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^GPUs/ })).toBeVisible();
});

test('the help lists the keys that work here', async ({ page, served }) => {
  await openStack(page, served);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(help).toContainText('Next tile or line');
  await expect(help).toContainText('Filter namespaces');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.keyboard.press('?');
  await expect(help).not.toContainText('Next tile or line');
  await expect(help).not.toContainText('Filter namespaces');
});

test('the namespaces are chosen only where a view is narrowed by them', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  const filter = page.getByRole('button', { name: /^Namespace all/ });
  await expect(filter).toBeEnabled();
  await page.getByRole('button', { name: 'GPUs', exact: true }).click();
  await expect(filter).toBeDisabled();
  await page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await expect(filter).toBeEnabled();
});

test('the namespace filter opens with a slash and narrows the applications', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  const applications = band(page, 'Workloads').locator('[data-subject]');
  await page.keyboard.press('/');
  const filter = page.getByRole('dialog', { name: 'Filter namespaces' });
  await expect(filter.getByRole('searchbox').or(filter.getByRole('textbox'))).toBeFocused();
  await page.keyboard.type('rag');
  await filter.getByRole('checkbox', { name: /^rag/ }).check();
  await expect(statusLine(page)).toContainText('ns=rag');
  await expect(applications.filter({ hasText: 'embed-batch' })).toBeVisible();
  await expect(applications.filter({ hasText: 'reason-pro' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(filter).toBeHidden();
  await expect(page.getByRole('button', { name: 'Namespace rag' })).toBeFocused();
});

test('Tab reaches what can be done, and the focus is seen', async ({ page, served }) => {
  await openStack(page, served);
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus-visible');
    await expect(focused).toHaveCount(1);
    const seen = await focused.evaluate((element) => {
      const style = getComputedStyle(element);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    });
    expect(seen, `the focus on ${await focused.innerText()} is seen`).toBe(true);
  }
});
