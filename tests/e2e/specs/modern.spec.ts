// 2026-07-28: no handshake and no session, but everything with each request.
import { expect, test } from "../helpers/fixtures.ts";
import { ALL_ROWS } from "../helpers/flowglass.ts";
import { toolTexts } from "../helpers/results.ts";
import type { Modern } from "../helpers/servers.ts";
import { BOARD } from "../servers/modern.mjs";
import { MODERN_TOOLS } from "../servers/modern-tools.mjs";

const META = "io.modelcontextprotocol/";

let server: Modern;

test.beforeEach(async ({ app, start, record }) => {
  void record; // From the first request on.
  server = await start.modern();
  await app.open();
  await app.connected(server.url);
});

test("the server is found by one question, and no handshake follows", async ({ app }) => {
  await expect(app.at("negotiated-version")).toHaveText("2026-07-28");
  await expect(app.at("negotiated-transport")).toHaveText("Streamable HTTP");
  await expect(app.at("server-name")).toHaveText("harbour-modern");
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(MODERN_TOOLS.length));
  await app.atRest();
  expect(server.calls("server/discover")).toHaveLength(1);
  expect(server.calls("initialize")).toEqual([]);
  await expect(app.at("problem")).toHaveCount(0);
});

test("the server sees nothing but POST, and in each one who asks, how, and what for", async ({ app }) => {
  await app.tool("echo");
  await app.call({ message: "ahoy" });
  await app.result("ok");
  await app.resource(BOARD);
  await app.at("read-resource").click();
  await expect(app.at("resource-result")).toHaveAttribute("data-status", "ok");
  const sent = server.requests.filter((it) => it.method !== "OPTIONS");
  expect(new Set(sent.map((it) => it.method))).toEqual(new Set(["POST"]));
  expect(new Set(sent.map((it) => it.body.id)).size).toBe(sent.length);
  for (const { headers, body, rpc } of sent) {
    const meta = body.params._meta;
    expect(meta[`${META}protocolVersion`]).toBe("2026-07-28");
    expect(meta[`${META}clientInfo`]).toMatchObject({ name: expect.stringMatching(/flowglass/i) });
    expect(meta[`${META}clientCapabilities`]).toMatchObject({ elicitation: {}, roots: {}, sampling: {} });
    expect(headers["mcp-protocol-version"]).toBe("2026-07-28");
    expect(headers["mcp-method"]).toBe(rpc);
    expect(headers["mcp-session-id"]).toBeUndefined();
    const names: Record<string, string> = { "tools/call": "echo", "resources/read": BOARD };
    expect(headers["mcp-name"]).toBe(names[rpc ?? ""]);
  }
});

test("the server gets the arguments in headers that a tool wants there", async ({ app }) => {
  await app.tool("berth");
  const args = { ship: "Argo", place: { number: 3 }, loaded: false, remark: "none" };
  await app.call(args);
  await app.result("ok");
  expect(parameters(server)).toEqual({ ship: "Argo", berth: "3", loaded: "false" });
  expect(await toolTexts(app)).toEqual([JSON.stringify(args)]);
});

for (const [what, ship, header] of [
  ["letters beyond ASCII", "Ægir", "=?base64?w4ZnaXI=?="],
  ["a space at its end", "Argo ", "=?base64?QXJnbyA=?="],
  ["the look of an encoded one", "=?base64?QQ==?=", "=?base64?PT9iYXNlNjQ/UVE9PT89?="],
]) {
  test(`the server gets a header with ${what} in Base64`, async ({ app }) => {
    await app.tool("berth");
    await app.call({ ship });
    await app.result("ok");
    expect(parameters(server)).toEqual({ ship: header });
    expect(await toolTexts(app)).toEqual([JSON.stringify({ ship })]);
  });
}

test("the server gets no header for what is null or left out", async ({ app }) => {
  await app.tool("berth");
  await app.call({ remark: "nothing to declare" });
  await app.result("ok");
  expect(parameters(server)).toEqual({});
});

test("the server is asked for its tools again where it finds the headers wrong, and then called right", async ({
  app,
}) => {
  await app.tool("berth");
  server.relabel();
  await app.call({ ship: "Argo" });
  await app.result("ok");
  expect(server.calls("tools/list")).toHaveLength(2);
  const sent = server.calls("tools/call").map(({ headers }) => [headers["mcp-param-ship"], headers["mcp-param-vessel"]]);
  expect(sent).toEqual([
    ["Argo", undefined],
    [undefined, "Argo"],
  ]);
  await expect(app.at("tool-schema")).toContainText("Vessel");
});

test("a tool that wants a header which no client may send is left out, with the reason", async ({ app }) => {
  await app.go("tools");
  await expect(app.item("mislabelled")).toHaveAttribute("data-excluded");
  await expect(app.item("mislabelled")).toContainText(/draught/i);
  await expect(app.item("echo")).not.toHaveAttribute("data-excluded");
});

test("the server says how far it is", async ({ app }) => {
  await app.tool("slow");
  await app.call({ steps: 4 });
  await expect(app.at("progress")).toContainText(/of 4/);
  await expect(app.at("progress")).toContainText(/Step \d/);
  await app.result("ok");
  await expect(app.at("progress")).toHaveCount(0);
});

