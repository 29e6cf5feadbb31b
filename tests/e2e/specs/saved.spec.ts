// The list of servers: saved, edited, moved, removed and back, imported, exported; and `inspector.json` beside the page.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { startHosted } from "../servers/hosted.mjs";
import { accessible, fits } from "../helpers/everybody.ts";
import { DIST, expect, test as withApp } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";

type Host = Awaited<ReturnType<typeof startHosted>>;

const CLIENTS = join(import.meta.dirname, "../../data/clients");

const test = withApp.extend<{ host: Host; hosted: Flowglass }>({
  host: async ({}, use) => {
    const host = await startHosted(DIST);
    await use(host);
    await host.close();
  },
  hosted: async ({ page, host }, use) => use(new Flowglass(page, host.url)),
});

function item(app: Flowglass, name: string): Locator {
  return app.page.locator(`[data-testid="server-item"][data-name="${name}"]`);
}

function names(app: Flowglass) {
  return app.at("server-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-name")));
}

async function press(app: Flowglass, name: string, testid: string) {
  await item(app, name).locator(`[data-testid="${testid}"]`).click();
}

async function save(app: Flowglass, url: string, name: string, fields: Record<string, string> = {}) {
  await app.fill({ "server-url": url, ...fields, "server-label": name });
  await app.at("server-save").click();
  await expect(item(app, name)).toHaveAttribute("data-url", url);
}

function kept(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify({ ...localStorage }));
}

function imported(app: Flowglass, name: string): Locator {
  return app.page.locator(`[data-testid="import-item"][data-name="${name}"]`);
}

async function file(name: string) {
  return readFile(join(CLIENTS, name), "utf8");
}

test("a saved server is there after a reload, connects, and its secrets are nowhere", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.fill({ "header-name": "x-team", "header-value": "a" });
  await app.at("header-add").click();
  await save(app, server.url, "Mine", { "bearer-token": "geheim-bearer", "client-secret": "geheim-client" });
  await expect(item(app, "Mine")).toHaveAttribute("data-source", "saved");
  expect(await kept(page)).not.toContain("geheim");
  await page.reload();
  await app.ready();
  await press(app, "Mine", "server-connect");
  await app.is("connected");
  await app.at("disconnect").click();
  await expect(app.at("server-label")).toHaveValue("Mine");
  // It is the saved one that was used: no recent one beside it.
  await expect(item(app, "Mine")).toContainText("no authorization");
  await expect(app.at("server-item")).toHaveCount(1);
  await expect(app.at("bearer-token")).toHaveValue("");
});

test("without a name a server is called as its host, and a name is of one server", async ({ app }) => {
  await app.open();
  await app.fill({ "server-url": "https://a.example/mcp" });
  await app.at("server-save").click();
  await expect(item(app, "a.example")).toBeVisible();
  await save(app, "https://b.example/mcp", "B");
  await save(app, "https://c.example/mcp", "B");
  expect(await names(app)).toEqual(["B", "a.example"]);
  await app.fill({ "server-url": "no url", "server-label": "D" });
  await app.at("server-save").click();
  await expect(app.at("server-url")).toHaveAttribute("aria-invalid", "true");
  expect(await names(app)).toEqual(["B", "a.example"]);
});

