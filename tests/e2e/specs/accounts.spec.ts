// Several accounts at one server in several tabs, what is forgotten, and settings as a link.
import type { Page } from "@playwright/test";
import { expect, test } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { allow, logIn } from "../helpers/person.ts";
import type { Mcp, Start } from "../helpers/servers.ts";

const PROMPTS = ["none", "login", "consent"];
const SCOPE = "openid mcp:tools";

async function guarded(start: Start, prompts: string[] | null = PROMPTS) {
  const describe = (document: Record<string, unknown>) => ({ ...document, prompt_values_supported: prompts ?? undefined });
  const issuer = await start.issuer({ describe });
  return start.mcp({ issuer });
}

async function logsInAs(app: Flowglass, name: string) {
  await logIn(app.page, name);
  await allow(app.page);
  await app.is("connected");
}

async function calls(app: Flowglass) {
  await app.tool("whoami");
  await app.call({});
  await app.result("ok");
}

/** Who called, by the tokens that the server got: the account and the client of each. */
function callers(server: Mcp) {
  const claims = (authorization = "") => JSON.parse(Buffer.from(authorization.split(".")[1] ?? "", "base64url").toString());
  return server.calls("tools/call").map((it) => claims(it.headers.authorization) as { sub: string; client_id: string });
}

async function opened(app: Flowglass, press: () => Promise<void>) {
  const [page] = await Promise.all([app.page.context().waitForEvent("page"), press()]);
  const tab = new Flowglass(page, app.home);
  await tab.ready();
  return tab;
}

async function copied(page: Page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** All that the browser keeps for the page, in one text. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [sessionStorage, localStorage].flatMap((it) => Object.entries(it).flat());
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) texts.push(name, request.url, (await (await cache.match(request))?.text()) ?? "");
    }
    return texts.join("\n");
  });
}

test("two accounts at one server stay apart in two tabs, after a reload too", async ({ app, start }) => {
  const server = await guarded(start);
  await app.open();
  await app.connect(server.url, { scope: SCOPE });
  await logsInAs(app, "Ada");
  await expect(app.at("account")).toHaveText("Ada");
  await expect(app.page).toHaveTitle(/ · Ada · Flowglass$/);

  await expect(app.at("another-account-hint")).toContainText("prompt=login");
  const other = await opened(app, () => app.at("another-account").click());
  await other.is("idle");
  await expect(other.at("server-url")).toHaveValue(server.url);
  await expect(other.at("extra-params")).toHaveValue("prompt=login");
  await expect(other.at("scope")).toHaveValue(SCOPE);
  const token = [...server.tokens][0] as string;
  expect(await kept(other.page)).not.toContain(token);
  await other.at("connect").click();
  await logsInAs(other, "Grace");
  await expect(other.at("account")).toHaveText("Grace");
  await expect(app.at("account")).toHaveText("Ada");

  for (const tab of [app, other]) await calls(tab);
  for (const tab of [app, other]) {
    await tab.page.reload();
    await tab.ready();
    await tab.is("connected");
    await calls(tab);
  }
  const all = callers(server);
  expect(all.map((it) => it.sub)).toEqual(["Ada", "Grace", "Ada", "Grace"]);
  expect(new Set(all.map((it) => it.client_id)).size).toBe(2);
  // Neither tab has what the other one holds.
  const [ada, grace] = [await kept(app.page), await kept(other.page)];
  const tokens = [...server.tokens];
  expect(tokens.filter((it) => ada.includes(it) && grace.includes(it))).toEqual([]);

  // Forgetting in one leaves the other connected.
  await other.page.goto(`${other.home}bench`);
  await other.at("forget-everything").click();
  await other.is("idle");
  await calls(app);
  expect(callers(server).at(-1)?.sub).toBe("Ada");
});

test("where the metadata lists no prompt, the authorization server decides, and is said to", async ({ app, start }) => {
  const server = await guarded(start, null);
  await app.open();
  await app.connect(server.url);
  await logsInAs(app, "Ada");
  // Nothing tells who it is, and nothing is guessed.
  await expect(app.at("account")).toHaveCount(0);
  await expect(app.at("another-account-hint")).toContainText("The authorization server decides");
  const link = new URL((await app.at("another-account").getAttribute("href")) ?? "");
  expect([...link.searchParams.keys()]).toEqual(["server"]);
});

test("a tab has the label that the user gives it, until all of it is forgotten", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.at("tab-label").fill("Tuesday");
  await expect(app.at("account")).toHaveText("Tuesday");
  await app.go("tools");
  await expect(app.page).toHaveTitle(/^Tools · Tuesday · Flowglass$/);
  await app.page.reload();
  await app.ready();
  await expect(app.at("account")).toHaveText("Tuesday");
  await app.page.goto(`${app.home}bench`);
  await app.at("forget-everything").click();
  await expect(app.page).not.toHaveTitle(/Tuesday/);
  expect(await kept(app.page)).not.toContain("Tuesday");
});

