// The page in Firefox: the demo, a login in the same window and in a popup, a call, and a reload.
import { startApp } from "../../e2e/servers/app.mjs";
import { DIST } from "../../e2e/helpers/fixtures.ts";
import { expect, test as withServers, type Start } from "../../e2e/helpers/servers.ts";
import { type Browser, launch, Tab } from "../firefox.ts";
import { FIREFOX } from "../helpers.ts";

const test = withServers.extend<{ tab: Tab }, { site: { url: string }; firefox: Browser }>({
  site: [
    async ({}, use) => {
      const site = await startApp({ folder: DIST });
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  firefox: [
    async ({}, use) => {
      const firefox = await launch(FIREFOX!);
      await use(firefox);
      await firefox.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  tab: async ({ firefox, site }, use) => {
    const tab = await Tab.open(firefox, site.url);
    await use(tab);
    await tab.close();
  },
});

test.skip(!FIREFOX, "Firefox is not there");

async function guarded(start: Start) {
  const issuer = await start.issuer({ rfc8414: true });
  return { issuer, server: await start.mcp({ issuer }) };
}

test("Firefox: the demo is allowed, used, and connected after a reload", async ({ tab }) => {
  await tab.at("demo").click();
  await tab.at("demo-approve").click();
  await tab.is("connected");
  await tab.call("add");
  await tab.reload();
  await tab.is("connected");
});

test("Firefox: a login in the same window, a call, and a reload without another login", async ({ tab, start }) => {
  const { issuer, server } = await guarded(start);
  await tab.connect(server.url);
  await tab.logInAndAllow();
  await tab.is("connected");
  await tab.call("whoami");
  await tab.reload();
  await tab.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(1);
});

test("Firefox: a login in a popup leaves the page as it is, and the page goes on with it", async ({ tab, start, site }) => {
  const { server } = await guarded(start);
  await tab.fill("redirect-mode", "popup");
  const opened = tab.popup();
  await tab.connect(server.url);
  const popup = await opened;
  await popup.logInAndAllow();
  await tab.is("connected");
  expect(tab.page.url()).toBe(site.url);
  await expect.poll(() => popup.page.isClosed()).toBe(true);
  await tab.call("whoami");
});
