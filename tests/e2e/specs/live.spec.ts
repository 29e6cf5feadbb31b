// What happens while a server works: the log with its filters and its export, progress at its call, lists that change,
// calls that are cancelled, and the dock beside or below the page.
import { readFile } from "node:fs/promises";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { MESSAGES, startLive } from "../servers/live.mjs";

const WIDE = { width: 1720, height: 900 };

const test = base.extend<{ live: Awaited<ReturnType<typeof startLive>> }>({
  live: async ({}, use) => {
    const server = await startLive();
    await use(server);
    await server.close();
  },
});

test.beforeEach(async ({ app, live }) => {
  await app.open();
  await app.connected(live.url);
});

async function logs(app: Flowglass) {
  await app.tool("log");
  await app.call({});
  await app.result("ok");
  await app.go("logs");
  await expect(app.at("log-list")).toHaveAttribute("data-total", String(MESSAGES.length));
}

function levels(app: Flowglass) {
  return app.at("log-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-level")));
}

test("the log holds all messages, the newest first, each with its time, level, logger and call", async ({ app }) => {
  await logs(app);
  expect(await levels(app)).toEqual(["error", "warning", "info", "debug"]);
  const first = app.at("log-item").first();
  await expect(first).toHaveAttribute("data-logger", "pilot");
  await expect(first).toContainText(/\d\d:\d\d:\d\d\.\d{3}/);
  await expect(first).toContainText("aground");
  await expect(first).toContainText("log");
  await expect(app.at("nav-logs")).toContainText("4");
});

test("it is filtered by level and by text, whatever the case", async ({ app }) => {
  await logs(app);
  await app.at("log-level-filter").selectOption("warning");
  await expect.poll(() => levels(app)).toEqual(["error", "warning"]);
  await expect(app.at("log-list")).toHaveAttribute("data-total", "4");
  await app.at("log-filter").fill("SHALLOW");
  await expect.poll(() => levels(app)).toEqual(["warning"]);
  await app.at("log-level-filter").selectOption("debug");
  await app.at("log-filter").fill("Harbour");
  await expect.poll(() => levels(app)).toEqual(["info", "debug"]);
  await app.at("log-filter").fill("nothing like it");
  await expect(app.at("log-item")).toHaveCount(0);
  await expect(app.at("log-list")).toContainText("No matches");
});

test("a message is opened by keyboard, and shows its data and the call that it belongs to", async ({ app, page }) => {
  await logs(app);
  await tabTo(page, "log-item");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const detail = page.getByRole("region", { name: "Log message" });
  await expect(detail).toContainText('"depth": 3');
  await expect(detail).toContainText("received in its response");
  // A secret by its name.
  await expect(detail).not.toContainText("geheim");
  await detail.getByRole("link", { name: "log", exact: true }).click();
  await expect(page).toHaveURL(/\/tools\/log$/);
});

test("a message on the shared stream belongs to no call, or to the only one that is open", async ({ app, live, page }) => {
  await expect.poll(() => live.isHeard()).toBe(true);
  live.logAside("between calls");
  await app.tool("steps");
  await app.call({});
  await expect(app.at("progress")).toBeVisible();
  live.logAside("during a call");
  await app.go("logs");
  await expect(app.at("log-item")).toHaveCount(2);
  await app.at("log-item").first().click();
  await expect(page.getByRole("region", { name: "Log message" })).toContainText("steps the only call open then");
  live.finish();
});

test("the server is asked for a level, and the log is cleared", async ({ app, live }) => {
  await logs(app);
  await app.at("log-level").selectOption("warning");
  await expect.poll(() => live.levels).toEqual(["warning"]);
  await app.at("log-clear").click();
  await expect(app.at("log-list")).toHaveAttribute("data-total", "0");
  await expect(app.at("log-item")).toHaveCount(0);
  live.logAside("after that");
  await expect(app.at("log-item")).toHaveCount(1);
});

test("the log is there after a reload, under the same URLs, and goes on", async ({ app, page }) => {
  await logs(app);
  await app.at("log-item").first().click();
  const detail = page.getByRole("region", { name: "Log message" });
  await expect(detail).toContainText("aground");
  await expect(app.at("log-kept")).toContainText("A reload keeps the newest 1,000 messages");
  await page.reload();
  await app.is("connected");
  await expect(detail).toContainText("aground");
  await expect(app.at("log-list")).toHaveAttribute("data-total", "4");
  expect(await levels(app)).toEqual(["error", "warning", "info", "debug"]);
  await app.tool("log");
  await app.call({});
  await app.result("ok");
  await app.go("logs");
  await expect(app.at("log-list")).toHaveAttribute("data-total", "8");
  await app.at("log-clear").click();
  await expect(app.at("log-list")).toHaveAttribute("data-total", "0");
  await page.reload();
  await app.is("connected");
  await expect(app.at("log-list")).toHaveAttribute("data-total", "0");
});

