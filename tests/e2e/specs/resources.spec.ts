// Resources by their types, what the server notes about them and tells of their changes; and arguments that the server
// completes.
import { readFile } from "node:fs/promises";
import { accessible } from "../helpers/everybody.ts";
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startResources } from "../servers/resources.mjs";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");
const BYTES = Buffer.from([...Array(16).keys(), ...Buffer.from("Argo sails")]);
const PAGE = [
  "<!doctype html><title>Berths</title><h1>Berths</h1>",
  '<script>window.owned = true; parent.postMessage("owned", "*")</script>',
  '<img src="https://evil.example/a.png" onerror="window.owned = true">',
  '<link rel="stylesheet" href="https://evil.example/a.css"><link rel="preconnect" href="https://evil.example">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/moved">',
  '<iframe src="https://evil.example/frame"></iframe>',
].join("");

const content = (uri: string, mimeType: string, it: string | Buffer) =>
  typeof it === "string" ? { uri, mimeType, text: it } : { uri, mimeType, blob: it.toString("base64") };

const CONTENTS = {
  "notes://markdown": content("notes://markdown", "text/markdown", "# Berths\n\n- **two**\n"),
  "notes://json": content("notes://json", "application/json", '{"ships":2,"gate":"open"}'),
  "notes://csv": content("notes://csv", "text/csv", "id,name\n1,Argo\n2,Beagle\n"),
  "notes://image": content("notes://image", "image/png", Buffer.from(PIXEL, "base64")),
  "notes://html": content("notes://html", "text/html", PAGE),
  "notes://pdf": content("notes://pdf", "application/pdf", PDF),
  "notes://no-pdf": content("notes://no-pdf", "application/pdf", BYTES),
  "notes://text": content("notes://text", "text/plain", "calm\nsea\nall day\n"),
  "notes://data": content("notes://data", "application/octet-stream", BYTES),
};

const KINDS: Record<keyof typeof CONTENTS, string> = {
  "notes://markdown": "markdown",
  "notes://json": "json",
  "notes://csv": "csv",
  "notes://image": "image",
  "notes://html": "html",
  "notes://pdf": "pdf",
  "notes://no-pdf": "pdf",
  "notes://text": "text",
  "notes://data": "resource",
};

const NOTED = {
  mimeType: "text/plain",
  size: 2048,
  annotations: { audience: ["user", "assistant"], priority: 0.8, lastModified: "2026-01-12T15:00:58Z" },
  icons: [{ src: "https://evil.example/icon.png" }, { src: `data:image/png;base64,${PIXEL}`, mimeType: "image/png" }],
};

const LISTED = Object.keys(CONTENTS).map((uri) => ({ uri, name: uri.slice(8), ...(uri === "notes://text" && NOTED) }));

const test = base.extend<{ server: Awaited<ReturnType<typeof startResources>> }>({
  server: async ({}, use) => {
    const contents = Object.fromEntries(Object.entries(CONTENTS).map(([uri, it]) => [uri, [it]]));
    const server = await startResources(LISTED, contents);
    await use(server);
    await server.close();
  },
});

async function connected(app: Flowglass, server: { url: string }) {
  await app.open();
  await app.connected(server.url);
}

async function reads(app: Flowglass, uri: keyof typeof CONTENTS) {
  await app.resource(uri);
  await app.at("read-resource").click();
  await expect(app.at("resource-result")).toHaveAttribute("data-status", "ok");
  await expect(app.at("resource-view")).toHaveAttribute("data-kind", KINDS[uri]);
}

async function opensPrompt(app: Flowglass, name: string) {
  await app.go("prompts");
  await app.page.locator(`[data-testid="prompt-item"][data-name="${name}"]`).click();
  await expect(app.at("get-prompt")).toBeVisible();
}

function offered(app: Flowglass) {
  return app.at("completion-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-value")));
}

function field(app: Flowglass, name: string) {
  return app.page.locator(".field").filter({ has: app.at(`arg-${name}`) });
}

