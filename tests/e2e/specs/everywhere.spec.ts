// What works on every page: the palette, shortcuts, undo, counts, and several tabs beside each other. Without a mouse.
import type { Page } from "@playwright/test";
import { accessible, tabTo } from "../helpers/everybody.ts";
import { expect, test as base } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { atLogin, logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";
import { MESSAGES, startLive } from "../servers/live.mjs";
import { manyTools } from "../servers/tools.mjs";

const test = base.extend<{ live: Awaited<ReturnType<typeof startLive>> }>({
  live: async ({}, use) => {
    const server = await startLive();
    await use(server);
    await server.close();
  },
});

const chosen = (page: Page) => page.locator('[data-testid="palette-item"][aria-selected="true"]');
const ofKind = (app: Flowglass, kind: string) => app.page.locator(`[data-testid="palette-item"][data-kind="${kind}"]`);

/** Opens the palette and types, as a person does. */
async function command(app: Flowglass, words: string) {
  await app.page.keyboard.press("Control+k");
  await expect(app.at("palette-input")).toBeFocused();
  await app.page.keyboard.type(words);
}

/** Does what comes first for these words, once it has this name. */
async function does(app: Flowglass, words: string, name: string) {
  await command(app, words);
  await expect(chosen(app.page)).toHaveAttribute("data-name", name);
  await app.page.keyboard.press("Enter");
  await expect(app.at("palette")).toBeHidden();
}

test.describe("the palette", () => {
  test("lists pages, tools, resources, prompts, servers and actions, and Enter takes the first", async ({ app, everything, page }) => {
    await app.open();
    await app.connected(everything.url);
    await app.atRest();
    await command(app, "");
    for (const kind of ["page", "tool", "resource", "prompt", "server", "action"]) {
      await expect(ofKind(app, kind).first(), kind).toBeAttached();
    }
    const input = app.at("palette-input");
    await expect(input).toHaveAttribute("role", "combobox");
    await page.keyboard.press("ArrowDown");
    await expect(input).toHaveAttribute("aria-activedescendant", (await chosen(page).getAttribute("id")) ?? "none");
    await expect(chosen(page)).toHaveCount(1);
    await accessible(page, "the palette");
    for (const [kind, route] of [["prompt", "prompts"], ["tool", "tools"], ["resource", "resources"]] as const) {
      const name = (await ofKind(app, kind).first().getAttribute("data-name")) ?? "";
      await page.keyboard.type(name);
      await expect(chosen(page)).toHaveAttribute("data-name", name);
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(`${app.home}${route}/${encodeURIComponent(name)}`);
      await command(app, "");
    }
    await page.keyboard.type("no such thing");
    await expect(app.at("palette-item")).toHaveCount(0);
    await expect(input).toHaveAttribute("aria-expanded", "false");
  });

  test("finds one of 10,000 tools, shows few rows, and says how many there are", async ({ app, page, start }) => {
    const server = await start.mcp({ tools: manyTools(10_000) });
    await app.open();
    await app.connected(server.url);
    await expect(app.at("nav-tools")).toHaveText("Tools 10000");
    await command(app, "tool-09");
    await expect(ofKind(app, "tool")).toHaveCount(10);
    await expect(page.getByRole("group", { name: "Tools 10 of 1,000" })).toBeVisible();
    await page.keyboard.type("999");
    await expect(app.at("palette-item")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${app.home}tools/tool-09999`);
  });

  test("does what can be done now, and nothing else", async ({ app, page, start }) => {
    const server = await start.mcp();
    await app.open();
    await command(app, "disconnect");
    await expect(app.at("palette-item")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await app.connected(server.url);
    await does(app, "whoami", "whoami");
    await expect(app.at("call-tool")).toBeVisible();
    await command(app, "call");
    await expect(ofKind(app, "action").filter({ hasText: "Call tool" })).toContainText("Ctrl Enter");
    // Nothing was called yet, and nothing is on its way.
    await expect(ofKind(app, "action").filter({ hasText: /again|Cancel/ })).toHaveCount(0);
    await page.keyboard.press("Escape");
    await does(app, "call tool", "Call tool");
    await app.result("ok");
    await expect(app.at("history-item")).toHaveCount(1);
    await does(app, "call again", "Call again");
    await expect(app.at("history-item")).toHaveCount(2);
    await does(app, "disconnect", "Disconnect");
    await app.is("idle");
  });

  test("edits, duplicates, moves and removes servers, and brings one back", async ({ app, page }) => {
    await app.open();
    for (const name of ["B", "A"]) {
      await app.fill({ "server-url": `https://${name.toLowerCase()}.example/mcp`, "server-label": name });
      await app.at("server-save").click();
      await expect(page.locator(`[data-testid="server-item"][data-name="${name}"]`)).toBeVisible();
    }
    const names = () => app.at("server-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-name")));
    await does(app, "move b up", "Move B up");
    await expect.poll(names).toEqual(["B", "A"]);
    await does(app, "duplicate a", "Duplicate A");
    await expect.poll(names).toEqual(["B", "A", "A 2"]);
    await app.go("wire");
    await does(app, "remove b", "Remove B");
    await expect(app.at("undo")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(app.at("undo")).toHaveCount(0);
    await does(app, "edit b", "Edit B");
    await expect(app.at("server-url")).toHaveValue("https://b.example/mcp");
    await expect.poll(names).toEqual(["B", "A", "A 2"]);
  });
});