test("servers are edited, duplicated, moved, removed and brought back", async ({ app, page }) => {
  await app.open();
  for (const name of ["C", "B", "A"]) await save(app, `https://${name.toLowerCase()}.example/mcp`, name);
  expect(await names(app)).toEqual(["A", "B", "C"]);

  await press(app, "B", "server-edit");
  await expect(app.at("server-url")).toHaveValue("https://b.example/mcp");
  await expect(app.at("server-label")).toHaveValue("B");
  await save(app, "https://b.example/new", "B renamed", { scope: "a b" });
  expect(await names(app)).toEqual(["A", "B renamed", "C"]);

  await press(app, "B renamed", "server-duplicate");
  await expect(item(app, "B renamed 2")).toHaveAttribute("data-url", "https://b.example/new");
  await press(app, "B renamed 2", "server-edit");
  await expect(app.at("scope")).toHaveValue("a b");

  await press(app, "C", "server-up");
  await expect.poll(() => names(app)).toEqual(["A", "B renamed", "C", "B renamed 2"]);
  await press(app, "A", "server-down");
  await expect.poll(() => names(app)).toEqual(["B renamed", "A", "C", "B renamed 2"]);

  await press(app, "A", "server-remove");
  await expect(item(app, "A")).toHaveCount(0);
  await expect(app.at("undo")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect.poll(() => names(app)).toEqual(["B renamed", "A", "C", "B renamed 2"]);
  await expect(app.at("undo")).toHaveCount(0);

  await page.reload();
  await expect.poll(() => names(app)).toEqual(["B renamed", "A", "C", "B renamed 2"]);
  await accessible(page, "the list of servers");
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(app, "the list of servers");
});

test("the last one can be brought back too", async ({ app }) => {
  await app.open();
  await save(app, "https://a.example/mcp", "A");
  await press(app, "A", "server-remove");
  await expect(app.at("server-item")).toHaveCount(0);
  await app.at("undo").click();
  await expect(item(app, "A")).toBeVisible();
});

test("the last used is first, each tab has its own, and a recent one can be saved", async ({ app, context, page, start }) => {
  const [one, two] = [await start.mcp(), await start.mcp()];
  await app.open();
  await app.connected(one.url);
  await expect.poll(() => kept(page)).toContain(one.url);
  const other = new Flowglass(await context.newPage(), app.home);
  await other.open();
  await expect(other.at("server-item")).toHaveAttribute("data-source", "recent");
  await other.connected(two.url);
  await expect.poll(() => kept(page)).toContain(two.url);

  await page.reload();
  await app.is("connected");
  await app.at("disconnect").click();
  await expect(app.at("server-url")).toHaveValue(one.url);
  await expect
    .poll(() => app.at("server-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-url"))))
    .toEqual([one.url, two.url]);
  await app.at("server-item").first().locator('[data-testid="server-duplicate"]').click();
  await expect(app.page.locator('[data-source="saved"]')).toHaveAttribute("data-url", one.url);
});

test("a header that may be secret is asked for when its server is connected to", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  const headers = { "X-Api-Key": "geheim-key", Authorization: "Bearer geheim-token", "x-team": "a" };
  const configuration = { mcpServers: { keyed: { type: "http", url: server.url, headers } } };
  await app.at("servers-import").click();
  await app.at("import-text").fill(JSON.stringify(configuration));
  await expect(imported(app, "keyed")).toHaveAttribute("data-status", "ok");
  await app.at("import-apply").click();
  expect(await kept(page)).not.toContain("geheim");
  await press(app, "keyed", "server-connect");
  await expect(app.at("header-name")).toHaveValue("Authorization");
  await expect(app.at("header-value")).toBeFocused();
  await app.at("header-value").fill("Bearer typed");
  await app.at("connect").click();
  // One more, and it connects.
  await expect(app.at("header-name")).toHaveValue("X-Api-Key");
  await app.at("header-value").fill("typed");
  await app.at("connect").click();
  await app.is("connected");
  expect(await kept(page)).not.toMatch(/geheim|typed/);
});

