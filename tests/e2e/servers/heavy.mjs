// An open MCP server of 2025-11-25 that sends more than a client can want: floods, logs, drawings, endless texts.
import { cors } from "./cors.mjs";
import { bodyOf, json, listen } from "./listen.mjs";

const STREAM = { "content-type": "text/event-stream" };
const TOOLS = ["flood", "ask-flood", "log", "notes", "endless", "draw"];

/** `reconnects` are the times at which the stream of what the server says by itself was asked for. */
export async function startHeavyMcp({ retry = undefined } = {}) {
  const world = { reconnects: [], responses: 0 };
  const { origin, close } = await listen(async (request, response) => {
    const message = parsed(await bodyOf(request));
    if (cors(request, response)) return;
    if (request.method === "GET") return stream(world, response, retry);
    if (request.method !== "POST") return response.writeHead(405).end();
    if (message?.method === undefined) world.responses += 1;
    if (message?.id === undefined || message.method === undefined) return response.writeHead(202).end();
    if (message.method === "tools/call") return called(message, response);
    json(response, 200, { jsonrpc: "2.0", id: message.id, result: results(message) });
  });
  return { origin, url: `${origin}/mcp`, world, close };
}

function results({ method, params }) {
  const capabilities = { tools: {}, logging: {} };
  const serverInfo = { name: "heavy", version: "1" };
  if (method === "initialize") return { protocolVersion: params.protocolVersion, capabilities, serverInfo };
  if (method === "tools/list") return { tools: TOOLS.map((name) => ({ name, inputSchema: { type: "object" } })) };
  return {};
}

/** Ends at once, and asks to be opened again after `retry` milliseconds; without it there is no such stream. */
function stream(world, response, retry) {
  if (retry === undefined) return response.writeHead(405).end();
  world.reconnects.push(performance.now());
  const note = event({ method: "notifications/note" });
  response.writeHead(200, STREAM).end(`id: 1\nretry: ${retry}\n${note}`);
}

async function called({ id, params }, response) {
  const done = (content) => event({ id, result: { content } });
  response.writeHead(200, STREAM);
  if (params.name === "flood") return pour(response, (at) => event({ method: "notifications/note", params: { at } }));
  if (params.name === "ask-flood") return pour(response, (at) => event({ id: `p-${at}`, method: "ping" }));
  if (params.name === "notes") return notes(response, params.arguments.count, done([]));
  if (params.name === "endless") return pour(response, (at) => (at === 0 ? "data: " : "x".repeat(100)));
  if (params.name === "log") return response.end(logged(params.arguments.count) + done([]));
  const data = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>").toString("base64");
  response.end(done([{ type: "image", mimeType: "image/svg+xml", data }]));
}

function logged(count) {
  const line = (at) => event({ method: "notifications/message", params: { level: "info", logger: "heavy", data: `line ${at}` } });
  return Array.from({ length: count }, (_, at) => line(at)).join("");
}

/** Tells of so many things, as fast as the other side takes them, and ends with the result. */
async function notes(response, count, result) {
  for (let at = 0; at < count && !response.destroyed; ) {
    const batch = Array.from({ length: Math.min(500, count - at) }, () => event({ method: "notifications/note", params: { at: at++ } }));
    if (!response.write(batch.join(""))) await room(response);
  }
  response.end(result);
}

/** Writes as much as the other side takes, until it goes away. */
async function pour(response, make) {
  let at = 0;
  while (!response.destroyed) {
    const batch = Array.from({ length: 500 }, () => make(at++)).join("");
    if (response.write(batch)) await new Promise(setImmediate);
    else await room(response);
  }
}

/** Until it takes more, or is gone. */
function room(response) {
  return new Promise((again) => {
    const over = () => {
      response.off("drain", over).off("close", over);
      again();
    };
    response.on("drain", over).on("close", over);
  });
}

function event(message) {
  return `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
