// What must hold for everybody: reached by keyboard, read by anybody, and wide enough on a telephone.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import type { Flowglass } from "./flowglass.ts";

/** Presses Tab until the focus is on the element, as a user without a mouse would; from the end of the page it goes round. */
export async function tabTo(page: Page, testid: string) {
  for (let press = 0; press < 100; press += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    if (focused === testid) return;
  }
  throw new Error(`Tab never reaches ${testid}`);
}

export async function fits(app: Flowglass, where: string, widest = 360) {
  const width = () => app.page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(width, `width of ${where}`).toBeLessThanOrEqual(widest);
}

/** What still fades in has no contrast yet. Spinners never end, and are not waited for. */
async function settled(page: Page) {
  const moving = () =>
    page.evaluate(() => {
      const running = document.getAnimations().filter((it) => it.playState === "running");
      return running.filter((it) => Number.isFinite(it.effect?.getComputedTiming().endTime)).length;
    });
  await expect.poll(moving, "animations").toBe(0);
}

export async function accessible(page: Page, where: string) {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  const serious = violations.filter((it) => it.impact === "serious" || it.impact === "critical");
  const words = serious.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(" ")}`));
  expect(words, where).toEqual([]);
}
