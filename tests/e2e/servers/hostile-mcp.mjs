// An open MCP server of 2025-11-25 all of whose words are hostile: one tool, resource, template and prompt for each
// text of data/hostile.mjs, and one more for each value of another type. It is written by hand, as no SDK says this.
import { ALL, CHORUS, TEXTS, VALUES } from "../data/hostile.mjs";
import { cors } from "./cors.mjs";
import { bodyOf, listen } from "./listen.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const STREAM = { "content-type": "text/event-stream" };
const VALUE = "VALUE";
/** Texts that stand in a list many times, so that the list stays a list that can be read. */
const SHORT = TEXTS.filter(([, it]) => it.length < 2000);

/** The tools that ask or tell something during their call. */
export const ASKING = ["ask-form", "ask-page", "ask-model", "tell"];

/** The tools that answer with one of the long texts. */
export const LONG = Object.fromEntries(
  TEXTS.filter(([, it]) => it.length >= 2000).map(([, it], index) => [`long-${index}`, it]),
);

/** The path `/<number>/mcp` is a server that is called by that text or value; at `/mcp` its name is all of them. */
export async function startHostileMcp() {
  const world = { waiting: new Map(), replies: [], last: 0 };
  const { origin, close } = await listen(async (request, response) => {
    const message = parsed(await bodyOf(request));
    if (cors(request, response)) return;
    if (request.method !== "POST") return response.writeHead(405).end();
    if (message?.method === undefined) return take(world, message, response);
    if (message.id === undefined) return response.writeHead(202).end();
    if (message.params?.name && ASKING.includes(message.params.name)) return ask(world, message, response);
    const [, number] = /^\/(\d+)\/mcp$/.exec(request.url) ?? [];
    response.writeHead(200, JSON_TYPE).end(answerTo(message, number));
  });
  return { origin, url: `${origin}/mcp`, called: (number) => `${origin}/${number}/mcp`, replies: world.replies, close };
}

/** The least that makes a connection. */
export function welcome({ id, method, params }) {
  const serverInfo = { name: "harbour", version: "1" };
  const capabilities = { tools: {} };
  const known = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities, serverInfo },
    "tools/list": { tools: [] },
  };
  const result = known[method];
  return result ? { jsonrpc: "2.0", id, result } : { jsonrpc: "2.0", id, error: { code: -32601, message: CHORUS } };
}

function answerTo(message, number) {
  const { id, method, params } = message;
  // Whoever comes for the name alone gets short lists.
  if (number !== undefined && method !== "initialize") return text(welcome(message));
  const results = {
    initialize: () => hello(params, number),
    "tools/list": () => `{"tools":[${[...SHORT.map(tool), ...[...ASKING, ...Object.keys(LONG)].map(plain), ...odd(tool)].join()}]}`,
    "resources/list": () => `{"resources":[${[...SHORT.map(resource), ...odd(resource)].join()}]}`,
    "resources/templates/list": () => `{"resourceTemplates":[${[...SHORT.map(template), ...odd(template)].join()}]}`,
    "prompts/list": () => `{"prompts":[${[...SHORT.map(prompt), ...odd(prompt)].join()}]}`,
    "tools/call": () => called(params.name),
    "resources/read": () => read(params.uri),
    "prompts/get": () => `{"description":${text(params.name)},"messages":[${blocks(params.name).map(said).join()}]}`,
    "logging/setLevel": () => "{}",
    "resources/subscribe": () => "{}",
  };
  const result = results[method];
  const rest = result ? `"result":${result()}` : `"error":{"code":-32601,"message":${text(CHORUS)},"data":${text(CHORUS)}}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${rest}}`;
}

// What is listed

function hello({ protocolVersion }, number) {
  const value = number === undefined ? text(CHORUS) : ALL[number][1];
  const icons = SHORT.map(([, src]) => ({ src, mimeType: src, sizes: [src] }));
  const serverInfo = { name: VALUE, title: VALUE, version: VALUE, websiteUrl: VALUE, description: VALUE, icons };
  const offers = { tools: {}, resources: { subscribe: true }, prompts: {}, logging: {}, experimental: {} };
  const capabilities = { ...offers, [CHORUS]: { [CHORUS]: CHORUS } };
  return filled({ protocolVersion, capabilities, serverInfo, instructions: VALUE }, value);
}

function tool([, it]) {
  const schema = { type: "object", title: it, description: it, $id: it, $comment: it, $schema: it };
  const property = { type: "string", title: it, description: it, default: it, enum: [it], pattern: it, format: it };
  const inputSchema = { ...schema, properties: member(it, property), required: [it] };
  const annotations = { title: it, readOnlyHint: it, destructiveHint: true };
  const icons = [{ src: it, mimeType: it, sizes: it }];
  const _meta = member(it, it);
  return text({ name: it, title: it, description: it, inputSchema, outputSchema: schema, annotations, icons, _meta });
}

function plain(name) {
  return text({ name, inputSchema: { type: "object" } });
}

function resource([, it]) {
  const rest = { title: it, description: it, mimeType: it, size: it, annotations: { audience: [it], priority: it } };
  return text({ uri: it, name: it, ...rest, icons: [{ src: it }] });
}

function template([, it]) {
  return text({ uriTemplate: `${it}{name}`, name: it, title: it, description: it, mimeType: it });
}

function prompt([, it]) {
  const argument = { name: it, title: it, description: it, required: it };
  return text({ name: it, title: it, description: it, arguments: [argument, argument, { name: `of ${it}` }] });
}