test("every entry of a file is listed with what becomes of it, and only then are servers kept", async ({ app, page }) => {
  await app.open();
  await save(app, "https://docs.example.com/sse", "Known");
  await app.at("servers-import").click();
  await expect(app.at("import-dialog")).toBeVisible();
  await expect(app.at("import-apply")).toBeDisabled();
  await app.at("import-text").fill("{ not JSON");
  await expect(app.at("import-problem")).toContainText("line 1");
  await app.at("import-text").fill(await file("claude-code.mcp.json"));
  const expected = { docs: "duplicate", files: "stdio", github: "ok", orders: "ok", staging: "invalid" };
  for (const [name, status] of Object.entries(expected)) {
    await expect(imported(app, name), name).toHaveAttribute("data-status", status);
  }
  await expect(imported(app, "docs")).toContainText("Known");
  await expect(imported(app, "staging")).toContainText("${API_BASE_URL");
  await expect(imported(app, "files")).toContainText("npx -y mcp-proxy");
  await expect(imported(app, "files")).toContainText("--cors");
  await expect(app.at("server-item")).toHaveCount(1);
  await accessible(page, "the import");
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(app, "the import");

  await app.at("import-apply").click();
  await expect(app.at("import-dialog")).toHaveCount(0);
  expect(await names(app)).toEqual(["Known", "github", "orders"]);
  expect(await kept(page)).not.toContain("geheim");
  await press(app, "orders", "server-edit");
  await expect(app.at("client-id")).toHaveValue("flowglass");
  await expect(app.at("registration")).toHaveValue("pre-registered");
});

const FILES = {
  "claude_desktop_config.json": { filesystem: "stdio", jira: "ok", notes: "ok" },
  "vs-code.mcp.jsonc": { api: "ok", "logged-in": "ok", playwright: "stdio", socket: "invalid" },
  "cursor.mcp.json": { linear: "ok", local: "stdio", static: "ok" },
};

for (const [name, entries] of Object.entries(FILES)) {
  test(`${name} is read from its file`, async ({ app, page }) => {
    await app.open();
    await app.at("servers-import").click();
    await app.at("import-file").setInputFiles(join(CLIENTS, name));
    for (const [entry, status] of Object.entries(entries)) {
      await expect(imported(app, entry), entry).toHaveAttribute("data-status", status);
    }
    await app.at("import-apply").click();
    const ok = Object.entries(entries).filter(([, status]) => status === "ok");
    await expect.poll(() => names(app)).toEqual(ok.map(([entry]) => entry));
    expect(await kept(page)).not.toContain("geheim");
  });
}

test("the URL of a bridge fills the form", async ({ app }) => {
  await app.open();
  await app.at("servers-import").click();
  await app.at("import-text").fill('{"mcpServers": {"local": {"command": "node", "args": ["server.js"]}}}');
  await app.at("import-use").click();
  await expect(app.at("import-dialog")).toHaveCount(0);
  await expect(app.at("server-url")).toHaveValue("http://localhost:8080/mcp");
  await expect(app.at("server-label")).toHaveValue("local");
});

test("saved servers are exported without secrets, and the file is imported again", async ({ app, page }) => {
  await app.open();
  await app.fill({ "header-name": "X-Api-Key", "header-value": "geheim" });
  await app.at("header-add").click();
  await app.fill({ "header-name": "x-team", "header-value": "a" });
  await app.at("header-add").click();
  await save(app, "https://a.example/sse", "A", { transport: "sse" });
  const [download] = await Promise.all([page.waitForEvent("download"), app.at("servers-export").click()]);
  expect(download.suggestedFilename()).toBe("mcp.json");
  const text = await readFile(await download.path(), "utf8");
  expect(JSON.parse(text)).toEqual({
    mcpServers: { A: { type: "sse", url: "https://a.example/sse", headers: { "X-Api-Key": "", "x-team": "a" } } },
  });
  await press(app, "A", "server-remove");
  await app.at("servers-import").click();
  await app.at("import-text").fill(text);
  await app.at("import-apply").click();
  await expect(item(app, "A")).toContainText("asks for X-Api-Key");
});

