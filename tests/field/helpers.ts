// What the tests of this set share: which parts this machine has, and one server for all tests of a file.
import { expect, test as base } from "../e2e/helpers/fixtures.ts";
import type { Page } from "@playwright/test";

export { expect };

/** The names that `cargo xtask test field` gives; a part without one is left out. */
export const PYTHON = process.env.FIELD_PYTHON;
export const PYTHON_SDK_1 = process.env.FIELD_PYTHON_SDK_1;
export const FIREFOX = process.env.FIREFOX_PATH;
export const WEBKIT_DRIVER = process.env.WEBKIT_DRIVER_PATH;
export const XVFB = process.env.XVFB_PATH;

export interface Served {
  origin: string;
  url: string;
  close(): Promise<void>;
}

/** Tests with one server, started with the first of them and closed after the last. */
export function testsOf<Server extends Served>(start: () => Promise<Server>) {
  return base.extend<{}, { server: Server }>({
    server: [
      async ({}, use) => {
        const server = await start();
        await use(server);
        await server.close();
      },
      { scope: "worker", timeout: 60_000 },
    ],
  });
}

/** On the pages that these servers have: who you are, and yes. */
export async function logIn(page: Page, button: "Log in" | "Allow") {
  await page.getByLabel("Name").fill("Ada");
  await page.getByRole("button", { name: button }).click();
}