test("single keys go to pages, to the filter and to the help sheet, and a field keeps what is typed into it", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await does(app, "whoami", "whoami");
  await expect(app.at("call-tool")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await app.result("ok");
  await does(app, "slow", "slow");
  // The page before this one has a button to call, too; it has a result, and this one has none yet.
  await expect(page).toHaveURL(`${app.home}tools/slow`);
  await expect(app.at("call-result")).toHaveCount(0);
  await expect(app.at("call-tool")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await app.result("pending");
  await page.keyboard.press("Escape");
  await app.result("cancelled");

  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await expect(page).toHaveURL(`${app.home}walkthrough`);
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page).toHaveURL(`${app.home}tools`);
  await expect(app.at("tool-filter")).toBeVisible();
  await page.keyboard.press("/");
  await expect(app.at("tool-filter")).toBeFocused();
  await page.keyboard.type("g w?/");
  await expect(app.at("tool-filter")).toHaveValue("g w?/");
  await expect(app.at("shortcuts")).toBeHidden();
  expect(page.url()).toBe(`${app.home}tools`);
  await app.at("tool-filter").blur();
  await page.keyboard.press("?");
  await expect(app.at("shortcuts")).toBeVisible();
  await accessible(page, "the help sheet");
  await page.keyboard.press("Escape");
  await expect(app.at("shortcuts")).toBeHidden();
});

test("single keys can be turned off, which the browser remembers", async ({ app, page }) => {
  await app.open("walkthrough");
  await page.keyboard.press("?");
  await expect(app.at("shortcuts")).toBeVisible();
  if (!(await app.at("shortcuts-single").evaluate((it) => it === document.activeElement))) await tabTo(page, "shortcuts-single");
  await page.keyboard.press("Space");
  await expect(app.at("shortcuts-single")).not.toBeChecked();
  await page.reload();
  await app.ready();
  for (const key of ["?", "g", "t"]) await page.keyboard.press(key);
  await does(app, "keyboard", "Keyboard shortcuts");
  expect(page.url()).toBe(`${app.home}walkthrough`);
  await expect(app.at("shortcuts")).toBeVisible();
  await expect(app.at("shortcuts-single")).not.toBeChecked();
});

