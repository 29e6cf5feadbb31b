// The exchanges of the wire page: one row a request with its response, opened, found, repeated, edited, given away.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Locator } from "@playwright/test";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import type { Start } from "../helpers/servers.ts";

const FEW_NODES = 3000;
// The server is of this process, which has to go on meanwhile.
const bash = (command: string, token: string) =>
  promisify(execFile)("bash", ["-c", command], { env: { ...process.env, TOKEN: token } });
const TOKEN = "a-token-that-was-typed-0123456789";

/** Connected, after calls of the echo that differ in their message, on the wire page. */
async function called(app: Flowglass, start: Start, messages: string[], fields: Record<string, string> = {}) {
  const server = await start.mcp(fields["bearer-token"] ? { byHand: fields["bearer-token"] } : {});
  await app.open();
  await app.connected(server.url, fields);
  await app.tool("echo");
  for (const [at, message] of messages.entries()) {
    await app.call({ message });
    // As JSON writes it, in the content and in the text that is laid out.
    await expect(app.at("result-raw")).toContainText(JSON.stringify(message).slice(1, -1));
    await expect.poll(() => server.calls("tools/call").length).toBe(at + 1);
  }
  await app.result("ok");
  await app.atRest();
  await app.go("wire");
  return server;
}

function attributes(rows: Locator, name: string): Promise<(string | null)[]> {
  return rows.evaluateAll((all, name) => all.map((it) => it.getAttribute(name)), name);
}

test("each request is one row with its response, the newest first, and shows both when it is opened", async ({
  app,
  start,
}) => {
  await called(app, start, ["the first", "the second"]);
  await expect(app.at("wire-view")).toHaveValue("exchanges");
  const rows = app.at("exchange-item");
  await expect(app.at("exchange-list")).toHaveAttribute("data-total", String(await rows.count()));
  const methods = await attributes(rows, "data-method");
  expect(methods.slice(0, 2)).toEqual(["tools/call", "tools/call"]);
  expect(methods.indexOf("tools/list")).toBeLessThan(methods.indexOf("initialize"));
  expect(methods).toContain("notifications/initialized");
  const call = app.exchange("tools/call").first();
  await expect(call).toHaveAttribute("data-name", "echo");
  await expect(call).toHaveAttribute("data-http-status", "200");
  await expect(call).toHaveAttribute("data-status", "ok");
  await expect(call).toHaveAttribute("data-ms", /^\d+$/);
  await expect(call).not.toContainText("the second");
  await app.opens(call);
  await expect(call.getByLabel("Request", { exact: true })).toContainText('"message": "the second"');
  await expect(call.getByLabel("Request", { exact: true })).toContainText("mcp-session-id: ••••••••");
  await expect(call.getByLabel("Response", { exact: true })).toContainText("content-type: text/event-stream");
  await expect(call.getByLabel("Event", { exact: true })).toContainText("Echo: the second");
  await expect(call).toContainText("Access-Control-Expose-Headers");
  await expect(call).toContainText("until headers");
  await expect(call).toContainText("1 event");
  // One at a time is open, and it is in the URL.
  const other = app.exchange("tools/call").nth(1);
  await app.opens(other);
  await expect(call).not.toHaveAttribute("open");
  await app.page.reload();
  await app.ready();
  await expect(app.page.locator('[data-testid="exchange-item"][open]')).toContainText("the first");
  await app.page.locator('[data-testid="exchange-item"][open] > summary').click();
  await expect(app.page).toHaveURL(/\/wire$/);
});

test("a tool that fails, a refusal, a blocked request and a status that is no success are told apart", async ({
  app,
  start,
}) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  for (const [tool, status] of [["fail", "tool-error"], ["refuse", "rpc-error"]] as const) {
    await app.tool(tool);
    await app.call({});
    await app.result(status);
  }
  await app.go("wire");
  await expect(app.exchange("tools/call").nth(0)).toHaveAttribute("data-status", "rpc-error");
  await expect(app.exchange("tools/call").nth(1)).toHaveAttribute("data-status", "tool-error");
  await expect(app.exchange("tools/call").nth(1)).toContainText("200 tool error");
  await app.at("exchange-status").selectOption("failed");
  await expect(app.exchange("tools/call")).toHaveCount(2);
  await expect(app.exchange("tools/list")).toHaveCount(0);
  await app.at("exchange-status").selectOption("tool-error");
  await expect(app.at("exchange-list")).toHaveAttribute("data-total", "1");
});

