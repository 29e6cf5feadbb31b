// Answers that no working MCP server gives, one an address. They are readable by any page, so that nothing but the fault is wrong.
import { bodyOf, json, listen } from "./listen.mjs";
import { cors } from "./cors.mjs";

const HTML = "<!doctype html><title>Welcome</title><h1>It works!</h1>";
const STREAM = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };

const ANSWERS = {
  "/html": (_, response) => page(response, 200),
  "/html-called-json": (_, response) => response.writeHead(200, JSON_TYPE).end(HTML),
  "/missing": (_, response) => page(response, 404),
  "/crashed": (_, response) => page(response, 500),
  // The JSON ends in the middle, and the connection with it.
  "/json-cut-off": (message, response) => {
    const whole = JSON.stringify(welcome(message));
    response.writeHead(200, { ...JSON_TYPE, "content-length": whole.length });
    response.write(whole.slice(0, whole.length / 2), () => response.socket.destroy());
  },
  // The JSON ends in the middle, and the answer says that this is all of it.
  "/json-half": (message, response) => {
    const whole = JSON.stringify(welcome(message));
    response.writeHead(200, JSON_TYPE).end(whole.slice(0, whole.length / 2));
  },
  "/stream-cut-off": (message, response) => {
    const whole = event(welcome(message));
    response.writeHead(200, STREAM).end(whole.slice(0, whole.length / 2));
  },
  "/stream-empty": (_, response) => response.writeHead(200, STREAM).end(": nothing to say\n\n"),
  "/stream-silent": (_, response) => response.writeHead(200, STREAM).write(": wait\n\n"),
  "/silent": () => {},
  "/other-version": (message, response) => json(response, 200, welcome(message, "2025-03-26")),
  "/unknown-version": (message, response) => json(response, 200, welcome(message, "1999-12-31")),
};

/** `elsewhere` is where `/elsewhere` redirects to: another origin. */
export async function startBroken({ elsewhere } = {}) {
  const requests = [];
  const { origin, close } = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    requests.push({ method: request.method, path: pathname });
    if (cors(request, response)) return;
    if (pathname === "/elsewhere") return response.writeHead(307, { location: elsewhere }).end();
    const answer = request.method === "POST" ? ANSWERS[pathname] : undefined;
    const message = parsed(await bodyOf(request));
    if (answer) answer(message, response);
    else page(response, pathname === "/crashed" ? 500 : pathname in ANSWERS && pathname !== "/missing" ? 405 : 404);
  });
  return { origin, requests, at: (path) => origin + path, close };
}

function welcome({ id = null, params }, protocolVersion = params?.protocolVersion) {
  return {
    jsonrpc: "2.0",
    id,
    result: { protocolVersion, capabilities: {}, serverInfo: { name: "broken", version: "0" } },
  };
}

function event(message) {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}

function page(response, status) {
  response.writeHead(status, { "content-type": "text/html" }).end(HTML);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
