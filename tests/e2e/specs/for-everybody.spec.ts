// By keyboard alone, on a narrow screen, in either theme.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { closedOrigin } from "../servers/listen.mjs";

const ROUTES = ["connect", "walkthrough", "tools", "resources", "prompts", "wire"] as const;

test("connecting and calling a tool need no mouse", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await tabTo(page, "server-url");
  await page.keyboard.type(server.url);
  await tabTo(page, "connect");
  await page.keyboard.press("Enter");
  await app.is("connected");
  await tabTo(page, "nav-tools");
  await page.keyboard.press("Enter");
  await tabTo(page, "tool-filter");
  await page.keyboard.type("echo");
  await expect(app.at("tool-item")).toHaveCount(1);
  await tabTo(page, "tool-item");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tools\/echo(\?.*)?$/);
  await tabTo(page, "call-tool");
  await page.keyboard.press("Space");
  await app.result("ok");
});

test("the focus can always be seen", async ({ app, page }) => {
  await app.open();
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    const drawn = await page.evaluate(() => {
      const focused = document.activeElement ?? document.body;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      // Past the last element the focus is the browser's own.
      return focused === document.body || (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    expect(drawn, `after ${press + 1} times Tab`).toBe(true);
  }
});

test("no page scrolls sideways at 360 pixels", async ({ app, page, start }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const server = await start.mcp();
  await app.open();
  await fits(app, "the first page");
  await app.connected(server.url);
  await fits(app, "connected");
  await app.tool("big-rows");
  await app.call({ rows: 200 });
  await app.result("ok");
  await fits(app, "a result");
  for (const route of ROUTES) {
    await app.go(route);
    await fits(app, route);
  }
});

test("a problem does not make the page scroll sideways at 360 pixels", async ({ app, page, start }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  for (const route of ROUTES) {
    await app.go(route);
    await fits(app, route);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page has a serious violation of WCAG in ${colorScheme}`, async ({ app, page, start }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const server = await start.mcp();
    await app.open();
    await accessible(page, "the first page");
    await app.connect(`${await closedOrigin()}/mcp`);
    await app.fails("unreachable");
    await accessible(page, "a problem");
    await app.connected(server.url);
    await app.tool("echo");
    await app.call({ message: "seen by everybody" });
    await app.result("ok");
    await accessible(page, "a result");
    for (const route of ROUTES) {
      await app.go(route);
      await accessible(page, route);
    }
  });
}

/** Presses Tab until the focus is on the element, as a person without a mouse would; from the end of the page it goes round. */
async function tabTo(page: Page, testid: string) {
  for (let press = 0; press < 100; press += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    if (focused === testid) return;
  }
  throw new Error(`Tab never reaches ${testid}`);
}

async function fits(app: Flowglass, where: string) {
  const width = () => app.page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(width, `width of ${where}`).toBeLessThanOrEqual(360);
}

async function accessible(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  const serious = violations.filter((it) => it.impact === "serious" || it.impact === "critical");
  const words = serious.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(" ")}`));
  expect(words, where).toEqual([]);
}
