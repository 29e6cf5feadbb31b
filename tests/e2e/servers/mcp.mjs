// An MCP server from the official SDK: Streamable HTTP, sessions, and, with an issuer, a bearer check and its metadata.
import { randomUUID } from "node:crypto";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import { cors } from "./cors.mjs";
import { protect } from "./guard.mjs";
import { listen } from "./listen.mjs";
import { TOOLS } from "./tools.mjs";

/**
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: any, rpc?: string }} Seen
 * @typedef {{
 *   port?: number,
 *   issuer?: { url: string, resources: Set<string> },
 *   tools?: object[],
 *   pageSize?: number,
 *   crossOrigin?: { cors?: boolean, allow?: string[], expose?: string[] },
 *   jsonAnswers?: boolean,
 *   describe?: (document: Record<string, unknown>) => object,
 *   byHand?: string,
 *   refuseAll?: boolean,
 *   wants?: (tool: string, held: string[]) => string | undefined,
 * }} Options
 */

/**
 * - `issuer`: the authorization server of issuer.mjs that guards this server; without one it is open.
 * - `tools`, `pageSize`: what is listed, and in what portions.
 * - `crossOrigin`: see cors.mjs. `jsonAnswers`: plain JSON where the SDK would stream.
 * - `describe`: changes the protected resource metadata. `byHand`: a token that is taken without an issuer.
 * - `refuseAll`: no token is ever good enough. `wants`: one more scope that a call of a tool needs.
 *
 * @param {Options} options
 */
export async function startMcp(options = {}) {
  const world = { options, sessions: new Map(), requests: [], refusedTokens: new Set(), seenTokens: new Set() };
  const { origin, close } = await listen(handlerOf(world), { port: options.port });
  Object.assign(world, { origin, url: `${origin}/mcp` });
  options.issuer?.resources.add(world.url);
  return {
    origin,
    url: world.url,
    /** @type {Seen[]} */
    requests: world.requests,
    /** @type {Set<string>} */
    tokens: world.seenTokens,
    /** @type {(method: string) => Seen[]} */
    calls: (method) => world.requests.filter((it) => it.rpc === method),
    forgetTokens: () => world.seenTokens.forEach((token) => world.refusedTokens.add(token)),
    forgetSessions: () => forgetSessions(world),
    close,
  };
}

/** The addresses are known only once the server listens, so the app is built at the first request. */
function handlerOf(world) {
  let app;
  return (request, response) => (app ??= appOf(world))(request, response);
}

function appOf(world) {
  const app = createMcpExpressApp();
  app.use((request, response, next) => {
    note(world, request);
    if (!cors(request, response, world.options.crossOrigin)) next();
  });
  app.use((request, response, next) => {
    if (request.path === "/mcp/") response.redirect(307, "/mcp");
    else next();
  });
  protect(app, world);
  app.all("/mcp", vanish, (request, response) => handle(world, request, response));
  return app;
}

function note(world, request) {
  const { method, path, headers, body } = request;
  world.requests.push({ method, path, headers, body, rpc: body?.method });
}

/** Two tools end the connection itself: before any answer, or in the middle of one. */
function vanish(request, response, next) {
  const tool = request.body?.method === "tools/call" && request.body.params?.name;
  if (tool === "vanish") return request.socket.destroy();
  if (tool !== "vanish-in-answer") return next();
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write('event: message\ndata: {"jsonrpc":"2.0","id":', () => request.socket.destroy());
}

async function handle(world, request, response) {
  const known = request.headers["mcp-session-id"];
  if (known && !world.sessions.has(known)) return response.status(404).json(error("Session not found"));
  if (!known && request.body?.method !== "initialize") return response.status(400).json(error("No session"));
  const transport = world.sessions.get(known) ?? (await newSession(world));
  await transport.handleRequest(request, response, request.body);
}

async function newSession(world) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: world.options.jsonAnswers ?? false,
    onsessioninitialized: (id) => world.sessions.set(id, transport),
    onsessionclosed: (id) => world.sessions.delete(id),
  });
  await toolServer(world.options).connect(transport);
  return transport;
}

function toolServer({ tools = TOOLS, pageSize = tools.length, name = "harbour", title = "Harbour desk" }) {
  const server = new Server({ name, title, version: "1.4.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const start = Number(params?.cursor ?? 0);
    const nextCursor = start + pageSize < tools.length ? String(start + pageSize) : undefined;
    return { tools: tools.slice(start, start + pageSize).map(({ run, ...tool }) => tool), nextCursor };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
    const tool = tools.find((it) => it.name === params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    return tool.run(params.arguments ?? {}, extra);
  });
  return server;
}

/** What a restart does to the sessions of a server that keeps them in memory. */
function forgetSessions(world) {
  for (const transport of world.sessions.values()) transport.close();
  world.sessions.clear();
}

function error(message) {
  return { jsonrpc: "2.0", error: { code: -32000, message }, id: null };
}
