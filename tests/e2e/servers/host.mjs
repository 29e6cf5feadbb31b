// A static host as they are: plain files, without a fallback, kept by the browser for as long as their names last, and
// sometimes damaged. Its folder can be exchanged while a page of it is open.
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { listen } from "./listen.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * `damage(path, reply)` may change a reply ({ status, type, body }), or make it undefined: then the connection is cut
 * in its middle.
 */
export async function startHost({ folder, damage = undefined }) {
  const host = { folder, damage };
  const { origin, close } = await listen((request, response) => answer(host, request, response), { host: "localhost" });
  return Object.assign(host, { url: `${origin}/`, close });
}

async function answer(host, request, response) {
  const path = new URL(request.url, "http://host").pathname;
  const reply = await file(join(host.folder, path.endsWith("/") ? `${path}index.html` : path));
  const { status, type, body } = (host.damage ? host.damage(path, reply) : reply) ?? {};
  if (!status) return cut(response, reply.body);
  const keep = status === 200 && !path.endsWith("/") ? "max-age=31536000, immutable" : "no-cache";
  response.writeHead(status, { "content-type": type, "content-length": body.length, "cache-control": keep });
  response.end(request.method === "HEAD" ? undefined : body);
}

function cut(response, body) {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": body.length });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

async function file(path) {
  const body = await readFile(path).catch(() => undefined);
  if (!body) return { status: 404, type: "text/plain", body: Buffer.from("Not found") };
  return { status: 200, type: TYPES[extname(path)] ?? "application/octet-stream", body };
}