test("what the browser blocked says so", async ({ app, start }) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  await app.go("wire");
  const blocked = app.page.locator('[data-testid="exchange-item"][data-http-status="blocked"]').last();
  await expect(blocked).toHaveAttribute("data-status", "http-error");
  await app.opens(blocked);
  await expect(blocked).toContainText("the browser reported no response");
});

test("a 401 without a readable challenge says that the header is absent or hidden", async ({ app, start }) => {
  const server = await start.mcp({ byHand: TOKEN, crossOrigin: { expose: [] } });
  await app.open();
  await app.connect(server.url);
  await expect(app.html).toHaveAttribute("data-connection", /^(failed|refused)$/);
  await app.go("wire");
  const refused = app.page.locator('[data-testid="exchange-item"][data-http-status="401"]').last();
  await app.opens(refused);
  await expect(refused).toContainText("www-authenticate is absent, or hidden by the browser.");
});

test("a request is sent again at once, and edited in the raw sender", async ({ app, start }) => {
  const server = await called(app, start, ["once"]);
  const calls = app.exchange("tools/call");
  await app.opens(calls.first());
  await calls.first().locator('[data-testid="exchange-again"]').click();
  await expect(calls).toHaveCount(2);
  await expect(calls.first()).toHaveAttribute("data-status", "ok");
  // What is open stays open, and what is new is above it.
  await expect(calls.nth(1)).toHaveAttribute("open");
  const [first, second] = server.calls("tools/call").map((it) => it.body);
  expect(second.params).toEqual({ ...first.params, _meta: { progressToken: second.id } });
  await calls.nth(1).locator('[data-testid="exchange-edit"]').click();
  await expect(app.at("raw-method")).toHaveValue("tools/call");
  await expect(app.at("raw-params")).toBeFocused();
  expect(JSON.parse(await app.at("raw-params").inputValue())).toEqual({ name: "echo", arguments: { message: "once" } });
  await app.at("raw-params").fill('{"name": "echo", "arguments": {"message": "twice"}}');
  await app.at("raw-send").click();
  await expect(calls).toHaveCount(3);
  await expect(calls.first()).toHaveAttribute("data-status", "ok");
  await app.opens(calls.first());
  await expect(calls.first().getByLabel("Event", { exact: true })).toContainText("Echo: twice");
});

test("any request can be sent, and what is no JSON is not", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.go("wire");
  await expect(app.at("raw-send")).toHaveAttribute("aria-disabled", "true");
  await app.go("connect");
  await app.connected(server.url);
  await app.go("wire");
  await app.at("raw-method").fill("ping");
  await app.at("raw-send").click();
  await expect(app.exchange("ping")).toHaveAttribute("data-status", "ok");
  await app.at("raw-method").fill("harbour/close");
  await app.at("raw-params").fill('{"from": ');
  await app.at("raw-send").click();
  await expect(app.page.getByText("The params are not JSON")).toBeVisible();
  await expect(app.exchange("harbour/close")).toHaveCount(0);
  await app.at("raw-params").fill('{"from": 1.50}');
  await app.at("raw-params").press("Control+Enter");
  await expect(app.exchange("harbour/close")).toHaveAttribute("data-status", "rpc-error");
  const [seen] = server.calls("harbour/close");
  expect(seen.headers["mcp-protocol-version"]).toBe("2025-11-25");
  expect(seen.headers["mcp-session-id"]).toBeTruthy();
  await app.is("connected");
  await expect(app.at("problem")).toHaveCount(0);
});

test("a request that waits is cancelled, and the server is told", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.go("wire");
  await expect(app.at("raw-cancel")).toHaveCount(0);
  await app.at("raw-method").fill("tools/call");
  await app.at("raw-params").fill('{"name": "slow", "arguments": {"seconds": 50}}');
  await app.at("raw-send").click();
  await expect.poll(() => server.calls("tools/call").length).toBe(1);
  await expect(app.exchange("tools/call")).toHaveAttribute("data-status", "pending");
  await app.at("raw-cancel").click();
  await expect(app.exchange("tools/call")).toHaveAttribute("data-status", "cancelled");
  await expect(app.at("raw-cancel")).toHaveCount(0);
  await app.atRest();
  const [call] = server.calls("tools/call");
  const [told] = server.calls("notifications/cancelled");
  expect(told.body.params.requestId).toBe(call.body.id);
  await app.is("connected");
  await expect(app.at("problem")).toHaveCount(0);
});

