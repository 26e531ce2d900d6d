import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { openStack, statusLine } from '../screen.ts';
import { expect, test } from '../served.ts';

/** The nodes of figure 2 of the whitepaper, and governance of figure 4. */
const CAPABILITIES = [
  'General Orchestration',
  'Model Delivery (CI/CD)',
  'Distributed Training',
  'Model Serving',
  'Data Science',
  'AutoML',
  'Data Storage',
  'Vector Databases',
  'Data Architecture',
  'Workloads Observability',
  'Model/LLM Observability',
  'Governance & Policy',
];

const graph = (page: Page) =>
  page.getByRole('group', {
    name: 'Capabilities and how they serve each other',
  });

async function openMap(page: Page): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: 'Map' })
    .click();
  await expect(graph(page).locator('[data-capability]')).toHaveCount(CAPABILITIES.length);
}

test('every capability and every relation of the figure is drawn', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  for (const name of CAPABILITIES) {
    await expect(graph(page).getByRole('button', { name })).toBeVisible();
  }
  await expect(graph(page).locator('[data-relation]')).toHaveCount(12);
  await expect(graph(page).getByRole('button', { name: /^Depends on/ })).toHaveCount(1);
});

test('a relation says what flows and leads to both its ends', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await graph(page)
    .getByRole('button', { name: /^Provides infra for/ })
    .click();
  const panel = page.getByRole('complementary', { name: 'Provides infra for' });
  await expect(panel).toContainText('What flows');
  await expect(panel).toContainText('Evidence');
  await panel.getByRole('button', { name: 'Model Serving' }).click();
  await expect(page.getByRole('complementary', { name: 'Model Serving' })).toBeVisible();
});

test('at rest the map says what is not wholly served, and leads to why', async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await openMap(page);
  const glance = page.getByRole('complementary', { name: 'At a glance' });
  await expect(glance).toContainText(/\d+ of 12 served/);
  await glance.getByRole('button', { name: /^Data Storage/ }).click();
  const panel = page.getByRole('complementary', { name: 'Data Storage' });
  await expect(panel).toContainText('Evidence');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(glance).toBeVisible();
  await expect(page.locator('[data-capability="data_storage"]')).toBeFocused();
});

test('tokens per second come from the engines, with their age', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await graph(page)
    .getByRole('button', { name: /^Model Serving/ })
    .click();
  const panel = page.getByRole('complementary', { name: 'Model Serving' });
  // Two answers of an engine tell its rate; they lie a quarter of a minute apart.
  await expect(panel).toContainText('tokens/s', { timeout: 60_000 });
  await expect(panel).toContainText(/metrics of \d+ serving engines/);
});

test('what runs by a capability leads to its job in one step', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await graph(page)
    .getByRole('button', { name: /^Distributed Training/ })
    .click();
  const panel = page.getByRole('complementary', { name: 'Distributed Training' });
  await panel
    .getByRole('button', { name: /^Show the job/ })
    .first()
    .click();
  await expect(statusLine(page)).toContainText('/jobs?');
});

test('a claim leads to its object on the stack in one step', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await graph(page)
    .getByRole('button', { name: /^Model Serving/ })
    .click();
  const panel = page.getByRole('complementary', { name: 'Model Serving' });
  await expect(panel).toContainText('Served by');
  await expect(panel).toContainText('Evidence');
  await panel
    .getByRole('button', { name: /^Show on the stack/ })
    .first()
    .click();
  await expect(statusLine(page)).toContainText('/stack?path=');
});

test('the map is walked with keys alone', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await page.keyboard.press('j');
  await expect(graph(page).locator(':focus')).toHaveCount(1);
  const first = await graph(page).locator(':focus').innerText();
  await page.keyboard.press('ArrowRight');
  await expect(graph(page).locator(':focus')).not.toHaveText(first);
  await page.keyboard.press('Enter');
  await expect(statusLine(page)).toContainText('at=');
  await page.keyboard.press('Escape');
  await expect(statusLine(page)).not.toContainText('at=');
  await page.keyboard.press('2');
  await expect(statusLine(page)).toContainText('part=needs');
});

test('the needs are answered for both kinds of AI', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await page.getByRole('radio', { name: 'Needs' }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(6);
  await page
    .getByRole('row', { name: /^Computational power/ })
    .getByRole('button')
    .first()
    .click();
  const panel = page.getByRole('complementary', {
    name: /^Computational power/,
  });
  await expect(panel).toContainText('Node');
});

test('the checklist keeps MUST and SHOULD apart', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await page.getByRole('radio', { name: 'Conformance' }).click();
  await expect(page.getByRole('region', { name: 'MUST' }).getByRole('listitem')).toHaveCount(8);
  await expect(page.getByRole('region', { name: 'SHOULD' }).getByRole('listitem')).toHaveCount(6);
  await page.getByRole('button', { name: 'Gang scheduling' }).click();
  await expect(page.getByRole('complementary', { name: 'Gang scheduling' })).toContainText(
    'gang_scheduling',
  );
});

test('the map speaks Chinese too', async ({ page, served }) => {
  await openStack(page, served);
  await openMap(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('简体中文');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '能力图' })).toBeVisible();
  await expect(page.locator('[data-capability="general_orchestration"]')).toContainText('通用编排');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('every part of the map is accessible', async ({ page, served }) => {
      await openStack(page, served);
      await openMap(page);
      await graph(page)
        .getByRole('button', { name: /^Model Serving/ })
        .click();
      for (const part of ['Capabilities', 'Needs', 'Lifecycle', 'Storage', 'Conformance']) {
        await page.getByRole('radio', { name: part }).click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${part}: ${id}: ${node.html}`),
        );
        expect(found).toEqual([]);
      }
    });
  });
}

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
] as const) {
  test.describe(`at ${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test('nothing on the map covers anything else, and nothing is cut off', async ({
      page,
      served,
    }) => {
      await openStack(page, served);
      await openMap(page);
      const boxes = await graph(page)
        .locator('[data-item]')
        .evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON()));
      for (const [at, one] of boxes.entries()) {
        expect(one.right).toBeLessThanOrEqual(width);
        expect(one.bottom).toBeLessThanOrEqual(height);
        for (const other of boxes.slice(at + 1)) {
          const isApart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          expect(isApart).toBe(true);
        }
      }
    });
  });
}
