// The addresses of the pages: every link, the Back button, a reload and another tab lead where they say.
import type { Page } from "@playwright/test";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import type { Start } from "../helpers/servers.ts";

/** Names that are something else in an address, or become so when they are decoded once too often. */
const NAMES = ["a/b", "a%2Fb", "100%", "%41", "ä ö", "?x#y", "a+b", "..", "~..", "\\"];
const PAGES = ["connect", "walkthrough", "tools", "resources", "prompts", "wire", "logs"] as const;

/** Connected to a server whose tools have these names, on the list of them. */
async function listed(app: Flowglass, start: Start) {
  const tools = NAMES.map((name) => ({ name, inputSchema: { type: "object", title: name }, run: () => ({ content: [] }) }));
  const server = await start.mcp({ tools });
  await app.open();
  await app.connected(server.url);
  await app.go("tools");
}

const row = (app: Flowglass, name: string) => app.page.locator(`[data-testid="tool-item"][data-name=${JSON.stringify(name)}]`);

/** This tool is open, and no other. */
async function shows(app: Flowglass, name: string) {
  await expect(app.at("tool-schema")).toContainText(JSON.stringify(name).slice(1, -1));
  await expect(row(app, name)).toHaveAttribute("aria-current", "true");
  await expect(app.page.locator('[data-testid="tool-item"][aria-current]')).toHaveCount(1);
}

/** A page that is loaded again has lost this. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { stays: true }));
const stayed = (page: Page) => page.evaluate(() => "stays" in window);

for (const where of ["at the root", "under a prefix"] as const) {
  test.describe(where, () => {
    test("a tool of any name has an address of one segment, which Back, Forward and a reload find again", async ({
      app: root,
      prefixed,
      page,
      start,
    }) => {
      const app = where === "at the root" ? root : prefixed;
      await listed(app, start);
      await mark(page);
      const visited: string[] = [];
      for (const name of NAMES) {
        await row(app, name).click();
        await shows(app, name);
        visited.push(page.url());
        expect(page.url().startsWith(`${app.home}tools/`), page.url()).toBe(true);
        expect(page.url().slice(`${app.home}tools/`.length)).not.toMatch(/[/?#]/);
      }
      expect(new Set(visited).size).toBe(NAMES.length);
      for (const [index, name] of [...NAMES.entries()].reverse().slice(1)) {
        await page.goBack();
        await shows(app, name);
        expect(page.url()).toBe(visited[index]);
      }
      await page.goForward();
      await shows(app, NAMES[1]);
      expect(await stayed(page)).toBe(true);
      for (const [index, name] of NAMES.entries()) {
        await page.goto(visited[index]);
        await app.is("connected");
        await shows(app, name);
        await page.reload();
        await app.is("connected");
        await shows(app, name);
        expect(page.url()).toBe(visited[index]);
      }
    });

    test("a link that is opened in a tab of its own names the same page", async ({ app: root, prefixed, context, page, start }) => {
      const app = where === "at the root" ? root : prefixed;
      await listed(app, start);
      for (const name of ["a/b", "100%"]) {
        const opening = context.waitForEvent("page");
        await row(app, name).click({ modifiers: ["ControlOrMeta"] });
        const tab = await opening;
        await expect(tab.locator("html")).toHaveAttribute("data-app", "ready");
        await expect(tab.getByTestId("nav-tools")).toHaveAttribute("aria-current", "page");
        await expect(tab).toHaveTitle(`${name} · Tools · Flowglass`);
        expect(tab.url()).toBe(await row(app, name).evaluate((it) => (it as HTMLAnchorElement).href));
        await tab.close();
      }
      expect(page.url()).toBe(`${app.home}tools`);
    });

    test("every page is opened by its link without loading anew, and stays after a reload", async ({ app: root, prefixed, page }) => {
      const app = where === "at the root" ? root : prefixed;
      await app.open();
      const current = async (name: string) => {
        const links = page.locator("nav a[aria-current=page]");
        await expect(links).toHaveCount(1);
        await expect(links).toHaveAttribute("data-testid", `nav-${name}`);
        await expect(page.locator("main")).toHaveCount(1);
        await expect(page.locator("h1").first()).toBeAttached();
      };
      for (const name of PAGES) {
        await mark(page);
        await app.go(name);
        await current(name);
        expect(await stayed(page)).toBe(true);
        expect(page.url()).toBe(app.home + (name === "connect" ? "" : name));
        await page.reload();
        await app.ready();
        await current(name);
      }
      for (const name of [...PAGES].reverse().slice(1)) {
        await page.goBack();
        await app.ready();
        await current(name);
      }
    });
  });
}

test("after Back and Forward the page before has its address again when its link is followed", async ({ app, page }) => {
  await app.open();
  for (const name of ["walkthrough", "tools", "wire"] as const) await app.go(name);
  await page.goBack();
  await expect(page).toHaveURL(`${app.home}tools`);
  await page.goForward();
  await expect(page).toHaveURL(`${app.home}wire`);
  await app.go("tools");
  await expect(app.at("nav-tools")).toHaveAttribute("aria-current", "page");
  await page.goBack();
  await expect(page).toHaveURL(`${app.home}wire`);
});

test("the list of tools keeps its filter and its place while tools are opened", async ({ app, start }) => {
  await listed(app, start);
  await app.at("tool-filter").fill("a");
  const list = await app.at("tool-list").elementHandle();
  for (const name of ["a/b", "a+b", "a%2Fb"]) {
    await row(app, name).click();
    await shows(app, name);
  }
  await expect(app.at("tool-filter")).toHaveValue("a");
  expect(await list?.evaluate((it) => it.isConnected)).toBe(true);
});

test("a name that is typed into the address with its slashes is found", async ({ app, start }) => {
  await listed(app, start);
  await app.open("tools/a/b");
  await app.is("connected");
  await shows(app, "a/b");
});

test("an address that is no page's says so, and leads to the first page", async ({ app, page }) => {
  for (const route of ["nowhere", "check/x", "oauth/x", "demo", "toolsx"]) {
    await app.open(route);
    await expect(page.locator("h1")).toHaveText("Page not found");
    await expect(page).toHaveTitle("Not found · Flowglass");
  }
  await mark(page);
  await page.getByRole("link", { name: "Go to Connect" }).click();
  await expect(app.at("connect")).toBeVisible();
  expect(page.url()).toBe(app.home);
  expect(await stayed(page)).toBe(true);
});

test("where the browser takes no more entries into its history, pages open all the same", async ({ app, page }) => {
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    Object.assign(History.prototype, { pushState: refuse, replaceState: refuse });
  });
  await app.open();
  await app.at("nav-wire").click();
  await expect(app.at("exchange-list")).toBeAttached();
  await app.at("nav-connect").click();
  await expect(app.at("connect")).toBeVisible();
});