test("the server is given a call up by closing its stream, and by nothing else", async ({ app, record }) => {
  await app.tool("slow");
  await app.call({ steps: 60 });
  await expect(app.at("progress")).toBeVisible();
  await app.at("cancel-call").click();
  await app.result("cancelled");
  await expect.poll(() => server.calls("tools/call").map((it) => it.abandoned)).toEqual([true]);
  await app.tool("echo");
  await app.call({ message: "still here" });
  await app.result("ok");
  expect(record.sent("notifications/cancelled")).toEqual([]);
});

test("the server logs only for a request that says from which level on", async ({ app }) => {
  await app.tool("log");
  await app.call({});
  await app.result("ok");
  await expect(app.at("log")).toHaveCount(0);
  await app.go("logs");
  await app.fill({ "log-level": "info" });
  await app.tool("log");
  await app.call({});
  await app.result("ok");
  await expect(app.at("log").locator("li")).toHaveText([/error.*of level error/, /info.*of level info/]);
  await app.go("logs");
  await expect(app.at("log-item")).toHaveCount(2);
  const levels = server.calls("tools/call").map((it) => it.body.params._meta[`${META}logLevel`]);
  expect(levels).toEqual([undefined, "info"]);
  expect(server.calls("logging/setLevel")).toEqual([]);
});

test("the server is asked for its list again when it says that this has changed", async ({ app }) => {
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(MODERN_TOOLS.length));
  await expect.poll(() => server.calls("subscriptions/listen").length).toBe(1);
  expect(server.calls("subscriptions/listen")[0].body.params.notifications).toMatchObject({ toolsListChanged: true });
  server.addTool("brand-new");
  await expect(app.item("brand-new")).toBeVisible();
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(MODERN_TOOLS.length + 1));
  expect(server.calls("tools/list")).toHaveLength(2);
  await app.atRest();
});

test("the server is asked for a subscribed resource again when it says that this has changed", async ({ app }) => {
  await app.resource(BOARD);
  await app.subscribe();
  await expect.poll(() => subscribed(server)).toEqual([BOARD]);
  server.changeBoard();
  await expect(app.at("resource-result")).toContainText("Ships in port: 2");
  expect(server.calls("resources/read")).toHaveLength(2);
  await app.at("subscribe-resource").click();
  await expect(app.at("subscribe-resource")).toHaveAttribute("aria-pressed", "false");
  await expect.poll(() => subscribed(server)).toEqual([]);
  server.changeBoard();
  await app.atRest();
  expect(server.calls("resources/read")).toHaveLength(2);
  expect(server.calls("resources/subscribe")).toEqual([]);
});

test("the server may end a subscription in good order, and is not asked in a loop", async ({ app, page }) => {
  await expect.poll(() => server.calls("subscriptions/listen").length).toBe(1);
  await page.clock.install();
  await server.endSubscriptions();
  // What the page puts off is due within five minutes, which pass here at once.
  for (let minute = 0; minute < 5; minute++) {
    await page.clock.runFor(60_000);
    await app.atRest();
  }
  expect(server.calls("subscriptions/listen").length).toBeLessThanOrEqual(2);
  await app.is("connected");
  await app.atRest();
});

test("the server is left by closing the streams: there is no session to end", async ({ app }) => {
  await expect.poll(() => server.calls("subscriptions/listen").length).toBe(1);
  await app.at("disconnect").click();
  await app.is("idle");
  await expect.poll(() => server.calls("subscriptions/listen").map((it) => it.abandoned)).toEqual([true]);
  expect(server.requests.map((it) => it.method)).not.toContain("DELETE");
});

test("the server is connected to again on a reload, by the revision that it has", async ({ app, page }) => {
  await page.reload();
  await app.ready();
  await app.is("connected");
  await expect(app.at("negotiated-version")).toHaveText("2026-07-28");
  expect(server.calls("initialize")).toEqual([]);
});

test("the server has its calls, its listening and its messages on the wire page, exactly as they were", async ({
  app,
  page,
  record,
}) => {
  await page.setViewportSize(ALL_ROWS);
  await app.tool("echo");
  await app.call({ message: "for the record" });
  await app.result("ok");
  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.go("wire");
  const sent = () =>
    record
      .fetched(app.home)
      .map((it) => it.line)
      .sort();
  await expect.poll(async () => [await app.wire(), sent()].map((it) => it.join("\n"))).toEqual(
    Array(2).fill(sent().join("\n")),
  );
});

/** The last call's headers of arguments, without what they have in common. */
function parameters(server: Modern) {
  const headers = Object.entries(server.calls("tools/call").at(-1)?.headers ?? {});
  return Object.fromEntries(
    headers.filter(([name]) => name.startsWith("mcp-param-")).map(([name, value]) => [name.slice(10), value]),
  );
}

/** The resources of the subscriptions that are open. */
function subscribed(server: Modern) {
  const open = server.calls("subscriptions/listen").filter((it) => !it.abandoned);
  return open.flatMap((it) => it.body.params.notifications.resourceSubscriptions ?? []);
}