/** Each value of another type in the place of every member, and in the place of the whole. */
function odd(make) {
  return VALUES.flatMap(([, value]) => [inPlaceOf(make(["", VALUE]), value), value]);
}

// What is answered

function called(name) {
  if (name in LONG) return text({ content: [{ type: "text", text: LONG[name] }], structuredContent: { it: LONG[name] } });
  const structuredContent = { [name]: name, list: [name, { [name]: name }] };
  return `{"content":[${blocks(name).join()}],"structuredContent":${text(structuredContent)},"isError":${name.length % 2 === 1}}`;
}

/** Every kind of block, with the text in the place of every member. */
function blocks(it) {
  const media = (type, mimeType, data) => ({ type, data, mimeType });
  const drawing = btoa("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>");
  const all = [
    { type: "text", text: it, annotations: { audience: [it], priority: it } },
    media("image", it, it),
    media("image", "image/svg+xml", drawing),
    media("image", "text/html", btoa("<script>alert(1)</script>")),
    media("image", "image/png;base64,AAAA\" onerror=\"alert(1)", "AAAA"),
    media("image", "image/png", it),
    media("audio", it, it),
    media("audio", "audio/wav", it),
    media("audio", "audio/x\" autoplay onerror=\"alert(1)", "AAAA"),
    { type: "resource_link", uri: it, name: it, title: it, description: it, mimeType: it, icons: [{ src: it }] },
    { type: "resource", resource: { uri: it, mimeType: it, text: it } },
    { type: "resource", resource: { uri: it, mimeType: "text/html", text: it } },
    { type: "resource", resource: { uri: it, mimeType: "image/svg+xml", blob: drawing } },
    { type: "resource", resource: { uri: it, mimeType: it, blob: it } },
    { type: it, [it]: it },
  ];
  return [...all.map(text), ...VALUES.map(([, value]) => `{"type":"text","text":${value}}`)];
}

function said(block, index) {
  return `{"role":${text(index % 2 ? "assistant" : CHORUS)},"content":${block}}`;
}

function read(uri) {
  const one = { uri, mimeType: "text/html", text: uri };
  const two = { uri, mimeType: "image/svg+xml", blob: btoa("<svg onload='alert(1)'/>") };
  return text({ contents: [one, two, { uri, mimeType: uri, blob: uri }] });
}

// What is asked and told

async function ask(world, { id, params }, response) {
  response.writeHead(200, STREAM);
  const tell = (message) => response.write(`data: {"jsonrpc":"2.0",${message}}\n\n`);
  const token = params._meta?.progressToken;
  const heard = questions(params.name, token, params.arguments).map(([method, params, asks]) => {
    if (!asks) return tell(`"method":"${method}","params":${params}`);
    const id = `q-${(world.last += 1)}`;
    tell(`"id":"${id}","method":"${method}","params":${params}`);
    return new Promise((answered) => world.waiting.set(id, answered));
  });
  await Promise.all(heard);
  tell(`"id":${JSON.stringify(id)},"result":{"content":[]}`);
  response.end();
}

/** All of them, or those of the texts that the arguments choose. */
function questions(tool, token, { from, to } = {}) {
  const each = (make) => SHORT.slice(from, to).map(([, it]) => make(it));
  const odd = (method, make) => VALUES.map(([, value]) => [method, filled(make(VALUE), value)]);
  if (tool === "ask-form") return each((it) => ["elicitation/create", text(form(it)), true]);
  if (tool === "ask-page") return each((it) => ["elicitation/create", text(page(it)), true]);
  if (tool === "ask-model") return each((it) => ["sampling/createMessage", text(sampling(it)), true]);
  const log = (it) => ({ level: it, logger: it, data: it });
  const progress = (it) => ({ progressToken: token, progress: it, total: it, message: it });
  return [
    ...each((it) => ["notifications/message", text(log(it))]),
    ...each((it) => ["notifications/progress", text({ ...progress(it), progress: 1, total: 2 })]),
    ...each((it) => ["notifications/resources/updated", text({ uri: it })]),
    ...odd("notifications/message", log),
    ...odd("notifications/progress", progress),
  ];
}

function form(it) {
  const field = { type: "string", title: it, description: it, default: it };
  const choice = { type: "string", enum: [it], enumNames: [it], title: it };
  const properties = { ...member(it, field), title: field, answer: choice, body: { type: "boolean", title: it } };
  return { message: it, requestedSchema: { type: "object", properties, required: [it] } };
}

function page(it) {
  return { mode: "url", message: it, url: it, elicitationId: it };
}

function sampling(it) {
  const content = { type: "text", text: it };
  const picture = { type: "image", mimeType: it, data: it };
  const messages = [content, picture, { type: it }].map((it) => ({ role: "user", content: it }));
  const modelPreferences = { hints: [{ name: it }], costPriority: it };
  return { messages, systemPrompt: it, modelPreferences, includeContext: it, maxTokens: 9, metadata: member(it, it) };
}

function take(world, message, response) {
  world.replies.push(message);
  response.writeHead(202).end();
  world.waiting.get(message?.id)?.();
}

// JSON

/** An object with one member of any name, `__proto__` too. */
function member(name, value) {
  return Object.fromEntries([[name, value]]);
}

function text(value) {
  return JSON.stringify(value);
}

function filled(value, json) {
  return inPlaceOf(text(value), json);
}

/** The JSON with the value wherever `VALUE` stands, but as the name of a member. */
function inPlaceOf(whole, json) {
  return whole.replace(/"VALUE"(?!:)/g, () => json);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
