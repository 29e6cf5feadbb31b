// An MCP client without a browser and without an SDK: what the server really sent, to compare the page with.

interface Tool {
  name: string;
  inputSchema: object;
}

/** The tools that a server lists for a client of these capabilities, as they stand on the wire. */
export async function toolsOf(url: string, capabilities: object): Promise<Tool[]> {
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "script", version: "0" } };
  const welcome = await send(url, {}, { id: 1, method: "initialize", params });
  const session = { "mcp-session-id": welcome.headers.get("mcp-session-id") ?? "" };
  await send(url, session, { method: "notifications/initialized" });
  const list = await send(url, session, { id: 2, method: "tools/list" });
  return messageIn(await list.text()).result.tools;
}

function send(url: string, session: Record<string, string>, message: object) {
  const headers = { ...session, "content-type": "application/json", accept: "application/json, text/event-stream" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
}

/** The answer itself, plain or as the event of a stream. */
function messageIn(text: string) {
  const line = text.split("\n").find((it) => it.startsWith("data: {"));
  return JSON.parse(line ? line.slice("data: ".length) : text);
}