test("it is exported as NDJSON, without secrets, as far as the filter leaves it", async ({ app, page }) => {
  await logs(app);
  const exported = async () => {
    const arriving = page.waitForEvent("download");
    await app.at("log-export").click();
    const download = await arriving;
    expect(download.suggestedFilename()).toMatch(/^flowglass-127\.0\.0\.1-\d+-\d{4}-\d\d-\d\d-logs\.ndjson$/);
    const text = await readFile(await download.path(), "utf8");
    expect(text).not.toContain("geheim");
    return text.trimEnd().split("\n").map((it) => JSON.parse(it));
  };
  const all = await exported();
  expect(all.map((it) => [it.level, it.logger])).toEqual(MESSAGES.map(([level, logger]) => [level, logger]));
  expect(all[1].data).toBe("the ship enters");
  expect(all[2].data).toMatchObject({ message: "shallow water", depth: 3 });
  expect(all[0].call).toMatchObject({ method: "tools/call", name: "log", by: "response" });
  expect(Date.parse(all[0].time)).not.toBeNaN();
  await app.at("log-level-filter").selectOption("error");
  await expect(app.at("log-item")).toHaveCount(1);
  expect((await exported()).map((it) => it.data)).toEqual(["aground"]);
});

test("the log outlasts the connection", async ({ app }) => {
  await logs(app);
  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.go("logs");
  await expect(app.at("log-item")).toHaveCount(4);
  await expect(app.at("log-level")).toBeDisabled();
});

test("progress is at its call with its messages, which stay with the result", async ({ app, live }) => {
  await app.tool("steps");
  await app.call({});
  await expect(app.at("call-progress")).toHaveAttribute("value", "3");
  await expect(app.at("call-progress")).toHaveAttribute("max", "4");
  await expect(app.at("progress")).toContainText("3 of 4");
  await expect(app.at("progress")).toContainText("Step 3");
  live.finish();
  await app.result("ok");
  await expect(app.at("call-progress")).toHaveCount(0);
  await app.reveal("progress-messages");
  await expect(app.at("progress-messages").locator("li")).toHaveText([/Step 3$/, /Step 2$/, /Step 1$/]);
});

test("a list that changes says what was added, removed and changed, by path", async ({ app, live }) => {
  await app.go("tools");
  await expect(app.item("steps")).toBeVisible();
  await expect(app.at("list-change")).toHaveCount(0);
  await expect.poll(() => live.isHeard()).toBe(true);
  const place = { type: "object", properties: { place: { type: "string" } } };
  live.changeTools((all: { name: string }[]) => [
    ...all.filter((it) => it.name !== "steps").map((it) => (it.name === "log" ? { ...it, inputSchema: place } : it)),
    { name: "brand-new", inputSchema: place },
  ]);
  const change = app.at("list-change");
  for (const what of ["added", "removed", "changed"]) await expect(change).toHaveAttribute(`data-${what}`, "1");
  await expect(change).toContainText("brand-new");
  await expect(change).toContainText("steps");
  await change.locator("summary").first().click();
  await change.locator("summary", { hasText: "log" }).click();
  const row = change.locator("[data-path]");
  await expect(row).toHaveAttribute("data-path", "/inputSchema/properties");
  await expect(row).toHaveAttribute("data-change", "added");
  await expect(row).toContainText('{"place":{"type":"string"}}');
  // The log page tells of it too.
  await app.go("logs");
  await expect(app.at("list-change")).toHaveAttribute("data-added", "1");
  await expect(app.at("list-change")).toContainText("brand-new");
  await app.go("tools");
  await app.at("list-change-close").click();
  await expect(app.at("list-change")).toHaveCount(0);
});

test("a change that changed nothing is told as such", async ({ app, live }) => {
  await app.go("tools");
  await expect.poll(() => live.isHeard()).toBe(true);
  live.changeTools((all: object[]) => [...all].reverse());
  for (const what of ["added", "removed", "changed"])
    await expect(app.at("list-change")).toHaveAttribute(`data-${what}`, "0");
  await expect(app.at("list-change")).toContainText("no difference");
});

for (const [tool, obeyed, says] of [
  ["finishes", "no", /A response arrived .* after the cancellation/],
  ["stops", "yes", /The server stopped/],
  ["says-nothing", "yes", /No response within 5 s/],
  ["pours-on", "no", /The server did not stop/],
] as const) {
  test(`a cancelled call says what the server did: it ${tool}`, async ({ app, live, record }) => {
    await app.tool(tool);
    await app.call({});
    await app.result("pending");
    await expect.poll(() => record.sent("tools/call").length).toBe(1);
    await app.at("cancel-call").click();
    await app.result("cancelled");
    await app.atRest();
    await expect.poll(() => live.cancelled).toEqual([tool]);
    await expect(app.at("cancellation")).toHaveAttribute("data-obeyed", obeyed, { timeout: 15_000 });
    await expect(app.at("cancellation")).toContainText(says);
    // A late response changes nothing else.
    await app.result("cancelled");
    await app.is("connected");
    await expect(app.at("violations")).toHaveCount(0);
  });
}

