// The connection page: what is typed there, what a link may fill in, and what is refused before anything is sent.
import { expect, test } from "../helpers/fixtures.ts";
import { TOOLS } from "../servers/tools.mjs";

const BY_HAND = "a-token-given-by-hand";

test("a link fills the form and never connects", async ({ app, page, start }) => {
  const server = await start.mcp();
  const query = new URLSearchParams({
    server: server.url,
    scope: "mcp:tools",
    version: "2025-06-18",
    registration: "dynamic",
  });
  await app.open(`?${query}`);
  await expect(app.at("server-url")).toHaveValue(server.url);
  await expect(app.at("scope")).toHaveValue("mcp:tools");
  await expect(app.at("protocol-version")).toHaveValue("2025-06-18");
  await expect(app.at("registration")).toHaveValue("dynamic");
  await page.reload();
  await app.ready();
  for (const route of ["wire", "tools", "connect"] as const) await app.go(route);
  await app.is("idle");
  expect(server.requests).toEqual([]);
});

test("a link to another server in a connected tab fills the form, and says which server the tab had", async ({
  app,
  page,
  start,
}) => {
  const [first, second] = [await start.mcp(), await start.mcp()];
  await app.open();
  await app.connected(first.url);
  await expect(app.at("left-server")).toHaveCount(0);
  const link = `tools/echo?${new URLSearchParams({ server: second.url, args: '{"message": "linked"}' })}`;
  await app.open(link);
  await expect(app.at("server-url")).toHaveValue(second.url);
  await expect(app.at("left-server")).toContainText(first.url);
  await page.reload();
  await app.ready();
  await expect(app.at("server-url")).toHaveValue(second.url);
  await expect(app.at("left-server")).toContainText(first.url);
  await app.is("idle");
  expect(second.requests).toEqual([]);
  await app.at("left-reconnect").click();
  await app.is("connected");
  await expect(app.at("left-server")).toHaveCount(0);
  await expect(page).toHaveURL(app.home);
  expect(second.requests).toEqual([]);

  await app.open(link);
  await app.at("connect").click();
  await app.is("connected");
  await expect(page).toHaveURL(`${app.home}tools/echo`);
  await expect(app.at("call-tool")).toBeVisible();
  await app.atRest();
  expect(second.calls("tools/call")).toEqual([]);
  await page.reload();
  await app.is("connected");
  await app.go("connect");
  await expect(page.getByRole("main")).toContainText(second.url);
});

for (const [what, address] of Object.entries({
  nothing: "",
  "a part of an address": "/mcp",
  "an address without a scheme": "mcp.example.com",
  "another scheme": "ftp://mcp.example.com/mcp",
  "a script": "javascript:alert(1)",
  "a name and a password": "https://ada:lovelace@mcp.example.com/mcp",
})) {
  test(`${what} is refused where it is typed`, async ({ app, record }) => {
    await app.open();
    await app.at("server-url").fill(address);
    await app.at("server-url").press("Enter");
    await expect(app.at("server-url")).toHaveAttribute("aria-invalid", "true");
    await app.is("idle");
    expect([...record.origins()]).toEqual([new URL(app.home).origin]);
  });
}

test("a token given by hand takes the place of an authorization", async ({ app, start }) => {
  const server = await start.mcp({ byHand: BY_HAND });
  await app.open();
  await app.connected(server.url, { "bearer-token": BY_HAND });
  await app.tool("whoami");
  await app.call({});
  await app.result("ok");
  const sent = server.requests.filter((it) => it.path === "/mcp" && it.method !== "OPTIONS");
  expect(new Set(sent.map((it) => it.headers.authorization))).toEqual(new Set([`Bearer ${BY_HAND}`]));
});

test("a refused token that was given by hand is a problem, not the start of an authorization", async ({
  app,
  start,
}) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url, { "bearer-token": "nobody-knows-this-one" });
  await app.fails("unauthorized");
  expect(issuer.calls("/auth")).toEqual([]);
});

test("a header of one's own goes out with every MCP request", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.fill({ "server-url": server.url, "header-name": "x-berth", "header-value": "seven" });
  await app.at("header-add").click();
  await app.at("connect").click();
  await app.is("connected");
  await app.tool("echo");
  const sent = server.requests.filter((it) => it.method !== "OPTIONS");
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(new Set(sent.map((it) => it.headers["x-berth"]))).toEqual(new Set(["seven"]));
});

test("an older revision that is pinned is the only one offered, and is spoken", async ({ app, start, record }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url, { "protocol-version": "2025-06-18" });
  await expect(app.at("negotiated-version")).toHaveText("2025-06-18");
  expect(record.sent("initialize").map((it) => it.params.protocolVersion)).toEqual(["2025-06-18"]);
  const later = server.requests.filter((it) => it.method === "POST" && it.rpc !== "initialize");
  expect(new Set(later.map((it) => it.headers["mcp-protocol-version"]))).toEqual(new Set(["2025-06-18"]));
});

test("answers in plain JSON and a list in portions are read like any other", async ({ app, start }) => {
  const server = await start.mcp({ jsonAnswers: true, pageSize: 4 });
  await app.open();
  await app.connected(server.url);
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(TOOLS.length));
  expect(server.calls("tools/list").map((it) => it.body.params?.cursor)).toEqual([undefined, "4", "8"]);
});

test("an address that redirects on its own origin is followed once, and the rest goes to the right one", async ({
  app,
  start,
}) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(`${server.url}/`);
  await app.tool("echo");
  await app.call({ message: "round the corner" });
  await app.result("ok");
  const calls = server.requests.filter((it) => it.rpc === "tools/call");
  expect(calls.map((it) => it.path)).toEqual(["/mcp"]);
});

test("a second attempt takes the place of a failed one", async ({ app, start }) => {
  const [broken, server] = [await start.broken(), await start.mcp()];
  await app.open();
  await app.connect(broken.at("/missing"));
  await app.fails("http-status");
  await app.connected(server.url);
  await expect(app.at("problem")).toHaveCount(0);
});

test("the header's button connects as the form's does", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open("tools");
  const typed = page.getByRole("textbox", { name: "Server URL" });
  await typed.fill("https://");
  await typed.press("Enter");
  await expect(app.at("server-url")).toHaveAttribute("aria-invalid", "true");
  await app.open("tools");
  // Full-width letters, which the browser writes in ASCII.
  await typed.fill(server.url.replace("localhost", "\uff4cocalhost").replace("127.0.0.1", "\uff4cocalhost"));
  await typed.press("Enter");
  await app.is("connected");
});
