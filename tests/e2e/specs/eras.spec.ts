// Which revision and which transport are spoken: found, pinned, remembered, or not to be had.
import { expect, test } from "../helpers/fixtures.ts";
import { toolTexts } from "../helpers/results.ts";
import { startEverything } from "../servers/everything.mjs";
import { TOOLS } from "../servers/tools.mjs";

/** What servers of the older revisions let through. */
const OLDER_HEADERS = ["authorization", "content-type", "last-event-id", "mcp-protocol-version", "mcp-session-id"];

test("a server of both is spoken to in the newer one", async ({ app, start }) => {
  const server = await start.modern({ legacy: "stateless" });
  await app.open();
  await app.connected(server.url);
  await expect(app.at("negotiated-version")).toHaveText("2026-07-28");
  expect(server.calls("initialize")).toEqual([]);
});

for (const version of ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]) {
  test(`${version} that is pinned is what both kinds of server are spoken to in`, async ({ app, start }) => {
    const servers = [await start.mcp(), await start.modern({ legacy: "stateless" })];
    await app.open();
    for (const server of servers) {
      await app.connected(server.url, { "protocol-version": version });
      await expect(app.at("negotiated-version")).toHaveText(version);
      await app.tool("echo");
      await app.call({ message: "ahoy" });
      await app.result("ok");
      const versions = server.calls("tools/call").map((it) => it.headers["mcp-protocol-version"]);
      // Only since 2025-06-18 is there such a header.
      expect(versions).toEqual([version >= "2025-06-18" ? version : undefined]);
      expect(server.calls("server/discover")).toHaveLength(0);
      expect(server.calls("initialize").map((it) => it.body.params.protocolVersion)).toEqual([version]);
      await app.go("connect");
      await app.at("disconnect").click();
      await app.is("idle");
    }
  });
}

test("2026-07-28 that is pinned fails with a server that has a handshake only", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connect(server.url, { "protocol-version": "2026-07-28" });
  await app.fails("version-mismatch");
  expect(server.calls("initialize")).toEqual([]);
});

test("2025-11-25 that is pinned fails with a server of 2026-07-28 alone", async ({ app, start }) => {
  const server = await start.modern();
  await app.open();
  await app.connect(server.url, { "protocol-version": "2025-11-25" });
  await expect(await app.fails("version-mismatch")).toContainText("2026-07-28");
  expect(server.calls("server/discover")).toEqual([]);
});

test("2025-11-25 that is pinned fails with a server that answers with an older one", async ({ app, start }) => {
  const server = await start.modern({ legacy: "alone", versions: ["2025-03-26"] });
  await app.open();
  await app.connect(server.url, { "protocol-version": "2025-11-25" });
  await expect(await app.fails("version-mismatch")).toContainText("2025-03-26");
});

test("a server that knows one older revision alone is spoken to in that one", async ({ app, start }) => {
  const server = await start.modern({ legacy: "alone", versions: ["2025-03-26"] });
  await app.open();
  await app.connected(server.url);
  await expect(app.at("negotiated-version")).toHaveText("2025-03-26");
  await app.tool("echo");
  await app.call({ message: "ahoy" });
  await app.result("ok");
});

test("the era of a server is remembered: it is probed once in a tab", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  for (const connection of [1, 2]) {
    await app.connected(server.url);
    await expect.poll(() => server.calls("initialize").length).toBe(connection);
    await app.go("tools");
    await expect(app.at("tool-list")).toHaveAttribute("data-total", String(TOOLS.length));
    await app.go("connect");
    await app.at("disconnect").click();
    await app.is("idle");
  }
  expect(server.calls("server/discover")).toHaveLength(1);
});

test("the transport of a server is remembered too", async ({ app, everythingOverSse, record }) => {
  await app.open();
  await app.connected(everythingOverSse.url);
  await app.at("disconnect").click();
  await app.is("idle");
  const before = record.to(everythingOverSse.url).length;
  await app.connected(everythingOverSse.url);
  const later = record.to(everythingOverSse.url).slice(before);
  expect(later.map((it) => it.method)).toEqual(["GET"]);
  await expect(app.at("negotiated-transport")).toHaveText("HTTP+SSE");
});

