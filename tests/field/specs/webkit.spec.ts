// The page in WebKit: the demo, a login in the same window and in a popup, a call, a reload, and what WebKit forbids.
import { DIST } from "../../e2e/helpers/fixtures.ts";
import { expect, test as withServers, type Start } from "../../e2e/helpers/servers.ts";
import { startApp } from "../../e2e/servers/app.mjs";
import { startTls } from "../../e2e/servers/web-server.mjs";
import { WEBKIT_DRIVER, XVFB } from "../helpers.ts";
import { at, Tab, WebKit } from "../webkit.ts";

const test = withServers.extend<{ tab: Tab }, { site: { url: string }; webkit: WebKit }>({
  site: [
    async ({}, use) => {
      const site = await startApp({ folder: DIST });
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  webkit: [
    async ({}, use) => {
      const webkit = await WebKit.start(WEBKIT_DRIVER!, XVFB!);
      await use(webkit);
      await webkit.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  tab: async ({ webkit, site }, use) => {
    const tab = await Tab.open(webkit, site.url);
    await use(tab);
    await tab.close();
  },
});

// One at a time: two draw on the same two cores without a GPU.
test.describe.configure({ mode: "default", timeout: 90_000 });
test.skip(!WEBKIT_DRIVER || !XVFB, "WebKitWebDriver or Xvfb is not there");

async function guarded(start: Start) {
  const issuer = await start.issuer({ rfc8414: true });
  return { issuer, server: await start.mcp({ issuer }) };
}

test("WebKit: the demo is allowed, used, and connected after a reload", async ({ tab }) => {
  await tab.click("demo");
  await tab.click("demo-approve");
  await tab.is("connected");
  await tab.call("add");
  await tab.reload();
  await tab.is("connected");
});

test("WebKit: a login in the same window, a call, and a reload without another login", async ({ tab, start }) => {
  const { issuer, server } = await guarded(start);
  await tab.connect(server.url);
  await tab.logInAndAllow();
  await tab.is("connected");
  await tab.call("whoami");
  await tab.reload();
  await tab.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(1);
});

test("WebKit: a login in a popup leaves the page as it is, and the page goes on with it", async ({ tab, start, site }) => {
  const { server } = await guarded(start);
  await tab.choose("redirect-mode", "popup");
  await tab.connect(server.url);
  // WebKit lets a page open a window in a press alone, and this login was found out about by requests.
  await tab.click("popup-open");
  const popup = await tab.popup();
  await popup.logInAndAllow();
  await tab.front();
  await tab.is("connected");
  expect(await tab.session.url()).toBe(site.url);
  await expect.poll(() => tab.session.windows()).toHaveLength(1);
  await tab.call("whoami");
});

test("WebKit: a page on https says that this browser blocks http://localhost", async ({ webkit, start }) => {
  const server = await start.mcp();
  const site = await startApp({ folder: DIST });
  const page = await startTls({ ...site, port: new URL(site.url).port }, "localhost");
  const tab = await Tab.open(webkit, page.url);
  await tab.connect(server.url);
  await tab.is("failed");
  // Its words come with a part of their own.
  await tab.session.there(at("problem-fix"));
  const problem = await tab.session.text(at("problem"));
  expect(problem).toContain("blocks http://localhost from https");
  expect(server.requests).toEqual([]);
  await tab.close();
  await page.close();
});

test("WebKit: require-corp does not turn a server without CORS headers into one that does not respond", async ({
  webkit,
  start,
}) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  const site = await startApp({ folder: DIST, headers: { "cross-origin-embedder-policy": "require-corp" } });
  const tab = await Tab.open(webkit, site.url);
  await tab.connect(server.url);
  await tab.is("failed");
  await tab.session.there(`${at("problem")}[data-code="cors-blocked"]`);
  await tab.close();
  await site.close();
});
