// An open MCP server of 2025-11-25 with resources of every type, which it changes and tells of, and a prompt whose
// argument it completes, as late as a test wants.
import { cors } from "./cors.mjs";
import { bodyOf, json, listen } from "./listen.mjs";

const PORTS = ["Ischia", "Ithaca", "Izmir"];
const CAPABILITIES = { resources: { subscribe: true }, prompts: {}, completions: {} };
const PROMPT = { name: "chart", arguments: ["port", "broken"].map((name) => ({ name })) };

/** `listed` are the items of `resources/list`, `contents` what is read of each by its URI. */
export async function startResources(listed, contents) {
  const world = { listed, contents: { ...contents }, streams: new Set(), held: undefined, completions: [] };
  const { origin, close } = await listen(async (request, response) => {
    const body = await bodyOf(request);
    if (cors(request, response)) return;
    if (request.method === "GET") return listening(world, response);
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(body);
    if (message.id === undefined) return response.writeHead(202).end();
    const { id, method, params } = message;
    const result = () => json(response, 200, { jsonrpc: "2.0", id, result: answer(world, message) });
    if (method !== "completion/complete") return result();
    world.completions.push(params);
    if (params.argument.name === "broken") {
      return json(response, 200, { jsonrpc: "2.0", id, error: { code: -32603, message: "No charts today" } });
    }
    // The response for one letter waits until it is released.
    if (params.argument.value === "I") return (world.held = result);
    result();
  });
  return {
    origin,
    url: `${origin}/mcp`,
    /** The params of every request for candidates. */
    completions: world.completions,
    release: () => world.held?.(),
    isHeard: () => world.streams.size > 0,
    /** Gives a resource other contents, and tells everybody. */
    change(uri, content) {
      world.contents[uri] = [content];
      const message = { jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri } };
      for (const it of world.streams) it.write(`data: ${JSON.stringify(message)}\n\n`);
    },
    close,
  };
}

function listening(world, response) {
  response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  world.streams.add(response);
  response.on("close", () => world.streams.delete(response));
}

function answer(world, { method, params }) {
  switch (method) {
    case "initialize": {
      const serverInfo = { name: "resources", version: "1" };
      return { protocolVersion: params.protocolVersion, capabilities: CAPABILITIES, serverInfo };
    }
    case "resources/list":
      return { resources: world.listed };
    case "resources/templates/list":
      return { resourceTemplates: [] };
    case "resources/read":
      return { contents: world.contents[params.uri] };
    case "prompts/list":
      return { prompts: [PROMPT] };
    case "completion/complete": {
      const values = PORTS.filter((it) => it.startsWith(params.argument.value));
      return { completion: { values, total: values.length + 40, hasMore: true } };
    }
    default:
      return {};
  }
}
