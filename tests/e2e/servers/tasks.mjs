// An MCP server of the official SDK with its experimental tasks, whose tools run until a test ends them. As in the SDK, a
// task belongs to the session that it began in.
import { randomUUID } from "node:crypto";
import { InMemoryTaskMessageQueue, InMemoryTaskStore } from "@modelcontextprotocol/sdk/experimental/tasks";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { cors } from "./cors.mjs";
import { listen } from "./listen.mjs";

const CAPABILITIES = { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
const LIFE = { ttl: 600_000, pollInterval: 500 };
const SEARCH = { type: "object", properties: { query: { type: "string", default: "depth" } } };

/** What the tool `ask-model` asks for, and each time again. */
export const SAMPLING = {
  messages: [
    { role: "user", content: { type: "text", text: "How deep is the harbour?" } },
    { role: "assistant", content: [{ type: "tool_use", id: "u1", name: "search", input: { query: "harbour" } }] },
    { role: "user", content: [{ type: "tool_result", toolUseId: "u1", content: [{ type: "text", text: "no chart" }] }] },
  ],
  systemPrompt: "You are a pilot.",
  modelPreferences: { hints: [{ name: "small-model" }], speedPriority: 0.9 },
  tools: [{ name: "search", description: "Looks things up", inputSchema: SEARCH }],
  maxTokens: 77,
};

export async function startTasks() {
  const store = new InMemoryTaskStore();
  const world = { store, queue: new InMemoryTaskMessageQueue(), sessions: new Map(), requests: [], open: [] };
  const app = createMcpExpressApp();
  app.use((request, response, next) => {
    if (request.body?.method) world.requests.push(request.body);
    if (!cors(request, response)) next();
  });
  app.all("/mcp", (request, response) => handle(world, request, response));
  const { origin, close } = await listen(app);
  return {
    url: `${origin}/mcp`,
    /** The bodies of the messages with that method. */
    calls: (method) => world.requests.filter((it) => it.method === method),
    /** The ids of the tasks that have not ended, the oldest first. */
    open: world.open,
    says: (message) => Promise.all(world.open.map((id) => store.updateTaskStatus(id, "working", message))),
    async finish(text, status = "completed") {
      const result = { content: [{ type: "text", text }], isError: status === "failed" };
      for (const id of world.open.splice(0)) await store.storeTaskResult(id, status, result);
    },
    /** A task of somebody else's that has ended. Its id. */
    async addEnded(text) {
      const request = { method: "tools/call", params: { name: "dig" } };
      const { taskId } = await store.createTask(LIFE, randomUUID(), request);
      await store.storeTaskResult(taskId, "completed", { content: [{ type: "text", text }] });
      return taskId;
    },
    async close() {
      store.cleanup();
      await close();
    },
  };
}

async function handle(world, request, response) {
  const known = request.headers["mcp-session-id"];
  if (known && !world.sessions.has(known)) return response.status(404).end();
  const transport = world.sessions.get(known) ?? (await newSession(world));
  await transport.handleRequest(request, response, request.body);
}

async function newSession(world) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => world.sessions.set(id, transport),
  });
  await toolServer(world).connect(transport);
  return transport;
}

function toolServer(world) {
  const options = { capabilities: CAPABILITIES, taskStore: world.store, taskMessageQueue: world.queue };
  const server = new McpServer({ name: "digs", title: "Digging office", version: "1" }, options);
  for (const [name, taskSupport] of [["dig", "optional"], ["drill", "required"]])
    server.experimental.tasks.registerToolTask(name, { execution: { taskSupport } }, digging(world));
  server.registerTool("ask-model", {}, async ({ requestId }) => {
    const answers = [];
    for (let at = 0; at < 3; at += 1)
      answers.push(await server.server.createMessage(SAMPLING, { relatedRequestId: requestId }));
    return { content: [{ type: "text", text: JSON.stringify(answers.map((it) => it.content)) }] };
  });
  registerAskers(server);
  server.registerTool("list-roots", {}, async ({ requestId }) => {
    const { roots } = await server.server.listRoots({}, { relatedRequestId: requestId });
    return { content: [{ type: "text", text: roots.map((it) => it.uri).join(" ") }] };
  });
  return server;
}

const FORM = {
  message: "Where is the harbour?",
  requestedSchema: { type: "object", properties: { place: { type: "string" } }, required: ["place"] },
};

/** Tools that ask their client as tasks of the client's: one waits for the response, one thinks better of it. */
function registerAskers(server) {
  const { tasks } = server.server.experimental;
  const text = (it) => ({ content: [{ type: "text", text: it }] });
  server.registerTool("ask-later", {}, async ({ requestId }) => {
    const options = { task: { ttl: 60_000 }, relatedRequestId: requestId };
    const seen = [];
    for await (const { type, task, result, error } of tasks.elicitInputStream(FORM, options))
      seen.push(task?.status ?? result?.content?.place ?? result?.action ?? error?.message ?? type);
    const listed = await tasks.listTasks(undefined, { relatedRequestId: requestId });
    return text(`${[...new Set(seen)].join(", ")}; listed: ${listed.tasks.map((it) => it.status).join(", ")}`);
  });
  server.registerTool("ask-and-cancel", {}, async ({ requestId }) => {
    const options = { task: {}, relatedRequestId: requestId };
    for await (const { type, task } of tasks.elicitInputStream(FORM, options)) {
      if (type !== "taskCreated") continue;
      const { status } = await tasks.cancelTask(task.taskId, { relatedRequestId: requestId });
      const again = await tasks.cancelTask(task.taskId, { relatedRequestId: requestId }).catch((it) => it.code);
      return text(`${status}, then ${again}`);
    }
  });
}

function digging(world) {
  return {
    async createTask(extra) {
      const task = await extra.taskStore.createTask(LIFE);
      world.open.push(task.taskId);
      return { task };
    },
    getTask: (extra) => extra.taskStore.getTask(extra.taskId),
    getTaskResult: (extra) => extra.taskStore.getTaskResult(extra.taskId),
  };
}
