// 2026-07-28 with the extension for tasks: the official SDK's server, which takes methods of extensions, and tasks that run
// until a test ends them. The SDK itself has none for this revision.
import { randomUUID } from "node:crypto";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { cors } from "./cors.mjs";
import { bodyOf, listen } from "./listen.mjs";

const EXTENSION = "io.modelcontextprotocol/tasks";
const CAPABILITIES = { tools: {}, extensions: { [EXTENSION]: {} } };
const OBJECT = fromJsonSchema({ type: "object" });
const ANY = { params: OBJECT, result: OBJECT };

export async function startModernTasks() {
  const world = { tasks: new Map(), requests: [], streams: new Map(), tells: false };
  const handler = createMcpHandler(() => office(world), { legacy: "reject", responseMode: "auto" });
  const answer = toNodeHandler(handler);
  const { origin, close } = await listen(async (request, response) => {
    const text = await bodyOf(request);
    if (cors(request, response)) return;
    const body = JSON.parse(text);
    world.requests.push({ headers: request.headers, body });
    if (world.tells && body.params?.notifications?.taskIds) return subscribed(world, body, response);
    await answer(request, response, body);
  });
  const change = (members) => world.tasks.forEach((it) => Object.assign(it, members));
  return {
    url: `${origin}/mcp`,
    /** Headers and bodies of the messages with that method. */
    calls: (method) => world.requests.filter((it) => it.body.method === method),
    ids: () => [...world.tasks.keys()],
    /** From now on tasks are told of where a client subscribes to them, and polls bring nothing new. */
    tells: () => (world.tells = true),
    /** Tells the subscribers of a task that it has ended. */
    tell(taskId, text) {
      const result = { content: [{ type: "text", text }] };
      const params = { ...world.tasks.get(taskId), status: "completed", result };
      write(world.streams.get(taskId), "notifications/tasks", params);
    },
    /** What was answered to input requests. The SDK keeps that from the handler's params. */
    updates() {
      return this.calls("tasks/update").map((it) => it.body.params.inputResponses);
    },
    /** Every task waits for this input. */
    asks: (inputRequests) => change({ status: "input_required", inputRequests }),
    finish: (text) => change({ status: "completed", result: { content: [{ type: "text", text }] } }),
    async close() {
      await handler.close();
      await close();
    },
  };
}

/** A subscription to tasks, which the SDK does not have. */
function subscribed(world, { id, params }, response) {
  const { notifications } = params;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const stream = { response, id };
  write(stream, "notifications/subscriptions/acknowledged", { notifications });
  notifications.taskIds.forEach((it) => world.streams.set(it, stream));
}

function write({ response, id }, method, params) {
  const _meta = { "io.modelcontextprotocol/subscriptionId": id };
  response.write(`data: ${JSON.stringify({ jsonrpc: "2.0", method, params: { _meta, ...params } })}\n\n`);
}

/** A server lives for one request alone. */
function office(world) {
  const mcp = new McpServer({ name: "digs-modern", version: "1" }, { capabilities: CAPABILITIES });
  mcp.registerTool("dig", { inputSchema: OBJECT }, () => {
    const taskId = randomUUID();
    const now = new Date().toISOString();
    const task = { taskId, status: "working", createdAt: now, lastUpdatedAt: now, ttlMs: 600_000, pollIntervalMs: 500 };
    world.tasks.set(taskId, task);
    return { ...task, resultType: "task" };
  });
  mcp.server.setRequestHandler("tasks/get", ANY, ({ taskId }) => ({ ...world.tasks.get(taskId), resultType: "complete" }));
  mcp.server.setRequestHandler("tasks/update", ANY, ({ taskId }) => {
    Object.assign(world.tasks.get(taskId), { status: "working", inputRequests: undefined });
    return { resultType: "complete" };
  });
  mcp.server.setRequestHandler("tasks/cancel", ANY, ({ taskId }) => {
    Object.assign(world.tasks.get(taskId), { status: "cancelled" });
    return { resultType: "complete" };
  });
  return mcp;
}
