// What something costs the page: time, the main thread, its longest task, elements, memory.
import type { CDPSession, Page } from "@playwright/test";

const QUIET = 500;

export function say(what: string, figures: string) {
  console.log(`${what.padEnd(44)} ${figures}`);
}

/** Figures of what `act` makes the page do, until half a second after it. */
export async function figures(page: Page, act: () => Promise<unknown>): Promise<string> {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send("Performance.enable");
  await page.evaluate(() => {
    const seen: number[] = [];
    const tasks = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    });
    tasks.observe({ type: "longtask" });
    Object.assign(window, { seen, tasks });
  });
  const before = await metrics(chromium);
  const began = Date.now();
  await act();
  const took = Date.now() - began;
  await page.waitForTimeout(QUIET);
  const after = await metrics(chromium);
  const longest = await page.evaluate(() => {
    const { seen, tasks } = window as unknown as { seen: number[]; tasks: PerformanceObserver };
    tasks.disconnect();
    return Math.max(0, ...seen);
  });
  await chromium.detach();
  const busy = Math.round(1000 * (after.TaskDuration - before.TaskDuration));
  const heap = Math.round(after.JSHeapUsedSize / 1e6);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  return `${took} ms in all, main thread ${busy} ms, longest task ${Math.round(longest)} ms, ${nodes} elements, heap ${heap} MB`;
}

/** To the last row of the list that is drawn, and back to the first. */
export function scrolled(page: Page) {
  return page.locator(".virtual").first().evaluate(async (it) => {
    for (const top of [it.scrollHeight, 0]) {
      it.scrollTo(0, top);
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    }
  });
}

async function metrics(chromium: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await chromium.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