test("the connected server is copied for other clients", async ({ app, page, context, start }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url, { "header-name": "X-Api-Key", "header-value": "geheim", "server-label": "Orders" });
  await app.at("client-configs").locator("summary").click();
  const copied = async (testid: string) => {
    await app.at(testid).click();
    await expect(app.at(testid)).toHaveText("Copied");
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const command = await copied("copy-claude-code");
  expect(command).toBe(`claude mcp add --transport http Orders ${server.url} --header "X-Api-Key: $X_API_KEY"`);
  const code = JSON.parse(await copied("copy-vs-code"));
  expect(code.servers.Orders).toEqual({ type: "http", url: server.url, headers: { "X-Api-Key": "${input:x-api-key}" } });
  const cursor = JSON.parse(await copied("copy-cursor"));
  expect(cursor.mcpServers.Orders).toEqual({ url: server.url, headers: { "X-Api-Key": "${env:X_API_KEY}" } });
});

test("the palette connects to a server of the list", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await save(app, server.url, "Mine");
  await page.keyboard.press("Control+k");
  await app.at("palette-input").fill("connect to mine");
  const found = page.locator('[data-testid="palette-item"][data-kind="server"]');
  await expect(found).toHaveCount(1);
  await page.keyboard.press("Enter");
  await app.is("connected");
});

test("the presets of a host are first, fill the form, and are nobody's to change", async ({ host, hosted, page, start }) => {
  const server = await start.mcp();
  const auth = { registration: "pre-registered", clientId: "flowglass", extraParams: { audience: "orders" } };
  host.file.body = {
    title: "Acme's MCP servers",
    servers: [{ name: "Orders", url: server.url, headers: { "x-team": "a" }, auth }],
    defaults: { version: "2025-06-18" },
  };
  await hosted.open();
  await expect(page.getByRole("heading", { name: "Acme's MCP servers" })).toBeVisible();
  await expect(hosted.at("config-problem")).toHaveCount(0);
  await expect(hosted.at("protocol-version")).toHaveValue("2025-06-18");
  await expect(item(hosted, "Orders")).toHaveAttribute("data-source", "preset");
  for (const action of ["server-edit", "server-duplicate", "server-remove"]) {
    await expect(hosted.at(action)).toHaveCount(0);
  }
  await press(hosted, "Orders", "server-connect");
  await hosted.is("connected");
  await hosted.at("disconnect").click();
  await expect(hosted.at("client-id")).toHaveValue("flowglass");
  await expect(hosted.at("extra-params")).toHaveValue("audience=orders");
  await expect(hosted.at("server-item")).toHaveCount(1);
});

test("only listed servers are connected to: typed, by a link, saved, and after a reload", async ({
  host,
  hosted,
  page,
  start,
  record,
}) => {
  const [listed, other] = [await start.mcp(), await start.mcp()];
  await hosted.open();
  await save(hosted, other.url, "Other");
  await hosted.connected(other.url);

  host.file.body = { servers: [{ name: "Listed", url: listed.url }], onlyListed: true };
  await page.reload();
  await hosted.refuses("server-not-listed");
  const sent = record.to(other.url).length;
  // As in a new tab: what was refused before is not said any more.
  const fresh = async (query = "") => {
    await page.evaluate(() => sessionStorage.clear());
    await hosted.open(query);
    await hosted.is("idle");
  };

  await fresh();
  await hosted.connect(other.url);
  await hosted.refuses("server-not-listed");
  await expect(hosted.at("problem")).toContainText(other.url);

  await fresh(`?server=${encodeURIComponent(other.url)}`);
  await hosted.at("connect").click();
  await hosted.refuses("server-not-listed");

  await fresh();
  await press(hosted, "Other", "server-connect");
  await hosted.refuses("server-not-listed");

  await fresh();
  await hosted.at("server-url").fill(other.url);
  await hosted.at("check-server").click();
  await hosted.refuses("server-not-listed");
  expect(record.to(other.url)).toHaveLength(sent);

  await fresh();
  await press(hosted, "Listed", "server-connect");
  await hosted.is("connected");
  await page.reload();
  await hosted.is("connected");
});

