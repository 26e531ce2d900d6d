import { openStack, whole } from '../screen.ts';
import { expect, test } from '../served.ts';

test('the token is not left in the address, and a reload keeps it', async ({ page, served }) => {
  const token = new URL(served.link).hash.replace('#token=', '');
  expect(token).not.toBe('');
  await openStack(page, served);
  expect(page.url()).not.toContain(token);
  await page.goBack();
  await page.goForward();
  expect(page.url()).not.toContain(token);
  await page.reload();
  await whole(page);
});

test('a page without the token is told which link it needs', async ({ page, served }) => {
  await page.goto(served.origin);
  await expect(page.getByRole('main')).toContainText(
    'This page needs the link that Strata printed',
  );
});

test.describe('with a wrong token', () => {
  test.use({ complaints: /WebSocket connection to .* failed/ });

  test('a page is told so, and sees nothing', async ({ page, served }) => {
    await page.goto(`${served.origin}/#token=${'x'.repeat(43)}`);
    await expect(page.getByRole('main')).toContainText(
      'This page needs the link that Strata printed',
    );
    await expect(page.getByRole('heading', { level: 2 })).toHaveCount(0);
  });

  test('the right link, opened in the same tab, is followed', async ({ page, served }) => {
    await page.goto(`${served.origin}/#token=${'x'.repeat(43)}`);
    await expect(page.getByRole('main')).toContainText(
      'This page needs the link that Strata printed',
    );
    await page.goto(served.link);
    await whole(page);
    expect(page.url()).not.toContain('token');
  });
});

test('the page may load nothing from elsewhere', async ({ page, served }) => {
  const response = await page.goto(served.link);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  await whole(page);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => new URL(entry.name).origin),
  );
  expect([...new Set(loaded)]).toEqual([served.origin]);
});
