import {
  band,
  changes,
  chip,
  LAYERS,
  openStack,
  statusLine,
} from "../screen.ts";
import { expect, test } from "../served.ts";

test("the five layers stand in order, each with its tiles", async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await expect(page.getByRole("heading", { level: 2 })).toHaveText([
    ...LAYERS,
    "Needs attention",
  ]);
  const tops = await Promise.all(
    LAYERS.map(
      async (layer) =>
        (await band(page, layer).getByRole("heading").boundingBox())?.y,
    ),
  );
  expect(tops).toEqual(
    tops.toSorted((one, other) => Number(one) - Number(other)),
  );
  await expect(
    band(page, "Platform").getByRole("button", { name: "Kubernetes" }),
  ).toBeVisible();
  await expect(
    band(page, "Hardware").getByRole("button", { name: "H100" }),
  ).toBeVisible();
});

test("the hardware counts every GPU once", async ({ page, served }) => {
  await openStack(page, served);
  await expect(band(page, "Hardware")).toContainText("160 GPUs");
  await expect(band(page, "Hardware")).toContainText("of 160 GPUs allocated");
  // A node is described as `NAME · MODEL · 5 of 8 GPUs allocated`.
  const labels = await page
    .getByRole("list", { name: "GPUs" })
    .getByRole("button")
    .evaluateAll((nodes) =>
      nodes.map((node) => node.getAttribute("aria-label") ?? ""),
    );
  const counted = labels.map((label) =>
    Number(/ of (\d+) GPUs/.exec(label)?.[1]),
  );
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(160);
});

test("what needs attention has a reason and a next action", async ({
  page,
  served,
}) => {
  await openStack(page, served);
  const list = page.getByRole("complementary", { name: "Needs attention" });
  const lines = list.getByRole("listitem");
  await expect(lines.first()).toBeVisible();
  for (const line of await lines.all()) {
    const [what, why, next] = await line.getByRole("paragraph").allInnerTexts();
    expect(what).toMatch(/\S/);
    expect(why).toMatch(/\S/);
    expect(next).toMatch(/\S/);
  }
  await lines.first().getByRole("button", { name: /./ }).first().click();
  await expect(statusLine(page)).toContainText("path=");
});

test("what waits for quota leads to those that hold it", async ({
  page,
  served,
}) => {
  await openStack(page, served);
  const waits = page
    .getByRole("complementary", { name: "Needs attention" })
    .getByRole("listitem")
    .filter({ hasText: "llama-ft-0421" });
  await waits.getByRole("button", { name: "See who holds the quota" }).click();
  await expect(statusLine(page)).toContainText("/jobs?group=queue&q=training");
  await expect(page.getByPlaceholder(/^Filter: name/)).toHaveValue("training");
  // Under the queue stand the one that waits and those that hold what it waits for.
  const queue = page.getByRole("row", {
    name: /^training \d+ jobs? · [1-9]\d* running/,
  });
  await expect(queue).toBeVisible();
  await expect(page.getByRole("row", { name: /llama-ft-0421/ })).toBeVisible();
});

test("what the cluster does is seen while it happens", async ({
  page,
  served,
}) => {
  await openStack(page, served);
  await changes(() =>
    chip(page, "demo").locator("time").getAttribute("datetime"),
  );
  await changes(
    async () =>
      /frame\s+([\d,]+)/.exec(await statusLine(page).innerText())?.[1] ?? "",
  );
  await page.getByRole("button", { name: "Watches" }).click();
  const dock = page.getByRole("table");
  await expect(dock.getByRole("row", { name: /^Pod core live/ })).toBeVisible();
  // How many objects of each kind there are: the demo cluster starts and ends jobs by itself.
  await changes(async () =>
    (await dock.locator("td:nth-child(5)").allInnerTexts()).join(),
  );
});
