// An open MCP server of 2025-11-25 whose tools answer with the results that they are given, checked by nobody.
import { cors } from "./cors.mjs";
import { bodyOf, json, listen } from "./listen.mjs";

/** `results` are whole results of `tools/call` by the names of their tools; `resources` their `contents` by URI. */
export async function startResults(results, resources = {}) {
  const { origin, close } = await listen(async (request, response) => {
    const body = await bodyOf(request);
    if (cors(request, response)) return;
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(body);
    if (message.id === undefined) return response.writeHead(202).end();
    json(response, 200, { jsonrpc: "2.0", id: message.id, result: answer(message, results, resources) });
  });
  return { origin, url: `${origin}/mcp`, close };
}

function answer({ method, params }, results, resources) {
  const serverInfo = { name: "results", version: "1", websiteUrl: "https://docs.example.com/harbour?a=b" };
  switch (method) {
    case "initialize":
      return { protocolVersion: params.protocolVersion, capabilities: { tools: {}, resources: {} }, serverInfo };
    case "tools/list":
      return { tools: Object.keys(results).map((name) => ({ name, inputSchema: { type: "object" } })) };
    case "tools/call":
      return results[params.name];
    case "resources/list":
      return { resources: Object.keys(resources).map((uri) => ({ uri, name: uri })) };
    case "resources/templates/list":
      return { resourceTemplates: [] };
    case "resources/read":
      return { contents: resources[params.uri] };
    default:
      return {};
  }
}