const BROKEN: [string, unknown, RegExp[]][] = [
  ["not JSON", "{ title: 1 }", [/inspector\.json.*not JSON/]],
  ["not an object", [], [/must be an object/]],
  ["unknown parts", { theme: "dark", servers: [{ url: "https://a.example", colour: 1 }] }, [/theme/, /servers\[0\]\.colour/]],
  ["a URL that cannot be used", { servers: [{ name: "a", url: "javascript:alert(1)" }] }, [/servers\[0\]\.url/]],
  [
    "relays that lead elsewhere",
    { relays: { "https://a.example": "//other.example", "https://b.example": "http://b.example" } },
    [/relays\.https:\/\/a\.example/, /relays\.https:\/\/b\.example/],
  ],
  ["a secret", { servers: [{ url: "https://a.example", headers: { Authorization: "Bearer geheim" } }] }, [/Authorization/]],
];

for (const [name, body, problems] of BROKEN) {
  test(`a file with ${name} is named, and the page works`, async ({ host, hosted, page, start }) => {
    const server = await start.mcp();
    host.file.body = body;
    await hosted.open();
    for (const problem of problems) await expect(hosted.at("config-problem")).toContainText(problem);
    await expect(page.locator("body")).not.toContainText("geheim");
    await hosted.connected(server.url);
    await expect(hosted.at("config-problem")).toBeVisible();
  });
}

const ABSENT: [string, Partial<Host["file"]>][] = [
  ["is not there", { status: 404 }],
  ["is the page itself", { headers: { "content-type": "text/html" }, body: "<!doctype html><title>x</title>" }],
  ["is the page itself as JSON", { body: "<!doctype html><title>x</title>" }],
];

for (const [name, file] of ABSENT) {
  test(`nothing happens where the file ${name}`, async ({ host, hosted, start }) => {
    const server = await start.mcp();
    host.file = { status: 200, headers: {}, body: "", ...file };
    await hosted.open();
    await hosted.connected(server.url);
    await hosted.at("disconnect").click();
    await expect(hosted.at("server-item")).toHaveAttribute("data-source", "recent");
    await expect(hosted.at("config-problem")).toHaveCount(0);
  });
}

test("an error of the host is said", async ({ host, hosted, start }) => {
  const server = await start.mcp();
  host.file = { status: 503, headers: {}, body: "" };
  await hosted.open();
  await expect(hosted.at("config-problem")).toContainText("503");
  await hosted.connected(server.url);
});

test("the file is asked for once a page, and revalidated by its tag", async ({ host, hosted }) => {
  const list = (name: string) => ({ servers: [{ name, url: "https://a.example/mcp" }] });
  host.file = { status: 200, headers: { etag: '"1"', "cache-control": "max-age=3600" }, body: list("First") };
  await hosted.open();
  await expect(item(hosted, "First")).toBeVisible();
  // The same tag: what the browser has cached still holds, though it asked.
  host.file.body = list("Second");
  await hosted.open();
  await expect(item(hosted, "First")).toBeVisible();
  host.file.headers = { ...host.file.headers, etag: '"2"' };
  await hosted.open();
  await expect(item(hosted, "Second")).toBeVisible();
  await hosted.go("wire");
  await hosted.go("connect");
  await expect(item(hosted, "Second")).toBeVisible();
  expect(host.asked.map((it) => it["if-none-match"])).toEqual([undefined, '"1"', '"1"']);
});

test("connecting waits for a slow file, and not for ever", async ({ host, hosted, start }) => {
  const server = await start.mcp();
  host.hangs = true;
  await hosted.open();
  await hosted.connect(server.url);
  await hosted.is("connected", 20_000);
});

test("the schema for editors lies beside the page", async ({ hosted, page }) => {
  const response = await page.request.get(`${hosted.home}inspector.schema.json`);
  expect(response.ok()).toBe(true);
  expect(await response.json()).toMatchObject({ $id: expect.any(String) });
});
