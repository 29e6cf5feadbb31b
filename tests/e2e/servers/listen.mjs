// Starts an HTTP handler on loopback, and stops it together with every connection that is still open.
import { createServer } from "node:http";
import { once } from "node:events";

export const LOOPBACK = "127.0.0.1";

/** Listens on a free port, or on `port` where that one is free. */
export async function listen(handler, { host = LOOPBACK, port = 0, maxHeaderSize = undefined } = {}) {
  const server = createServer({ maxHeaderSize }, handler);
  await open(server, port).catch(() => open(server, 0));
  const origin = `http://${host}:${server.address().port}`;
  return { origin, server, close: () => close(server) };
}

/** A port that nothing listens on: it was free a moment ago. */
export async function closedOrigin() {
  const { origin, close: stop } = await listen(() => {});
  await stop();
  return origin;
}

export function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

export async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

async function open(server, port) {
  server.listen(port, LOOPBACK);
  await once(server, "listening");
}

async function close(server) {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
