// A forward proxy that lets a page read the suite's servers: they send no CORS headers. Addresses stay as they are, as
// a client may check them (`resource`, `iss`), and nothing else of a message changes.
import { request as send } from "node:http";
import { listen } from "../e2e/servers/listen.mjs";

export const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** They are about one connection, and a proxy has two (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

const READABLE = ["Access-Control-Allow-Origin", "*"];
const EXPOSED = ["Access-Control-Expose-Headers", "*"];

/**
 * @param {object} options
 * @param {string} options.own The page's origin, which passes through untouched and is not recorded.
 * @param {import("./record.mjs").WireRecord} options.record Gets every other request to this machine, but no preflight.
 * @param {boolean} [options.unexposed] A page may read the answers, but none of their headers.
 */
export async function startProxy({ own, record, unexposed = false }) {
  const added = unexposed ? READABLE : [...READABLE, ...EXPOSED];
  const { origin, server, close } = await listen((request, response) => {
    const url = URL.parse(request.url);
    // A browser talks to its maker, too.
    if (!LOOPBACK.includes(url?.hostname)) return response.socket.destroy();
    if (url.origin === own) return pass(request, response, [], () => {});
    if (isPreflight(request)) return response.writeHead(204, permission(request)).end();
    pass(request, response, added, record.add(request));
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
function pass(request, response, added, became) {
  const { method, rawHeaders } = request;
  const onward = send(request.url, { method, headers: without(HOP_BY_HOP, rawHeaders), agent: false });
  const hangUp = () => [onward, response].forEach((it) => it.destroy());
  onward.on("error", () => {
    // Otherwise it was the browser that hung up.
    if (!response.destroyed) became("blocked");
    hangUp();
  });
  onward.on("response", (answer) => {
    became(answer.statusCode);
    const headers = without([...HOP_BY_HOP, ...corsHeaders(added)], answer.rawHeaders);
    response.writeHead(answer.statusCode, answer.statusMessage, [...headers, ...added]);
    response.flushHeaders();
    answer.on("aborted", hangUp);
    answer.pipe(response);
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

/** What a server says of them must not count beside what is added. */
function corsHeaders(added) {
  return added.length > 0 ? [...READABLE, ...EXPOSED].map((it) => it.toLowerCase()) : [];
}

/** Names and values alternate, as they came. */
function without(names, rawHeaders) {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []));
  return pairs.filter(([name]) => !names.includes(name.toLowerCase())).flat();
}