test("a request is copied as a command without secrets, which runs where TOKEN is set", async ({
  app,
  page,
  start,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const message = "it's $HOME `id` \"quoted\"";
  const server = await called(app, start, [message], { "bearer-token": TOKEN });
  const call = app.exchange("tools/call").first();
  await app.opens(call);
  await call.locator('[data-testid="exchange-curl"]').click();
  await expect(call.locator('[data-testid="exchange-curl"]')).toHaveText("Copied");
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const sessions = server.requests.map((it) => it.headers["mcp-session-id"]).filter(Boolean);
  for (const secret of [TOKEN, ...sessions]) expect(command).not.toContain(secret);
  const { stdout, stderr } = await bash(command, TOKEN);
  expect(stderr).toBe("");
  const data = /^data: (.*)$/m.exec(stdout)?.[1] ?? "";
  expect(JSON.parse(data).result.content[0].text).toBe(`Echo: ${message}`);
  await expect(bash(command, "")).rejects.toThrow("access token");
});

test("what is pinned comes first, also after a reload, until the trace is cleared", async ({ app, start }) => {
  await called(app, start, ["one", "two"]);
  const first = app.at("exchange-item").first();
  const pin = app.page.locator('[data-testid="exchange-item"][open] [data-testid="exchange-pin"]');
  await app.opens(app.exchange("initialize"));
  await expect(pin).toHaveAttribute("aria-pressed", "false");
  await pin.click();
  await expect(pin).toHaveAttribute("aria-pressed", "true");
  await expect(first).toHaveAttribute("data-method", "initialize");
  await app.page.reload();
  await app.ready();
  await expect(first).toHaveAttribute("data-method", "initialize");
  await pin.click();
  await expect(first).not.toHaveAttribute("data-method", "initialize");
  await app.at("wire-clear").click();
  await app.is("connected");
  await expect(app.exchange("initialize")).toHaveCount(0);
});

test("the search finds in bodies, headers and URLs, with the filters beside it", async ({ app, start }) => {
  await called(app, start, ["the Harbour is closed", "the sea is calm"]);
  const total = (count: number) => expect(app.at("exchange-list")).toHaveAttribute("data-total", String(count));
  await app.at("wire-search").fill("harbour IS");
  await total(1);
  await expect(app.at("exchange-item")).toHaveAttribute("data-method", "tools/call");
  await app.at("wire-search").fill("mcp-protocol-version");
  await app.at("exchange-method").selectOption("tools/call");
  await total(2);
  // What comes later is looked at as well.
  await app.at("raw-method").fill("tools/call");
  await app.at("raw-params").fill('{"name": "echo", "arguments": {"message": "later"}}');
  await app.at("raw-send").click();
  await total(3);
  await app.at("wire-search").fill("no such thing");
  await total(0);
  await expect(app.page.getByText("No exchange matches this search.")).toBeVisible();
  await app.at("wire-search").fill("");
  await total(3);
  await app.at("exchange-method").selectOption({ label: "All methods" });
  await expect.poll(async () => Number(await app.at("exchange-list").getAttribute("data-total"))).toBeGreaterThan(5);
});

test("the events of a stream are in their exchange, and those of HTTP+SSE with their request", async ({
  app,
  everything,
  everythingOverSse,
}) => {
  await app.open();
  await app.connected(everything.url);
  await app.tool("trigger-long-running-operation");
  await app.call({ duration: 0.2, steps: 2 });
  await app.result("ok");
  await app.go("wire");
  const call = app.exchange("tools/call").first();
  await app.opens(call);
  // A stream that can be taken up again begins with an event that has an id and no data.
  const events = call.getByLabel("Event", { exact: true });
  await expect(events.filter({ hasText: "notifications/progress" }).first()).toBeVisible();
  await expect(events.last()).toContainText('"result"');
  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connected(everythingOverSse.url, { transport: "sse" });
  await app.tool("echo");
  await app.call({ message: "over the stream" });
  await app.result("ok");
  await app.go("wire");
  await expect(call).toHaveAttribute("data-http-status", "202");
  await expect(call).toHaveAttribute("data-status", "ok");
  await app.opens(call);
  await expect(call).toContainText("Response on another stream");
  await expect(call).toContainText("Echo: over the stream");
  await app.at("wire-search").fill("Echo: over the stream");
  await expect(app.exchange("tools/call")).toHaveCount(1);
});

test("the raw view is chosen once for the tab, and the same link opens either", async ({ app, start }) => {
  await called(app, start, ["for both"]);
  await app.opens(app.exchange("tools/call").first());
  await app.at("wire-view").selectOption("raw");
  await expect(app.at("exchange-list")).toHaveCount(0);
  await expect(app.page.locator('[data-testid="wire-entry"][aria-current="true"]')).toHaveAttribute("data-kind", "http");
  await app.page.reload();
  await app.ready();
  await expect(app.at("wire-list")).toHaveAttribute("data-total", /^[1-9]/);
  await app.at("wire-view").selectOption("exchanges");
  await expect(app.at("wire-list")).toHaveCount(0);
  await expect(app.page.locator('[data-testid="exchange-item"][open]')).toHaveAttribute("data-method", "tools/call");
});

test("HAR and trace are given away here too, since the last connect or of the whole tab", async ({ app, page, start }) => {
  const server = await called(app, start, ["for the file"]);
  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connected(server.url);
  await app.atRest();
  await app.go("wire");
  await expect(app.at("export-scope")).toHaveValue("attempt");
  const har = async () => {
    const [file] = await Promise.all([page.waitForEvent("download"), app.at("export-har").click()]);
    return JSON.parse(readFileSync(await file.path(), "utf8")).log.entries.length;
  };
  const attempt = await har();
  await app.at("export-scope").selectOption("tab");
  expect(await har()).toBeGreaterThan(attempt);
  const [file] = await Promise.all([page.waitForEvent("download"), app.at("export-trace").click()]);
  expect(JSON.parse(readFileSync(await file.path(), "utf8")).format).toBe("flowglass-trace");
});

/** A trace file with so many exchanges. */
function manyExchanges(count: number): string {
  const entries = Array.from({ length: count }, (_, at) => [
    { Sent: { exchange: at + 1, step: null, request: request(at) } },
    { Ended: { exchange: at + 1 } },
  ]);
  const numbered = entries.flat().map((event, at) => ({ number: at + 1, at: at * 10, event }));
  return JSON.stringify({ format: "flowglass-trace", version: 3, app: "test", entries: numbered });
}

function request(at: number) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: at, method: "ping", params: { place: `number ${at}` } });
  return { method: "Post", url: "https://mcp.example.com/mcp", headers: [], body, redirect: "Stop", mode: "Readable" };
}

