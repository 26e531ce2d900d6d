import { band, LAYERS, openStack } from '../screen.ts';
import { expect, test } from '../served.ts';

for (const [width, height] of [
  [1100, 700],
  [1280, 800],
  [1920, 1080],
] as const) {
  test.describe(`at ${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test('nothing is wider than the window, and no tile covers another', async ({
      page,
      served,
    }) => {
      await openStack(page, served);
      expect(await overflow()).toBeLessThanOrEqual(0);
      for (const layer of LAYERS) {
        const rects = await band(page, layer)
          .locator('[data-item]')
          .evaluateAll((tiles) =>
            tiles.map((tile) => {
              const { left, top, right, bottom } = tile.getBoundingClientRect();
              return { left, top, right, bottom };
            }),
          );
        expect(rects.length).toBeGreaterThan(0);
        for (const [at, one] of rects.entries()) {
          expect(one.right).toBeLessThanOrEqual(width);
          expect(one.bottom).toBeLessThanOrEqual(height);
          for (const other of rects.slice(at + 1)) {
            const apart =
              one.right <= other.left ||
              other.right <= one.left ||
              one.bottom <= other.top ||
              other.bottom <= one.top;
            expect(apart, `${JSON.stringify(one)} is clear of ${JSON.stringify(other)}`).toBe(true);
          }
        }
      }
      await page.getByRole('button', { name: 'Settings' }).click();
      await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: 'Clusters and contexts' }).click();
      await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
      expect(await overflow()).toBeLessThanOrEqual(0);

      function overflow(): Promise<number> {
        return page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? Infinity) - innerWidth,
        );
      }
    });
  });
}