test("what is cleared or removed comes back, after a reload too", async ({ app, live, page }) => {
  await app.open();
  await app.connected(live.url);
  await app.tool("log");
  await app.call({});
  await app.result("ok");

  await app.at("history-remove").press("Enter");
  await expect(app.at("history-item")).toHaveCount(0);
  await expect(app.at("undo")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(app.at("history-item")).toHaveCount(1);

  await app.go("logs");
  await app.at("log-clear").press("Enter");
  await expect(app.at("log-list")).toHaveAttribute("data-total", "0");
  await expect(app.at("undo")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(app.at("log-list")).toHaveAttribute("data-total", String(MESSAGES.length));

  await app.atRest();
  await app.go("wire");
  await app.at("wire-clear").press("Enter");
  await expect(app.exchange("tools/call")).toHaveCount(0);
  // It stays until something else is removed or begun, on every page.
  await app.go("tools");
  await app.at("undo").press("Enter");
  await expect(app.at("undo")).toHaveCount(0);
  await app.go("wire");
  await expect(app.exchange("tools/call")).toHaveCount(1);
  await page.reload();
  await app.is("connected");
  await expect(app.exchange("tools/call")).toHaveCount(1);
});

test("counts have their place: nothing in the navigation moves when they come", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  const places = async () => {
    const links = page.locator("nav a");
    return links.evaluateAll((all) => all.slice(0, 7).map((it) => [it.getAttribute("data-testid"), it.getBoundingClientRect().x]));
  };
  const before = await places();
  await app.connected(server.url);
  await expect(app.at("nav-tools")).toHaveAccessibleName(/^Tools \d+$/);
  await expect(app.at("nav-wire")).toHaveAccessibleName(/^Wire \d+$/);
  expect(await places()).toEqual(before);
});

test.describe("two tabs", () => {
  async function beside(app: Flowglass) {
    return new Flowglass(await app.page.context().newPage(), app.home);
  }

  test("have a server each, and share saved servers and the theme at once", async ({ app, start }) => {
    const [one, two] = [await start.mcp({ tools: manyTools(3) }), await start.mcp()];
    const other = await beside(app);
    await app.open();
    await other.open();
    await app.connected(one.url);
    await other.connected(two.url);
    await expect(app.at("nav-tools")).toHaveText("Tools 3");
    await other.tool("echo");
    await other.call({ message: "of the other tab" });
    await other.result("ok");
    expect(one.calls("tools/call")).toEqual([]);
    await does(app, "switch theme", "Switch theme");
    await expect(app.html).toHaveAttribute("data-theme", "light");
    await expect(other.html).toHaveAttribute("data-theme", "light");

    await app.at("disconnect").click();
    await app.is("idle");
    await app.fill({ "server-label": "Shared" });
    await app.at("server-save").click();
    await other.is("connected");
    await other.go("connect");
    await other.at("disconnect").click();
    const shared = other.page.locator('[data-testid="server-item"][data-name="Shared"]');
    await expect(shared).toHaveAttribute("data-url", one.url);
    await does(other, "remove shared", "Remove Shared");
    await expect(app.page.locator('[data-testid="server-item"][data-name="Shared"]')).toHaveCount(0);
    // What was removed there is brought back there.
    await expect(app.at("undo")).toHaveCount(0);
    await other.at("undo").press("Enter");
    await expect(app.page.locator('[data-testid="server-item"][data-name="Shared"]')).toHaveCount(1);
  });

  async function guarded(start: Start) {
    const issuer = await start.issuer();
    return { issuer, server: await start.mcp({ issuer }) };
  }

  async function popup(app: Flowglass, url: string): Promise<Page> {
    const opened = app.page.waitForEvent("popup");
    await app.open();
    await app.connect(url, { "redirect-mode": "popup" });
    return opened;
  }

  test("log in by popups at the same time, and each gets its own token", async ({ app, start }) => {
    const [one, two] = [await guarded(start), await guarded(start)];
    const other = await beside(app);
    const [first, second] = [await popup(app, one.server.url), await popup(other, two.server.url)];
    await atLogin(first, one.issuer.url);
    await atLogin(second, two.issuer.url);
    await Promise.all([second.waitForEvent("close"), logInAndAllow(second)]);
    await other.is("connected");
    await app.is("authorizing");
    await Promise.all([first.waitForEvent("close"), logInAndAllow(first)]);
    await app.is("connected");
    for (const [tab, { server }] of [[app, one], [other, two]] as const) {
      await tab.tool("whoami");
      await tab.call({});
      await tab.result("ok");
      expect(server.tokens.size).toBe(1);
    }
  });
});
