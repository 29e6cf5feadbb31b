// An MCP server of the official SDK's second line: 2026-07-28, without sessions, and the older era where asked for.
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, legacyStatelessFallback, McpServer } from "@modelcontextprotocol/server";
import { cors } from "./cors.mjs";
import { bodyOf, listen } from "./listen.mjs";
import { MODERN_TOOLS } from "./modern-tools.mjs";

export const BOARD = "harbour://board";
const CAPABILITIES = {
  logging: {},
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  tools: { listChanged: true },
};

/**
 * @typedef {{ method: string, headers: Record<string, string>, body: any, rpc?: string, abandoned: boolean }} Seen
 * @typedef {{
 *   port?: number,
 *   legacy?: "stateless" | "reject" | "alone",
 *   responseMode?: "auto" | "sse" | "json",
 *   versions?: string[],
 *   crossOrigin?: { cors?: boolean, allow?: string[], expose?: string[] },
 * }} Options
 */

/**
 * - `legacy`: `stateless` speaks the older revisions too, `reject` names its own to who asks for one, `alone` speaks
 *   nothing else.
 * - `responseMode`: `auto` streams only where something comes before the result.
 * - `versions`: the older revisions that it knows; without them, all. `crossOrigin`: see cors.mjs.
 *
 * @param {Options} options
 */
export async function startModern({ port, legacy = "reject", responseMode = "auto", versions, crossOrigin } = {}) {
  const world = { tools: [...MODERN_TOOLS], versions, ships: 1, requests: [] };
  const alone = legacy === "alone";
  const handler = createMcpHandler(() => harbour(world), { legacy: alone ? "reject" : legacy, responseMode });
  const answer = toNodeHandler(alone ? { fetch: legacyStatelessFallback(() => harbour(world)) } : handler);
  const { origin, close } = await listen(
    async (request, response) => {
      const body = parsed(await bodyOf(request));
      note(world, request, response, body);
      if (!cors(request, response, crossOrigin)) await answer(request, response, body);
    },
    { port },
  );
  return {
    origin,
    url: `${origin}/mcp`,
    /** @type {Seen[]} */
    requests: world.requests,
    /** @type {(method: string) => Seen[]} */
    calls: (method) => world.requests.filter((it) => it.rpc === method),
    addTool(name) {
      const [echo] = MODERN_TOOLS;
      world.tools.push({ ...echo, name, title: undefined });
      handler.notify.toolsChanged();
    },
    /** A header of one tool is called otherwise from now on, and nobody is told. */
    relabel() {
      const inputSchema = { type: "object", properties: { ship: { type: "string", "x-mcp-header": "Vessel" } } };
      world.tools = world.tools.map((it) => (it.name === "berth" ? { ...it, inputSchema } : it));
    },
    /** The board says something else from now on. */
    changeBoard() {
      world.ships += 1;
      handler.notify.resourceUpdated(BOARD);
    },
    /** Ends every open subscription, as a server does that goes down in good order. */
    endSubscriptions: () => handler.close(),
    async close() {
      await handler.close();
      await close();
    },
  };
}

// The library says on every list what one of the tools is there for.
const warn = console.warn;
console.warn = (words, ...rest) => String(words).includes("tool 'mislabelled'") || warn(words, ...rest);

/** A server lives for one request alone. */
function harbour(world) {
  const info = { name: "harbour-modern", title: "Modern harbour desk", version: "2.0.0" };
  const server = new McpServer(info, {
    capabilities: CAPABILITIES,
    instructions: "Ask before you moor.",
    ...(world.versions && { supportedProtocolVersions: world.versions }),
  });
  for (const { name, title, description, inputSchema, run } of world.tools)
    server.registerTool(name, { title, description, inputSchema: fromJsonSchema(inputSchema) }, run);
  server.registerResource("Board", BOARD, { mimeType: "text/plain" }, () => ({
    contents: [{ uri: BOARD, mimeType: "text/plain", text: `Ships in port: ${world.ships}` }],
  }));
  server.registerPrompt("greet", { description: "A greeting" }, () => ({
    messages: [{ role: "user", content: { type: "text", text: "Ahoy" } }],
  }));
  return server;
}

function note(world, request, response, body) {
  const { method, headers } = request;
  const seen = { method, headers, body, rpc: body?.method, abandoned: false };
  response.once("close", () => (seen.abandoned = !response.writableFinished));
  world.requests.push(seen);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