test("a resource is shown by its type, with its source in its place", async ({ app, page, server }) => {
  await connected(app, server);
  const view = app.at("resource-view");
  for (const [uri, drawn, source] of [
    ["notes://markdown", "h5", "- **two**"],
    ["notes://json", "[role=tree]", '{"ships":2,"gate":"open"}'],
    ["notes://csv", "[role=table]", "2,Beagle"],
  ] as const) {
    await reads(app, uri);
    await expect(view.locator(drawn).first()).toBeVisible();
    await app.at("resource-source").locator("summary").click();
    await expect(view.locator(drawn)).toHaveCount(0);
    await expect(app.at("resource-source")).toContainText(source);
    await app.at("resource-source").locator("summary").click();
    await expect(view.locator(drawn).first()).toBeVisible();
  }
  await reads(app, "notes://image");
  await expect(view.locator("img")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  await expect(app.at("resource-source")).toHaveCount(0);
  await accessible(page, "a resource");
});

test("a text has numbered lines, data is hexadecimal, and both are downloaded as they are", async ({ app, page, server }) => {
  await connected(app, server);
  await reads(app, "notes://text");
  const lines = app.at("resource-view").locator("[data-line]");
  await expect(lines).toHaveText(["calm\n", "sea\n", "all day\n"]);
  expect(await lines.evaluateAll((all) => all.map((it) => it.getAttribute("data-line")))).toEqual(["1", "2", "3"]);
  await reads(app, "notes://data");
  const view = app.at("resource-view");
  await expect(view).toContainText("00000000   00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|");
  await expect(view).toContainText("|Argo sails|");
  const arriving = page.waitForEvent("download");
  await app.at("resource-download").click();
  const download = await arriving;
  expect(await readFile(await download.path())).toEqual(BYTES);
});

test("a PDF opens in a tab, and what only says to be one does not", async ({ app, context, server }) => {
  await connected(app, server);
  await reads(app, "notes://no-pdf");
  await expect(app.at("resource-view")).toContainText("|Argo sails|");
  await expect(app.at("open-pdf")).toHaveCount(0);
  await reads(app, "notes://pdf");
  const opening = context.waitForEvent("page");
  await app.at("open-pdf").click();
  await opening;
});

test.describe("a hostile page", () => {
  // What the browser writes of what it refuses to the page in the frame.
  test.use({ expectedErrors: /Content Security Policy|sandboxed|evil\.example|script-src/ });

  test("is drawn on a press alone, in a frame that runs and loads nothing", async ({ app, context, page, server }) => {
    const asked: string[] = [];
    await context.route("https://evil.example/**", (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await connected(app, server);
    await reads(app, "notes://html");
    await expect(page.locator("iframe")).toHaveCount(0);
    await app.at("draw-html").click();
    const frame = app.at("resource-view").locator("iframe");
    await expect(frame).toHaveAttribute("sandbox", "");
    await expect.poll(() => page.frames().map((it) => it.url())).toContain("about:srcdoc");
    await app.at("resource-source").locator("summary").click();
    await expect(app.at("resource-source")).toContainText("window.owned = true");
    await expect(frame).toHaveCount(0);
    expect(await page.evaluate(() => "owned" in window)).toBe(false);
    expect(asked).toEqual([]);
  });
});

test("size, dates, audience and icon of a resource are shown, and no icon is loaded", async ({ app, page, server }) => {
  await connected(app, server);
  await app.resource("notes://text");
  for (const fact of ["text/plain", "2.0 KB", "2026-01-12T15:00:58Z", "user, assistant", "0.8"])
    await expect(app.at("resource-facts")).toContainText(fact);
  await expect(page.locator("img.icon")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  // And in the palette, where the server gives one.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("notes://");
  const row = (uri: string) => page.locator(`[data-testid="palette-item"][data-name="${uri}"]`);
  await expect(row("notes://text").locator("img")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  await expect(row("notes://json")).toBeVisible();
  await expect(row("notes://json").locator("img")).toHaveCount(0);
});

test("a changed resource says in which lines or at which paths", async ({ app, server }) => {
  await connected(app, server);
  await expect.poll(() => server.isHeard()).toBe(true);
  await app.resource("notes://text");
  await app.subscribe();
  await expect(app.at("resource-update")).toHaveCount(0);
  server.change("notes://text", content("notes://text", "text/plain", "calm\nstorm\nall day\n"));
  await expect(app.at("resource-update")).toContainText("From line 2: 1 line removed, 1 line added.");
  await expect(app.at("resource-update").locator("del")).toHaveText("sea");
  await expect(app.at("resource-update").locator("ins")).toHaveText("storm");
  await expect(app.at("resource-view")).toContainText("storm");
  await app.resource("notes://json");
  await app.subscribe();
  server.change("notes://json", content("notes://json", "application/json", '{"ships":3,"gate":"open"}'));
  const row = app.at("resource-update").locator("li");
  await expect(row).toHaveCount(1);
  await expect(row).toHaveAttribute("data-path", "/ships");
  await expect(row).toHaveAttribute("data-change", "changed");
});

test("candidates are chosen by arrows and Enter, and tell the server the arguments before", async ({ app, page, everything, record }) => {
  void record; // From the first request on.
  await connected(app, everything);
  await opensPrompt(app, "completable-prompt");
  const department = app.at("arg-department");
  await expect(department).toHaveAttribute("role", "combobox");
  await expect(department).toHaveAttribute("aria-expanded", "false");
  await department.press("ArrowDown");
  await expect.poll(() => offered(app)).toEqual(["Engineering", "Sales", "Marketing", "Support"]);
  await expect(department).toHaveAttribute("aria-expanded", "true");
  await accessible(page, "an open list of candidates");
  await department.press("Escape");
  await expect(app.at("completion-item")).toHaveCount(0);
  await department.fill("S");
  await expect.poll(() => offered(app)).toEqual(["Sales", "Support"]);
  await department.press("ArrowDown");
  await department.press("ArrowDown");
  const marked = app.at("completion-item").and(page.locator('[aria-selected="true"]'));
  await expect(marked).toHaveAttribute("data-value", "Support");
  await expect(department).toHaveAttribute("aria-activedescendant", (await marked.getAttribute("id")) ?? "");
  await department.press("Enter");
  await expect(department).toHaveValue("Support");
  await expect(app.at("completion-item")).toHaveCount(0);
  expect(record.sent("prompts/get")).toEqual([]);
  await app.at("arg-name").fill("K");
  await expect.poll(() => offered(app)).toEqual(["Kim"]);
  expect(record.sent("completion/complete").at(-1).params).toMatchObject({
    ref: { type: "ref/prompt", name: "completable-prompt" },
    argument: { name: "name", value: "K" },
    context: { arguments: { department: "Support" } },
  });
  await app.at("completion-item").click();
  await expect(app.at("arg-name")).toHaveValue("Kim");
  await app.at("get-prompt").click();
  await expect(app.at("prompt-result")).toHaveAttribute("data-status", "ok");
  await expect(app.at("prompt-message")).toContainText("Please promote Kim to the head of the Support team.");
});

test("the messages of a prompt are copied as text and as JSON", async ({ app, context, everything, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await connected(app, everything);
  await opensPrompt(app, "completable-prompt");
  await app.at("arg-department").fill("Sales");
  await app.at("arg-name").fill("Eve");
  await app.at("get-prompt").click();
  await expect(app.at("prompt-result")).toHaveAttribute("data-status", "ok");
  const said = "Please promote Eve to the head of the Sales team.";
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await app.at("prompt-copy-text").click();
  await expect(app.at("prompt-copy-text")).toHaveText("Copied");
  expect(await copied()).toBe(`user:\n${said}`);
  await app.at("prompt-copy-json").click();
  await expect(app.at("prompt-copy-json")).toHaveText("Copied");
  expect(JSON.parse(await copied())).toEqual([{ role: "user", content: { type: "text", text: said } }]);
});

test("a variable of a template is completed, and what it makes is read", async ({ app, everything, record }) => {
  void record; // From the first request on.
  await connected(app, everything);
  await app.go("resources");
  const template = "demo://resource/dynamic/text/{resourceId}";
  await app.page.locator(`[data-testid="template-item"][data-template="${template}"]`).click();
  await app.at("arg-resourceId").fill("7");
  await expect.poll(() => offered(app)).toEqual(["7"]);
  expect(record.sent("completion/complete").at(-1).params.ref).toEqual({ type: "ref/resource", uri: template });
  await app.at("arg-resourceId").press("ArrowDown");
  await app.at("arg-resourceId").press("Enter");
  await app.at("read-resource").click();
  await expect(app.at("resource-view")).toHaveAttribute("data-kind", "text");
  await expect(app.at("resource-view")).toContainText("Resource 7");
});

test("candidates for an older text are not shown, and an error of completion is said at its field", async ({ app, server }) => {
  await connected(app, server);
  await opensPrompt(app, "chart");
  const port = app.at("arg-port");
  await port.fill("I");
  await expect.poll(() => server.completions.length).toBe(1);
  await port.fill("It");
  await expect.poll(() => offered(app)).toEqual(["Ithaca"]);
  await expect(field(app, "port")).toContainText("1 of 41 suggestions.");
  server.release();
  await app.atRest();
  expect(await offered(app)).toEqual(["Ithaca"]);
  await app.at("arg-broken").fill("x");
  await expect(field(app, "broken")).toContainText("No charts today");
  await expect(app.at("problem")).toHaveCount(0);
  await app.is("connected");
});