test.describe("in a wide window", () => {
  test.use({ viewport: WIDE });

  test("the dock holds wire and log, and what the user made of it is remembered", async ({ app, page }) => {
    await logs(app);
    await app.go("tools");
    const dock = app.at("dock");
    await expect(dock).toHaveAttribute("data-side", "below");
    await expect(dock.locator('[data-method="tools/call"]')).toContainText("log");
    await dock.getByRole("button", { name: "Logs" }).click();
    await expect(app.at("dock-item")).toHaveCount(4);
    await app.at("dock-move").click();
    await expect(dock).toHaveAttribute("data-side", "beside");
    const width = async () => Math.round((await dock.boundingBox())?.width ?? 0);
    const before = await width();
    await app.at("dock-edge").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(width).toBe(before + 20);
    await page.reload();
    await app.ready();
    await app.is("connected");
    await expect(dock).toHaveAttribute("data-side", "beside");
    await expect(dock).toHaveAttribute("data-tab", "logs");
    await expect.poll(width).toBe(before + 20);
    await app.at("dock-close").click();
    await expect(dock).toHaveCount(0);
    await app.at("dock-open").click();
    await expect(dock).toBeVisible();
  });

  test("its edge is dragged", async ({ app, page }) => {
    await app.go("tools");
    const height = async () => Math.round((await app.at("dock").boundingBox())?.height ?? 0);
    await expect.poll(height).toBeGreaterThan(0);
    const before = await height();
    const edge = await app.at("dock-edge").boundingBox();
    if (!edge) throw new Error("no edge");
    await page.mouse.move(edge.x + 200, edge.y + 3);
    await page.mouse.down();
    await page.mouse.move(edge.x + 200, edge.y - 97, { steps: 5 });
    await page.mouse.up();
    await expect.poll(height).toBeGreaterThan(before + 80);
  });

  test("a page shows nothing twice, and the pages beside the dock are accessible", async ({ app, page }) => {
    await logs(app);
    await expect(app.at("dock")).toHaveAttribute("data-tab", "wire");
    await accessible(page, "the log with the dock");
    await app.go("wire");
    await expect(app.at("dock")).toHaveAttribute("data-tab", "logs");
    await expect(app.at("exchange-list")).toHaveCount(1);
    await expect(app.at("wire-list")).toHaveCount(0);
    await accessible(page, "the wire with the dock");
  });

  test("the server's page has it while connected, and the walkthrough where the window leaves room for both", async ({ app, page }) => {
    await expect(app.at("dock")).toBeVisible();
    await accessible(page, "the server's page with the dock");
    await app.go("walkthrough");
    await expect(app.at("flow-step").first()).toBeVisible();
    await expect(app.at("dock")).toHaveCount(0);
    await page.setViewportSize({ width: 1900, height: 900 });
    await expect(app.at("dock")).toHaveAttribute("data-side", "beside");
    const [steps, dock] = [await page.getByRole("region", { name: "Steps" }).boundingBox(), await app.at("dock").boundingBox()];
    expect((steps?.x ?? 0) + (steps?.width ?? Infinity)).toBeLessThanOrEqual(dock?.x ?? 0);
    await app.go("connect");
    await expect(app.at("dock")).toBeVisible();
    await app.at("disconnect").click();
    await app.is("idle");
    await expect(app.at("dock")).toHaveCount(0);
    await app.go("walkthrough");
    await expect(app.at("flow-step").first()).toBeVisible();
    await expect(app.at("dock")).toHaveCount(0);
  });

  test("there is no dock in a window that is narrower", async ({ app, page }) => {
    await app.go("tools");
    await expect(app.at("dock")).toBeVisible();
    await page.setViewportSize({ width: 1390, height: 900 });
    await expect(app.at("dock")).toHaveCount(0);
    await expect(page.locator("html")).not.toHaveAttribute("data-dock");
  });
});

test("the log fits a telephone", async ({ app, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await logs(app);
  await fits(app, "the log");
  await app.at("log-item").first().click();
  await fits(app, "a message");
  await accessible(page, "a message");
});

test("a server without the logging capability is asked for no level", async ({ app }) => {
  const server = await startLive({ logging: false });
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connected(server.url);
  await app.go("logs");
  await expect(app.at("log-list")).toContainText("no logging capability");
  await expect(app.at("log-level")).toBeDisabled();
  await server.close();
});