test("saved servers and preferences are forgotten where the user asks for it, in every tab", async ({ app, start }) => {
  const server = await start.mcp();
  const other = new Flowglass(await app.page.context().newPage(), app.home);
  await app.open();
  await app.fill({ "server-url": server.url, "server-label": "Harbour" });
  await app.at("server-save").click();
  await expect(app.at("server-item")).toHaveCount(1);
  await app.page.getByRole("button", { name: /^Theme/ }).click();
  await app.at("connect").click();
  await app.is("connected");
  await other.open();
  await expect(other.at("server-item")).toHaveCount(1);

  await app.page.goto(`${app.home}bench`);
  // Without the box, what belongs to the browser stays.
  await app.at("forget-everything").click();
  await app.is("idle");
  expect(await kept(app.page)).toContain("Harbour");

  await app.at("forget-saved").check();
  await expect(app.at("forget-list")).toContainText("saved or recent server");
  await expect(app.at("forget-list")).toContainText("theme");
  await app.at("forget-everything").click();
  await expect(app.html).not.toHaveAttribute("data-theme");
  await expect(other.at("server-item")).toHaveCount(0);
  for (const tab of [app, other]) {
    const all = await kept(tab.page);
    for (const text of ["Harbour", server.url, server.origin]) expect(all).not.toContain(text);
  }
  expect(await app.page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await app.page.reload();
  await app.ready();
  expect(await kept(app.page)).not.toContain(server.origin);
});

const SECRETS = { "bearer-token": "geheim-1", "client-secret": "geheim-2", "header-value": "geheim-3" };
const SHARED = {
  "protocol-version": "2025-11-25",
  transport: "streamable-http",
  registration: "pre-registered",
  "client-id": "flowglass & co",
  "client-metadata-url": "https://clients.example.com/x",
  scope: "a b",
  "extra-params": "audience=orders\nlogin_hint=ada@example.com",
  "redirect-mode": "popup",
  grant: "client_credentials",
  "request-timeout": "12",
  "server-label": "Orders ß",
  issuer: "https://login.example.com/x",
};

test("settings are copied as a link without secrets, and fill the form of whoever opens it", async ({ app, page, start }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await start.mcp();
  await app.open();
  await app.fill({ "server-url": `${server.url}?key=geheim-4`, ...SHARED, ...SECRETS, "header-name": "X-Api-Key" });
  await app.at("copy-settings-link").click();
  await expect(app.at("copy-settings-said")).toContainText("without the query of the URL");
  const link = await copied(page);
  expect(link.startsWith(`${app.home}?`)).toBe(true);
  expect(link).not.toContain("geheim");
  const tab = new Flowglass(await page.context().newPage(), app.home);
  await tab.page.goto(link);
  await tab.ready();
  await tab.is("idle");
  await expect(tab.at("server-url")).toHaveValue(server.url);
  for (const [testid, value] of Object.entries({ ...SHARED, "header-name": "X-Api-Key" }))
    await expect(tab.at(testid), testid).toHaveValue(value);
  for (const testid of Object.keys(SECRETS)) await expect(tab.at(testid), testid).toHaveValue("");
  // It leads the login elsewhere, which is said before anything is sent.
  await expect(tab.at("link-leads")).toContainText("https://login.example.com/x");
  await expect(tab.at("link-binds")).toContainText("flowglass & co");
  await expect(tab.at("link-binds")).toContainText("audience=orders");
  expect(server.requests).toEqual([]);
});

test("the settings of a connection are copied from the palette", async ({ app, page, start }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url, { "protocol-version": "2025-06-18" });
  await page.keyboard.press("Control+k");
  await app.at("palette-input").fill("copy settings link");
  await page.keyboard.press("Enter");
  await expect(app.at("copy-settings-said")).toHaveText("Copied");
  expect(await copied(page)).toBe(`${app.home}?server=${encodeURIComponent(server.url)}&version=2025-06-18`);
});

test("what a link may not bring is named, and nothing of it is used", async ({ app, page }) => {
  const names = [
    ["server=javascript:alert(document.domain)", "server", "scheme"],
    ["server=https://ada:geheim@mcp.example.com/mcp", "server", "user name"],
    ["scope=a&token-endpoint=javascript:alert(1)", "token-endpoint", "scheme"],
    ["scope=a&issuer=http://login.example.com", "issuer", "plain http"],
    ["scope=a&bearer-token=geheim", "bearer-token", "Secrets are never read"],
    ["scope=a&client-secret=geheim", "client-secret", "Secrets are never read"],
    ["scope=a&header=Authorization:geheim", "header", "no name of a header"],
    ["scope=a&extra-params=redirect_uri=https://evil.example", "extra-params", "set by Flowglass"],
    ["scope=a&frobnicate=geheim", "frobnicate", "no such setting"],
    [`scope=${"x".repeat(9000)}`, "settings", "at most 8 KB"],
  ];
  for (const [query = "", name = "", words = ""] of names) {
    await page.evaluate(() => sessionStorage.clear()).catch(() => {});
    await app.open(`?${query}`);
    const unused = app.at("link-unused");
    await expect(unused, query).toHaveAttribute("data-name", name);
    await expect(unused, query).toContainText(words);
    await app.is("idle");
    await expect(app.at("link-notice")).not.toContainText("geheim");
    for (const field of ["bearer-token", "client-secret", "token-endpoint", "issuer", "extra-params"])
      await expect(app.at(field), query).toHaveValue("");
    await expect(app.at("server-url"), query).toHaveValue("");
  }
});