test("a probe that the browser may not send gives way to the handshake, with a warning", async ({ app, start }) => {
  const server = await start.mcp({ crossOrigin: { allow: OLDER_HEADERS } });
  await app.open();
  await app.connected(server.url);
  await expect(app.at("negotiated-version")).toHaveText("2025-11-25");
  expect(server.calls("server/discover")).toEqual([]);
  await expect(app.at("problem")).toHaveCount(0);
  await app.go("walkthrough");
  await expect(app.step("mcp-request")).toHaveAttribute("data-verdict", "warn");
  await app.step("mcp-request").click();
  await expect(app.page.locator("main")).toContainText(/mcp-method/i);
});

test("2026-07-28 that is pinned fails as blocked where the browser may not send its headers", async ({
  app,
  start,
}) => {
  const server = await start.modern({ crossOrigin: { allow: OLDER_HEADERS } });
  await app.open();
  await app.connect(server.url, { "protocol-version": "2026-07-28" });
  await expect(await app.fails("cors-blocked")).toContainText(/mcp-method/i);
});

test("a call whose headers the browser may not send fails by itself, and says which", async ({ app, start }) => {
  const allow = [...OLDER_HEADERS, "mcp-method", "mcp-name"];
  const server = await start.modern({ crossOrigin: { allow } });
  await app.open();
  await app.connected(server.url);
  await app.tool("berth");
  await app.call({ ship: "Argo" });
  await app.result("http-error");
  await app.facts(app.at("call-result"));
  await expect(app.at("call-result")).toContainText(/mcp-param-ship/i);
  await app.is("connected");
});

test("a server that streams every answer is read like one that does not", async ({ app, start }) => {
  const server = await start.modern({ responseMode: "sse" });
  await app.open();
  await app.connected(server.url);
  await app.tool("echo");
  await app.call({ message: "ahoy" });
  await app.result("ok");
  expect(await toolTexts(app)).toEqual(["Echo: ahoy"]);
});

test("HTTP+SSE that is pinned sends no probe and no POST to the address itself", async ({
  app,
  everythingOverSse,
  record,
}) => {
  await app.open();
  await app.connected(everythingOverSse.url, { transport: "sse" });
  await expect(app.at("negotiated-transport")).toHaveText("HTTP+SSE");
  await app.tool("echo");
  await app.call({ message: "ahoy" });
  await app.result("ok");
  const own = record.to(everythingOverSse.origin).filter((it) => new URL(it.url).pathname === "/sse");
  expect(own.map((it) => it.method)).toEqual(["GET"]);
  expect(record.sent("server/discover")).toEqual([]);
});

test("HTTP+SSE and its own revision can both be pinned", async ({ app, everythingOverSse }) => {
  await app.open();
  await app.connected(everythingOverSse.url, { transport: "sse", "protocol-version": "2024-11-05" });
  await expect(app.at("negotiated-transport")).toHaveText("HTTP+SSE");
  await expect(app.at("negotiated-version")).toHaveText("2024-11-05");
  await app.tool("get-sum");
  await app.call({ a: 2, b: 40 });
  await app.result("ok");
  expect(await toolTexts(app)).toEqual([expect.stringContaining("42")]);
});

test("Streamable HTTP that is pinned does not fall back to HTTP+SSE", async ({ app, everythingOverSse, record }) => {
  await app.open();
  await app.connect(everythingOverSse.url, { transport: "streamable-http" });
  await app.fails(/^(http-status|not-mcp)$/);
  expect(
    record
      .to(everythingOverSse.origin)
      .filter((it) => it.method === "GET")
      .map((it) => it.url),
  ).toEqual([]);
});

test("disconnecting from HTTP+SSE ends the stream", async ({ app, everythingOverSse, record }) => {
  await app.open();
  await app.connected(everythingOverSse.url);
  await app.at("disconnect").click();
  await app.is("idle");
  const ends = () =>
    record
      .to(`${everythingOverSse.origin}/sse`)
      .filter((it) => it.method === "GET")
      .map((it) => it.request.failure()?.errorText ?? "open");
  await expect.poll(ends).toEqual(["net::ERR_ABORTED"]);
  expect(record.to(everythingOverSse.origin).map((it) => it.method)).not.toContain("DELETE");
});

test("a call over HTTP+SSE ends where the server goes down, and says so", async ({ app }) => {
  const server = await startEverything({ transport: "sse" });
  await app.open();
  await app.connected(server.url);
  await app.tool("trigger-long-running-operation");
  await app.call({ duration: 30, steps: 30 });
  await expect(app.at("progress")).toBeVisible();
  await server.close();
  await app.fails("stream-lost");
  await app.result("http-error");
  await app.atRest();
});
