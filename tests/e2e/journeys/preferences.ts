import { band, openStack, whole } from '../screen.ts';
import { expect, test } from '../served.ts';

test('the language changes at once, and is kept', async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.getByRole('radio', { name: '简体中文' }).click();
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');

  await page.reload();
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
  await page.getByRole('button', { name: '层叠' }).click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText([
    '模型应用层',
    /AIOps.*MLOps.*LLMOps/,
    '云原生平台层',
    '基础设施层',
    '硬件层',
    '需要关注',
  ]);
  // What the engine says is said in the language too.
  await expect(page.getByRole('region', { name: '硬件层' })).toContainText(/160.*GPU/);
  await expect(page.getByRole('region', { name: '硬件层' })).not.toContainText('allocated');

  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

for (const [theme, label, desktop] of [
  ['light', 'Light', 'dark'],
  ['dark', 'Dark', 'light'],
] as const) {
  test(`the ${theme} theme is kept, whatever the desktop has`, async ({ page, served }) => {
    await page.emulateMedia({ colorScheme: desktop });
    await openStack(page, served);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('data-theme', desktop);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: label, exact: true }).click();
    await expect(html).toHaveAttribute('data-theme', theme);
    await page.reload();
    await expect(html).toHaveAttribute('data-theme', theme);
    await page.getByRole('button', { name: 'Stack' }).click();
    await whole(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('radio', { name: label, exact: true })).toBeChecked();
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('As the desktop').click();
    await expect(html).toHaveAttribute('data-theme', desktop);
  });
}

test('namespaces that are named are kept, each once', async ({ page, served }) => {
  await openStack(page, served);
  await page.getByRole('button', { name: 'Settings' }).click();
  const field = page.getByLabel('Also in');
  const hint = page.getByText('Separated by commas or spaces; at most 16.');
  await expect(hint).toBeVisible();
  await field.fill('Team');
  await field.press('Enter');
  await expect(page.getByText(/"Team" is no name of a namespace/)).toBeVisible();
  await field.fill('team-b, team-a team-b');
  await field.press('Enter');
  await expect(page.getByText('Saved; they are watched from now on.')).toBeVisible();
  await expect(field).toHaveValue('team-a, team-b');
  await page.reload();
  await expect(field).toHaveValue('team-a, team-b');
  await field.fill('');
  await field.press('Enter');
  await expect(page.getByText('Saved; they are watched from now on.')).toBeVisible();
});

test('a role has its views first and its layers marked, and is kept', async ({ page, served }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await openStack(page, served);
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('button');
  await expect(views.first()).toHaveText('Stack');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Hardware architect' }).click();
  await expect(views.first()).toHaveText('GPUs');

  await page.reload();
  await expect(views.first()).toHaveText('GPUs');
  await page.getByRole('button', { name: 'Stack' }).click();
  await whole(page);
  await expect(band(page, 'Hardware')).toContainText('Hardware architect');
  await expect(band(page, 'Workloads')).not.toContainText('Hardware architect');

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radiogroup', { name: 'Role' }).getByRole('radio').first().click();
  await expect(views.first()).toHaveText('Stack');
});
