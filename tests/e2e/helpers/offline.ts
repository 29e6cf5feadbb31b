// The service worker, as the page sees it.
import { expect, type Page } from "@playwright/test";

/** Waits until the browser has kept the page, and its worker takes the requests of this tab. */
export async function kept(page: Page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

export const caches = (page: Page) => page.evaluate(() => globalThis.caches.keys());

export const workers = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map((it) => it.active?.scriptURL));

/** The name of the module that runs in a tab: it is another one in each build. */
export const build = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLLinkElement>("#app-module")?.href.split("/").at(-1) ?? "");

/** What is kept, by URL, with the text of it. */
export function stored(page: Page) {
  return page.evaluate(async () => {
    const found: Record<string, string> = {};
    for (const name of await globalThis.caches.keys()) {
      const cache = await globalThis.caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        const headers = JSON.stringify([...(response?.headers ?? [])]);
        found[request.url] = `${request.url}\n${headers}\n${await response?.text()}`;
      }
    }
    return found;
  });
}
