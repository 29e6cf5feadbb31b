// A proxy before a real MCP server: everything passes, but the answers to one JSON-RPC method get a fault.
import { once } from "node:events";
import { request as ask } from "node:http";
import { cors } from "./cors.mjs";
import { bodyOf, listen } from "./listen.mjs";

/**
 * @typedef {{ verb: string, path: string, headers: Record<string, string>, message?: any, passed: boolean }} Seen
 * @typedef {{
 *   message: any,
 *   answer: any,
 *   turn: number,
 *   origin: string,
 *   behind: string,
 *   response: import("node:http").ServerResponse,
 *   pass: () => void,
 *   reply: (id: string | number) => Promise<void>,
 *   later: (id: string, text: string) => void,
 * }} Exchange
 */

/**
 * - `behind`: the address of the real server; every path of the proxy leads there.
 * - `method`: the JSON-RPC method whose answers get the fault. `fault`: see faults.mjs.
 *
 * @param {{ behind: string, method: string, fault: (exchange: Exchange) => void }} options
 */
export async function startFaulty(options) {
  const world = { ...options, origin: "", requests: [], replies: [], waiting: new Map(), streams: new Map() };
  const { origin, close } = await listen((request, response) =>
    handle(world, request, response).catch(() => response.destroy()),
  );
  world.origin = origin;
  return {
    origin,
    url: `${origin}/mcp`,
    /** @type {Seen[]} */
    requests: world.requests,
    /** What the page answered to requests of the server's. */
    replies: world.replies,
    /** @type {(method: string) => Seen[]} */
    calls: (method) => world.requests.filter((it) => it.message?.method === method),
    close,
  };
}

async function handle(world, request, response) {
  if (cors(request, response)) return;
  const body = await bodyOf(request);
  const message = parsed(body);
  const seen = { verb: request.method, path: request.url, headers: request.headers, message, passed: false };
  world.requests.push(seen);
  if (isReply(message)) return take(world, message, response);
  if (resumes(world, request, response)) return;
  const real = await forward(world, request, response, body);
  if (message?.method === world.method) await inject(world, seen, real, response);
  else passOn(real, response);
}

/** What the server behind answers; it is let go where the page goes. */
async function forward(world, request, response, body) {
  const { host } = new URL(world.behind);
  const onward = ask(world.behind, { method: request.method, headers: { ...request.headers, host }, agent: false });
  response.once("close", () => onward.destroy());
  onward.end(body);
  const [answer] = await once(onward, "response");
  return answer;
}

function passOn(answer, response) {
  response.writeHead(answer.statusCode, answer.headers).flushHeaders();
  answer.on("error", () => response.destroy());
  answer.pipe(response);
}

/** The real answer is read whole, and the fault says what becomes of it. */
async function inject(world, seen, real, response) {
  const text = await bodyOf(real);
  const session = real.headers["mcp-session-id"];
  if (session) response.setHeader("mcp-session-id", session);
  world.fault({
    message: seen.message,
    answer: answerIn(text),
    turn: world.requests.filter((it) => it.message?.method === world.method).length,
    origin: world.origin,
    behind: world.behind,
    response,
    pass: () => {
      response.writeHead(real.statusCode, real.headers).end(text);
      seen.passed = true;
    },
    reply: (id) => new Promise((heard) => world.waiting.set(id, heard)),
    later: (id, text) => world.streams.set(id, text),
  });
}

/** A message without a method answers the server: here it is the proxy that asked. */
function isReply(message) {
  return message?.id !== undefined && message.method === undefined;
}

function take(world, message, response) {
  world.replies.push(message);
  response.writeHead(202).end();
  world.waiting.get(message.id)?.();
}

/** A stream that a fault ended early goes on where the page asks for it (MCP 2025-11-25, resumability). */
function resumes(world, request, response) {
  const text = request.method === "GET" && world.streams.get(request.headers["last-event-id"]);
  if (text) response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
  return Boolean(text);
}

/** The answer itself, plain or as the event of a stream. */
function answerIn(text) {
  const line = text.split("\n").find((it) => it.startsWith("data: {"));
  return parsed(line ? line.slice("data: ".length) : text);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
