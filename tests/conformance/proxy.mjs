// A forward proxy that lets a page read the suite's servers: they send no CORS headers. Addresses stay as they are, as
// a client may check them (`resource`, `iss`), and nothing else of a message changes.
import { request as send } from "node:http";
import { listen } from "../e2e/servers/listen.mjs";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** They are about one connection, and a proxy has two (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** @param {{ own: string }} options `own` is the page's origin, which passes through untouched. */
export async function startProxy({ own }) {
  const { origin, server, close } = await listen((request, response) => {
    const url = URL.parse(request.url);
    if (!LOOPBACK.includes(url?.hostname)) return response.socket.destroy();
    if (url.origin === own) return pass(request, response, []);
    if (isPreflight(request)) return response.writeHead(204, permission(request)).end();
    pass(request, response, ["Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", "*"]);
  });
  // A browser may keep a connection for later; closing it at that moment would look like a failure of the server.
  server.keepAliveTimeout = 0;
  server.on("connect", (_request, socket) => socket.destroy());
  return { origin, close };
}

function isPreflight(request) {
  return request.method === "OPTIONS" && "access-control-request-method" in request.headers;
}

function permission({ headers }) {
  return {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": headers["access-control-request-method"],
    "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "",
  };
}

/** Every byte goes on as soon as it is there, and who hangs up on one side hangs up on the other. */
function pass(request, response, added) {
  const { method, rawHeaders } = request;
  const onward = send(request.url, { method, headers: without(HOP_BY_HOP, rawHeaders), agent: false });
  const hangUp = () => [onward, response].forEach((it) => it.destroy());
  onward.on("error", hangUp);
  onward.on("response", (answer) => {
    const replaced = added.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    const headers = without([...HOP_BY_HOP, ...replaced], answer.rawHeaders);
    response.writeHead(answer.statusCode, answer.statusMessage, [...headers, ...added]);
    response.flushHeaders();
    answer.on("aborted", hangUp);
    answer.pipe(response);
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

/** Names and values alternate, as they came. */
function without(names, rawHeaders) {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []));
  return pairs.filter(([name]) => !names.includes(name.toLowerCase())).flat();
}
