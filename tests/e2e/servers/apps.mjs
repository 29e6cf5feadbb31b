// An open MCP server of 2025-11-25 with apps (SEP-1865): tools that name `ui://` resources. The app of `clock` is made with
// the official package, as an app of the field is.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cors } from "./cors.mjs";
import { bodyOf, json, listen } from "./listen.mjs";

const require = createRequire(import.meta.url);

const MIME = "text/html;profile=mcp-app";

/** `apps` are, by the names of their tools, `{ html, ui }`: the page, and the `_meta.ui` of its resource. */
export async function startApps(apps = {}) {
  const all = { clock: { html: await clock() }, ...apps };
  const requests = [];
  const { origin, close } = await listen(async (request, response) => {
    const body = await bodyOf(request);
    if (cors(request, response)) return;
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(body);
    requests.push(message);
    if (message.id === undefined) return response.writeHead(202).end();
    json(response, 200, { jsonrpc: "2.0", id: message.id, ...answer(message, all) });
  });
  const calls = (method) => requests.filter((it) => it.method === method);
  return { origin, url: `${origin}/mcp`, calls, close };
}

function answer({ method, params }, apps) {
  const serverInfo = { name: "apps", version: "1" };
  const inputSchema = { type: "object" };
  switch (method) {
    case "initialize":
      return { result: { protocolVersion: "2025-11-25", capabilities: { tools: {}, resources: {} }, serverInfo } };
    case "tools/list": {
      const shown = Object.keys(apps).map((name) => ({ name, inputSchema, _meta: { ui: { resourceUri: `ui://apps/${name}` } } }));
      const own = { name: "tick", inputSchema, _meta: { ui: { visibility: ["app"] } } };
      const hidden = { name: "reset", inputSchema, _meta: { ui: { visibility: ["model"] } } };
      return { result: { tools: [...shown, own, hidden] } };
    }
    case "tools/call": {
      const told = `${params.name} ${JSON.stringify(params.arguments)}`;
      return { result: { content: [{ type: "text", text: told }], structuredContent: { told } } };
    }
    case "resources/read": {
      const app = apps[params.uri.split("/").at(-1)];
      if (!app) return { error: { code: -32002, message: "Resource not found" } };
      const meta = app.ui ? { _meta: { ui: app.ui } } : {};
      return { result: { contents: [{ uri: params.uri, mimeType: app.mimeType ?? MIME, text: app.html, ...meta }] } };
    }
    case "resources/list":
      return { result: { resources: [] } };
    case "resources/templates/list":
      return { result: { resourceTemplates: [] } };
    default:
      return { error: { code: -32601, message: "Method not found" } };
  }
}

/** The page of an app that shows what it is told, and asks for what its buttons say. */
async function clock() {
  return `<!doctype html>
<html lang="en"><head><title>Clock</title></head><body>
<p id="theme"></p><p id="mode"></p><p id="parts"></p><p id="input"></p><p id="result"></p><p id="answer"></p>
<button id="tick">Tick</button><button id="reset">Reset</button><button id="manual">Manual</button><button id="grow">Grow</button>
<button id="say">Say</button><button id="expand">Expand</button><button id="shrink">Shrink</button>
<div id="space"></div>
<script type="module">
${await sdk()}
const { App } = globalThis.ExtApps;
const app = new App({ name: "clock", version: "1.0.0" }, {});
const at = (id) => document.getElementById(id);
const show = (id, value) => (at(id).textContent = typeof value === "string" ? value : JSON.stringify(value));
const ask = (id, asked) => at(id).addEventListener("click", () => asked().then((it) => show("answer", it), (it) => show("answer", "refused: " + it.message)));
app.ontoolinput = (params) => show("input", params.arguments);
app.ontoolresult = (params) => show("result", params.structuredContent);
const parts = [];
app.ontoolinputpartial = (params) => show("parts", (parts.push(params.arguments), parts));
app.onhostcontextchanged = ({ theme, displayMode }) => {
  if (theme) show("theme", theme);
  if (displayMode) show("mode", displayMode);
};
ask("tick", () => app.callServerTool({ name: "tick", arguments: { by: 2 } }).then((it) => it.content[0].text));
ask("reset", () => app.callServerTool({ name: "reset", arguments: {} }).then(() => "reset"));
ask("manual", () => app.openLink({ url: "https://docs.example.com/clock" }).then(() => "opened"));
ask("say", () => app.sendMessage({ role: "user", content: [{ type: "text", text: "It is <b>noon</b>" }, { type: "resource_link", uri: "clock://face", name: "face" }] }));
ask("expand", () => app.requestDisplayMode({ mode: "fullscreen" }).then((it) => it.mode));
ask("shrink", () => app.requestDisplayMode({ mode: "inline" }).then((it) => it.mode));
at("grow").addEventListener("click", () => (at("space").style.height = "900px"));
await app.connect();
show("theme", app.getHostContext()?.theme);
show("mode", app.getHostContext()?.displayMode);
await app.sendLog({ level: "warning", logger: "clock", data: "wound up" });
</script></body></html>`;
}

/** The official package as a script without imports: what the bundle exports is in `globalThis.ExtApps`. */
async function sdk() {
  const file = require.resolve("@modelcontextprotocol/ext-apps/app-with-deps");
  const bundle = await readFile(file, "utf8");
  const footer = /export\s*\{([^}]*)\}\s*;?\s*(?:\/\/#.*\s*)?$/.exec(bundle);
  if (!footer) throw new Error(`${file} does not end with its exports`);
  const members = footer[1].split(",").filter((it) => it.trim()).map((it) => {
    const [local, name = local] = it.split(/\sas\s/).map((part) => part.trim());
    return `${JSON.stringify(name)}: ${local}`;
  });
  const script = `${bundle.slice(0, footer.index)};globalThis.ExtApps = { ${members.join(", ")} };`;
  return script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
