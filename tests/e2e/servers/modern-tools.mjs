// The tools of the modern server: each one is something that 2026-07-28 lets a call do.
import { setTimeout as wait } from "node:timers/promises";
import { acceptedContent, inputRequired, inputResponse } from "@modelcontextprotocol/server";

const words = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const text = (value) => ({ content: [{ type: "text", text: words(value) }] });
const object = (properties, required = []) => ({ type: "object", properties, required });
const oneOf = (pairs) => Object.entries(pairs).map(([value, title]) => ({ const: value, title }));

/** One property for every kind of field that a form may have. */
export const EVERY_FIELD = object(
  {
    name: { type: "string", title: "Name", description: "As it is painted on the bow", minLength: 2, maxLength: 20 },
    email: { type: "string", title: "Mail", format: "email" },
    page: { type: "string", title: "Page", format: "uri" },
    built: { type: "string", title: "Built on", format: "date" },
    arrives: { type: "string", title: "Arrives at", format: "date-time" },
    crew: { type: "integer", title: "Crew", minimum: 1, maximum: 40, default: 7 },
    draught: { type: "number", title: "Draught in metres", default: 2.5 },
    insured: { type: "boolean", title: "Insured", default: true },
    rig: { type: "string", title: "Rig", enum: ["sloop", "ketch"], default: "ketch" },
    flag: { type: "string", title: "Flag", oneOf: oneOf({ is: "Iceland", no: "Norway" }), default: "no" },
    pet: { type: "string", title: "Pet on board", enum: ["cat", "dog"], enumNames: ["Cat", "Dog"] },
    cargo: {
      type: "array",
      title: "Cargo",
      description: "What lies in the hold",
      items: { type: "string", enum: ["wool", "salt", "tin"] },
      minItems: 1,
      maxItems: 2,
      default: ["salt"],
    },
    ports: { type: "array", title: "Ports", items: { anyOf: oneOf({ rey: "Reykjavík", osl: "Oslo" }) } },
    note: { type: "string", title: "Note", default: "Fair winds" },
  },
  ["name", "cargo"],
);

const YES_OR_NO = object({ sure: { type: "boolean", title: "Sure", default: true } });
const question = (message, requestedSchema = YES_OR_NO) => inputRequired.elicit({ message, requestedSchema });
const said = ({ mcpReq }, key) => inputResponse(mcpReq.inputResponses, key);

export const MODERN_TOOLS = [
  {
    name: "echo",
    title: "Echo",
    description: "Says back what it is told",
    inputSchema: object({ message: { type: "string" } }, ["message"]),
    run: ({ message }) => text(`Echo: ${message}`),
  },
  {
    name: "berth",
    description: "Takes its arguments in headers too",
    inputSchema: object({
      ship: { type: "string", "x-mcp-header": "Ship" },
      place: { type: "object", properties: { number: { type: "integer", "x-mcp-header": "Berth" } } },
      loaded: { type: "boolean", "x-mcp-header": "Loaded" },
      remark: { type: "string" },
    }),
    run: (args) => text(args),
  },
  {
    name: "mislabelled",
    description: "Wants a header that no client may send",
    inputSchema: object({ draught: { type: "number", "x-mcp-header": "Draught" } }),
    run: () => text("never called"),
  },
  {
    name: "slow",
    description: "Tells how far it is, until it is done or given up",
    inputSchema: object({ steps: { type: "integer", default: 30 } }),
    run: async ({ steps = 30 }, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= steps; progress += 1) {
        const params = { progressToken, progress, total: steps, message: `Step ${progress}` };
        if (progressToken !== undefined) await mcpReq.notify({ method: "notifications/progress", params });
        await wait(400, undefined, { signal: mcpReq.signal });
      }
      return text(`Took ${steps} steps`);
    },
  },
  {
    name: "log",
    description: "Logs a line of each of three levels",
    inputSchema: object({}),
    run: async (_, { mcpReq }) => {
      for (const level of ["debug", "info", "error"]) await mcpReq.log(level, `a line of level ${level}`, "harbour");
      return text("logged");
    },
  },
  {
    name: "fail",
    description: "Answers with isError",
    inputSchema: object({}),
    run: () => ({ ...text("the harbour is closed"), isError: true }),
  },
  {
    name: "ask-form",
    description: "Asks for every kind of field",
    inputSchema: object({}),
    run: (_, context) => {
      const answer = said(context, "papers");
      if (answer.kind === "missing")
        return inputRequired({ inputRequests: { papers: question("The papers of the ship", EVERY_FIELD) } });
      return text({ action: answer.action, content: answer.content });
    },
  },
  {
    name: "ask-page",
    description: "Asks for a page to be visited",
    inputSchema: object({ url: { type: "string" } }, ["url"]),
    run: ({ url }, context) => {
      const answer = said(context, "page");
      if (answer.kind !== "missing") return text({ action: answer.action, content: answer.content });
      return inputRequired({ inputRequests: { page: inputRequired.elicitUrl({ message: "Pay the toll", url }) } });
    },
  },
  {
    name: "ask-model",
    description: "Asks for a model's answer",
    inputSchema: object({}),
    run: (_, context) => {
      const answer = said(context, "poem");
      if (answer.kind === "sampling") return text(answer.result);
      const messages = [{ role: "user", content: { type: "text", text: "A line about the sea" } }];
      return inputRequired({ inputRequests: { poem: inputRequired.createMessage({ messages, maxTokens: 50 }) } });
    },
  },
  {
    name: "ask-roots",
    description: "Asks for the roots",
    inputSchema: object({}),
    run: (_, context) => {
      const answer = said(context, "roots");
      if (answer.kind === "roots") return text(answer.roots);
      return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    },
  },
  {
    name: "ask-two",
    description: "Asks two things at once",
    inputSchema: object({}),
    run: (_, context) => {
      const answers = ["one", "two"].map((it) => said(context, it));
      if (answers.every((it) => it.kind === "elicit")) return text(answers.map((it) => it.action));
      return inputRequired({ inputRequests: { one: question("The first thing"), two: question("The second thing") } });
    },
  },
  {
    name: "ask-again",
    description: "Asks in two rounds, and keeps nothing in between but what it gave the client to keep",
    inputSchema: object({}),
    run: (_, { mcpReq }) => {
      const state = mcpReq.requestState();
      if (state === undefined)
        return inputRequired({ inputRequests: { first: question("Round one") }, requestState: "r1 äß==" });
      if (state !== "r1 äß==") return text(`the state came back as ${state}`);
      if (!acceptedContent(mcpReq.inputResponses, "second"))
        return inputRequired({ inputRequests: { second: question("Round two") }, requestState: state });
      return text(Object.keys(mcpReq.inputResponses));
    },
  },
];
