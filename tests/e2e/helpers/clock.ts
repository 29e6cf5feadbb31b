import type { Page } from "@playwright/test";

/** A clock that the test moves. Its timers have ids beyond 32 bits, which no browser gives and wasm-bindgen cuts: they get small ones. */
export async function installClock(page: Page) {
  await page.clock.install();
  await page.addInitScript(() => {
    const [set, clear] = [window.setTimeout, window.clearTimeout];
    const timers = new Map<number, number>();
    let last = 0;
    window.setTimeout = ((...given: Parameters<typeof set>) => {
      last += 1;
      timers.set(last, set(...given));
      return last;
    }) as typeof set;
    window.clearTimeout = (id) => clear(timers.get(Number(id)));
  });
}