test("thousands of exchanges are few elements, and are searched to the last", async ({ app, page }) => {
  await app.open();
  await app.go("walkthrough");
  const buffer = Buffer.from(manyExchanges(4_900));
  await app.at("open-trace").setInputFiles({ name: "many.json", mimeType: "application/json", buffer });
  await expect(app.at("saved-trace")).toContainText("many.json");
  await app.go("wire");
  await expect(app.at("exchange-list")).toHaveAttribute("data-total", "4900");
  expect(await app.nodes()).toBeLessThan(FEW_NODES);
  await app.at("exchange-item").first().hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 50_000);
      return page.locator('li[data-exchange="1"]').isVisible();
    })
    .toBe(true);
  expect(await app.nodes()).toBeLessThan(FEW_NODES);
  await app.at("wire-search").fill("number 4321");
  await expect(app.at("exchange-list")).toHaveAttribute("data-total", "1");
  await app.opens(app.at("exchange-item"));
  await expect(app.at("exchange-again")).toHaveCount(0);
});

test("the list, what is open, and the sender need no mouse, and fit a narrow screen", async ({ app, page, start }) => {
  await called(app, start, ["by keyboard", "twice"]);
  await app.at("wire-search").focus();
  await tabTo(page, "raw-send");
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement?.closest("[data-exchange]")?.getAttribute("aria-posinset"));
  await expect.poll(focused).toBe("1");
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("2");
  await page.keyboard.press("Enter");
  await expect(app.exchange("tools/call").nth(1)).toHaveAttribute("open");
  await tabTo(page, "exchange-pin");
  await page.keyboard.press("Space");
  await expect(app.at("exchange-item").first()).toContainText("by keyboard");
  await accessible(page, "an exchange that is open");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(app, "an exchange that is open");
  await accessible(page, "an exchange that is open, narrow");
});
