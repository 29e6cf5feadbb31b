// Servers that cannot be talked to: each ends in a problem that names the cause, its owner and what to change; none hangs.
import { closedOrigin } from "../servers/listen.mjs";
import { expect, test } from "../helpers/fixtures.ts";
import { ALL_ROWS } from "../helpers/flowglass.ts";

const SHORT = { "request-timeout": "1" };

for (const [path, code] of [
  ["/html", "not-json"],
  ["/html-called-json", "not-json"],
  ["/missing", "http-status"],
  ["/crashed", "http-status"],
  ["/json-cut-off", "truncated"],
  ["/json-half", "truncated"],
  ["/stream-cut-off", "truncated"],
  ["/stream-empty", "truncated"],
  ["/unknown-version", "version-mismatch"],
]) {
  test(`an answer like ${path} ends in ${code}`, async ({ app, start }) => {
    const broken = await start.broken();
    await app.open();
    await app.connect(broken.at(path));
    await app.fails(code);
    await app.atRest();
    await expect(app.at("connect")).toBeVisible();
  });
}

for (const path of ["/silent", "/stream-silent"]) {
  test(`a server that never answers (${path}) ends in timeout after the time that was set`, async ({ app, start }) => {
    const broken = await start.broken();
    await app.open();
    await app.connect(broken.at(path), SHORT);
    await app.fails("timeout");
    await app.atRest();
  });
}

test("another revision than the pinned one ends in version-mismatch", async ({ app, start }) => {
  const broken = await start.broken();
  await app.open();
  await app.connect(broken.at("/other-version"), { "protocol-version": "2025-11-25" });
  await app.fails("version-mismatch");
});

test("an address where nothing listens is unreachable, and that is shown on every page", async ({ app }) => {
  await app.open();
  await app.connect(`${await closedOrigin()}/mcp`);
  await app.fails("unreachable");
  for (const route of ["walkthrough", "tools", "wire"] as const) {
    await app.go(route);
    await app.problem("unreachable");
  }
});

test("a server without CORS headers is told apart, with the header lines that it lacks", async ({ app, start }) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await app.open();
  await app.connect(server.url);
  const problem = await app.fails("cors-blocked");
  await expect(problem).toContainText(`Access-Control-Allow-Origin: ${new URL(app.home).origin}`);
  await expect(problem).toContainText("Access-Control-Allow-Headers");
});

test("a preflight that lacks one header is told apart, and the header is named", async ({ app, start }) => {
  const allow = ["authorization", "content-type", "accept", "mcp-session-id"];
  const server = await start.mcp({ crossOrigin: { allow } });
  await app.open();
  await app.connect(server.url);
  const problem = await app.fails("cors-blocked");
  await expect(problem).toContainText("Access-Control-Allow-Headers");
  await expect(problem).toContainText("mcp-protocol-version");
});

test("blocked requests are on the wire page, and nothing is there that was not sent", async ({
  app,
  page,
  start,
  record,
}) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await page.setViewportSize(ALL_ROWS);
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  await app.atRest();
  await app.go("wire");
  await expect.poll(() => app.wire()).toContain(`POST ${server.url} blocked`);
  // How an opaque answer is written is the page's own affair.
  const asked = (line: string) => line.split(" ").slice(0, 2).join(" ");
  const sent = record.fetched(app.home).map((it) => asked(it.line));
  expect((await app.wire()).map(asked).sort()).toEqual(sent.sort());
});

test("an address that redirects to another origin is not followed", async ({ app, start }) => {
  const server = await start.mcp();
  const broken = await start.broken({ elsewhere: server.url });
  await app.open();
  await app.connect(broken.at("/elsewhere"));
  await app.fails("redirected");
});

test("an address that redirects is not followed with a token", async ({ app, start }) => {
  const server = await start.mcp({ byHand: "secret" });
  await app.open();
  await app.connect(`${server.url}/`, { "bearer-token": "secret" });
  const problem = await app.fails("redirected");
  await expect(problem).toContainText(/slash/i);
});

for (const tool of ["vanish", "vanish-in-answer"]) {
  test(`a server that is gone in the middle of a call (${tool}) ends that call`, async ({ app, start }) => {
    const server = await start.mcp();
    await app.open();
    await app.connected(server.url);
    await app.tool(tool);
    await app.call({});
    await app.result("http-error");
    await app.atRest();
    await app.tool("echo");
    await app.call({ message: "and on" });
    await app.result("ok");
  });
}

test("a JSON-RPC error and a tool's own error are told apart", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.tool("refuse");
  await app.call({});
  await app.result("rpc-error");
  await expect(app.at("call-result")).toContainText("no such ship");
  await app.tool("fail");
  await app.call({});
  await app.result("tool-error");
  await expect(app.at("call-result")).toContainText("the harbour is closed");
});

test("a call that takes longer than the time that was set ends by itself", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url, { "request-timeout": "2" });
  await app.tool("slow");
  await app.call({ seconds: 120 });
  await app.result("http-error");
  await expect(app.at("call-result")).toContainText(/time|answer/i);
  await app.is("connected");
});

test("a session that the server has lost is begun anew", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.tool("echo");
  server.forgetSessions();
  await app.call({ message: "after the restart" });
  await expect.poll(() => server.calls("initialize").length).toBe(2);
  await app.is("connected");
  await app.call({ message: "in a new session" });
  await app.result("ok");
});
