// The tests of specs/browsers run once in each browser that the machine has: the projects of playwright.config.ts.
import { DIST } from "../../e2e/helpers/fixtures.ts";
import { expect, test as withServers, type Start } from "../../e2e/helpers/servers.ts";
import { startApp } from "../../e2e/servers/app.mjs";
import { FIREFOX, WEBKIT_DRIVER, XVFB } from "../helpers.ts";
import type { Browser } from "./driver.ts";
import { Firefox } from "./firefox.ts";
import { Tab } from "./tab.ts";
import { WebKit } from "./webkit.ts";

export { expect };

export type Engine = "firefox" | "webkit";

interface Worker {
  engine: Engine;
  driven: Browser;
  site: { url: string };
}

/** `visit` opens the page of another site as a new visitor. */
interface Test {
  tab: Tab;
  visit: (home: string) => Promise<Tab>;
}

const LAUNCH: Record<Engine, (() => Promise<Browser>) | undefined> = {
  firefox: FIREFOX ? () => Firefox.launch(FIREFOX!) : undefined,
  webkit: WEBKIT_DRIVER && XVFB ? () => WebKit.launch(WEBKIT_DRIVER!, XVFB!) : undefined,
};

export const test = withServers.extend<Test, Worker>({
  engine: ["firefox", { option: true, scope: "worker" }],
  site: [
    async ({}, use) => {
      const site = await startApp({ folder: DIST });
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  driven: [
    async ({ engine }, use) => {
      const browser = await LAUNCH[engine]!();
      await use(browser);
      await browser.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  visit: async ({ driven }, use, info) => {
    const tabs: Tab[] = [];
    await use(async (home) => {
      const tab = await Tab.open(driven, home);
      tabs.push(tab);
      return tab;
    });
    for (const tab of tabs) {
      if (info.status !== info.expectedStatus) console.log(`The page: ${await tab.says().catch(String)}`);
      await tab.close();
    }
  },
  tab: async ({ visit, site }, use) => use(await visit(site.url)),
});

/** In every spec of this folder: what this machine does not have is left out. */
export function onlyWhereInstalled() {
  test.skip(({ engine }) => !LAUNCH[engine], "The browser is not installed");
}

export async function guarded(start: Start) {
  const issuer = await start.issuer({ rfc8414: true });
  return { issuer, server: await start.mcp({ issuer }) };
}
