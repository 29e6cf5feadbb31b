// The servers of these tests, tried without the page: where these fail, look at the servers first.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, test } from "../helpers/servers.ts";
import { says } from "../servers/faults.mjs";
import { tokenByScript } from "../helpers/script-oauth.ts";

async function connected(url: string, token?: string) {
  const client = new Client({ name: "script", version: "0" });
  const requestInit = token ? { headers: { authorization: `Bearer ${token}` } } : {};
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return client;
}

function discovered(url: string) {
  const [version, method] = ["2026-07-28", "server/discover"];
  const meta = { protocolVersion: version, clientCapabilities: {} };
  const _meta = Object.fromEntries(
    Object.entries(meta).map(([name, value]) => [`io.modelcontextprotocol/${name}`, value]),
  );
  const accept = "application/json, text/event-stream";
  const headers = { accept, "content-type": "application/json", "mcp-protocol-version": version, "mcp-method": method };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { _meta } });
  return fetch(url, { method: "POST", headers, body });
}

test("server-everything lists and calls its tools, on loopback only", async ({ everything }) => {
  const client = await connected(everything.url);
  expect((await client.listTools()).tools.map((it) => it.name)).toContain("echo");
  const { content } = await client.callTool({ name: "echo", arguments: { message: "ahoy" } });
  expect(content).toEqual([{ type: "text", text: "Echo: ahoy" }]);
  await client.close();
});

test("the open server lists its tools in portions", async ({ start }) => {
  const server = await start.mcp({ pageSize: 3 });
  const client = await connected(server.url);
  const first = await client.listTools();
  expect(first.tools).toHaveLength(3);
  expect(first.nextCursor).toBe("3");
  await client.close();
});

test("the proxy damages the answers to one method, and passes all the rest, streams included", async ({ start }) => {
  const server = await start.mcp();
  const proxy = await start.faulty({ behind: server.url, method: "tools/list", fault: says(500) });
  const client = await connected(proxy.url);
  await expect(client.listTools()).rejects.toThrow();
  const { content } = await client.callTool({ name: "echo", arguments: { message: "ahoy" } });
  expect(content).toEqual([{ type: "text", text: "Echo: ahoy" }]);
  await expect.poll(() => proxy.requests.map((it) => it.verb)).toContain("GET");
  await client.close();
});

test("server-everything speaks HTTP+SSE too", async ({ everythingOverSse }) => {
  const client = new Client({ name: "script", version: "0" });
  await client.connect(new SSEClientTransport(new URL(everythingOverSse.url)));
  expect((await client.listTools()).tools.map((it) => it.name)).toContain("echo");
  await client.close();
});

test("the modern server is discovered, and the one that has its older era alone is not", async ({ start }) => {
  const [modern, older] = [await start.modern(), await start.modern({ legacy: "alone", versions: ["2025-03-26"] })];
  const { result } = await (await discovered(modern.url)).json();
  expect(result.supportedVersions).toEqual(["2026-07-28"]);
  expect((await discovered(older.url)).status).toBe(400);
  const client = await connected(older.url);
  expect(client.getServerVersion()?.name).toBe("harbour-modern");
  await client.close();
});

test("the guarded server refuses without a token, and says where to get one", async ({ start }) => {
  const server = await start.mcp({ issuer: await start.issuer() });
  const answer = await fetch(server.url, { method: "POST", headers: { origin: "http://localhost" } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toContain(
    `resource_metadata="${server.origin}/.well-known/oauth-protected-resource/mcp"`,
  );
  expect(answer.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
});

test("a token of the authorization server opens the guarded server, until it is forgotten", async ({ start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  const token = await tokenByScript(issuer.url, server.url);
  const client = await connected(server.url, token);
  const { content } = await client.callTool({ name: "whoami" });
  expect(content).toEqual([{ type: "text", text: expect.stringContaining('"scopes":["mcp:tools"]') }]);
  server.forgetTokens();
  await expect(client.callTool({ name: "whoami" })).rejects.toThrow();
  await client.close();
});

test("a token for another resource opens nothing", async ({ start }) => {
  const issuer = await start.issuer();
  const [one, other] = [await start.mcp({ issuer }), await start.mcp({ issuer })];
  await expect(connected(one.url, await tokenByScript(issuer.url, other.url))).rejects.toThrow();
});
