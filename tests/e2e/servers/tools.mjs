// The tools of our own MCP server: each one is a way for a call to end.
import { setTimeout as wait } from "node:timers/promises";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";

const text = (value) => ({ content: [{ type: "text", text: value }] });
const object = (properties, required = []) => ({ type: "object", properties, required });
const number = { type: "integer", minimum: 0 };

export const TOOLS = [
  {
    name: "echo",
    title: "Echo",
    description: "Says back what it is told",
    inputSchema: object({ message: { type: "string", description: "What to say back" } }, ["message"]),
    run: ({ message }) => text(`Echo: ${message}`),
  },
  {
    name: "whoami",
    title: "Who am I",
    description: "Tells what the token says",
    inputSchema: object({}),
    run: (_, { authInfo }) => text(JSON.stringify({ client: authInfo?.clientId, scopes: authInfo?.scopes ?? [] })),
  },
  {
    name: "slow",
    title: "Slow",
    description: "Answers after some seconds",
    inputSchema: object({ seconds: { ...number, default: 60 } }),
    run: async ({ seconds = 60 }, { signal }) => {
      await wait(seconds * 1000, undefined, { signal });
      return text(`Slept ${seconds} s`);
    },
  },
  {
    name: "fail",
    title: "Fail",
    description: "Answers with isError",
    inputSchema: object({}),
    run: () => ({ ...text("the harbour is closed"), isError: true }),
  },
  {
    name: "refuse",
    title: "Refuse",
    description: "Answers with a JSON-RPC error",
    inputSchema: object({}),
    run: () => {
      throw new McpError(ErrorCode.InvalidParams, "no such ship", { ship: "Argo" });
    },
  },
  {
    name: "big-text",
    title: "Big text",
    description: "One text of so many bytes",
    inputSchema: object({ bytes: number }, ["bytes"]),
    run: ({ bytes }) => text("0123456789abcde\n".repeat(Math.ceil(bytes / 16)).slice(0, bytes)),
  },
  {
    name: "big-rows",
    title: "Big rows",
    description: "So many rows of structured content",
    inputSchema: object({ rows: number }, ["rows"]),
    run: ({ rows }) => ({ ...text(`${rows} rows`), structuredContent: { rows: Array.from({ length: rows }, row) } }),
  },
  // What comes back from these is up to mcp.mjs: the connection ends before the protocol has its say.
  ...["vanish", "vanish-in-answer"].map((name) => ({
    name,
    description: "The server is gone before its answer is complete",
    inputSchema: object({}),
    run: () => text("never sent"),
  })),
];

/** `count` more tools that differ in their number alone. */
export function manyTools(count) {
  return Array.from({ length: count }, (_, index) => ({
    name: `tool-${String(index).padStart(5, "0")}`,
    title: `Tool number ${index}`,
    description: `The tool at place ${index} of a long list`,
    inputSchema: object({ place: { ...number, default: index } }),
    run: () => text(String(index)),
  }));
}

export function row(_, index) {
  return {
    id: index,
    name: `Ship ${index}`,
    berth: index % 40,
    cargo: ["wool", "salt", "tin"][index % 3],
    loaded: index % 2 === 0,
  };
}
