// An open MCP server of 2025-11-25 whose calls last as long as a test wants: it logs, tells of its progress, changes its
// lists, and does with a cancelled call what the tool is named after.
import { cors } from "./cors.mjs";
import { bodyOf, json, listen } from "./listen.mjs";

const STREAM = { "content-type": "text/event-stream" };
const OBJECT = { type: "object" };
const NAMES = ["log", "steps", "finishes", "stops", "says-nothing", "pours-on"];

/** What the `log` tool logs: level, logger, data. */
export const MESSAGES = [
  ["debug", "harbour", "the gate opens"],
  ["info", "harbour", "the ship enters"],
  ["warning", "pilot", { message: "shallow water", depth: 3, password: "geheim" }],
  ["error", "pilot", "aground"],
];

export async function startLive({ logging = true } = {}) {
  const tools = NAMES.map((name) => ({ name, inputSchema: OBJECT }));
  const world = { logging, tools, streams: new Set(), calls: new Map(), levels: [], cancelled: [] };
  const { origin, close } = await listen(async (request, response) => {
    const text = await bodyOf(request);
    if (cors(request, response)) return;
    if (request.method === "GET") return listening(world, response);
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(text);
    if (message.method === "notifications/cancelled") cancelled(world, message.params.requestId);
    if (message.id === undefined || message.method === undefined) return response.writeHead(202).end();
    if (message.method === "tools/call") return called(world, message, response);
    if (message.method === "logging/setLevel") world.levels.push(message.params.level);
    json(response, 200, { jsonrpc: "2.0", id: message.id, result: results(world, message) });
  });
  return {
    origin,
    url: `${origin}/mcp`,
    /** The levels that were asked for, and the names of the tools that were cancelled. */
    levels: world.levels,
    cancelled: world.cancelled,
    /** Gives the lists another content, and tells everybody. */
    changeTools(change) {
      world.tools = change(world.tools);
      for (const it of world.streams) it.write(event({ method: "notifications/tools/list_changed" }));
    },
    /** On the stream of what the server says by itself. */
    logAside(data) {
      for (const it of world.streams) it.write(logged(["notice", "aside", data]));
    },
    isHeard: () => world.streams.size > 0,
    /** Ends the calls that are open. */
    finish() {
      for (const it of world.calls.values()) it.done();
    },
    close,
  };
}

function results(world, { method, params }) {
  const capabilities = { tools: { listChanged: true }, ...(world.logging && { logging: {} }) };
  const serverInfo = { name: "live", version: "1" };
  if (method === "initialize") return { protocolVersion: params.protocolVersion, capabilities, serverInfo };
  if (method === "tools/list") return { tools: world.tools };
  return {};
}

function listening(world, response) {
  response.writeHead(200, STREAM).flushHeaders();
  world.streams.add(response);
  response.on("close", () => world.streams.delete(response));
}

function called(world, { id, params }, response) {
  response.writeHead(200, STREAM).flushHeaders();
  const done = () => {
    world.calls.delete(id);
    response.end(event({ id, result: { content: [{ type: "text", text: "done" }] } }));
  };
  world.calls.set(id, { name: params.name, response, done });
  if (params.name === "log") {
    for (const it of MESSAGES) response.write(logged(it));
    done();
  }
  if (params.name === "steps") {
    for (const step of [1, 2, 3]) response.write(progress(params._meta.progressToken, step));
  }
}

function cancelled(world, id) {
  const call = world.calls.get(id);
  if (!call) return;
  world.cancelled.push(call.name);
  if (call.name === "finishes") call.done();
  if (call.name === "stops") call.response.end();
  if (call.name === "pours-on") {
    for (let at = 0; at < 200; at += 1) call.response.write(logged(["info", "flood", "x".repeat(1_000)]));
  }
}

function progress(progressToken, step) {
  return event({ method: "notifications/progress", params: { progressToken, progress: step, total: 4, message: `Step ${step}` } });
}

function logged([level, logger, data]) {
  return event({ method: "notifications/message", params: { level, logger, data } });
}

function event(message) {
  return `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;
}
