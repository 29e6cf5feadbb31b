// The built page on a host that puts its own file beside it: the folder is served as it is, but for `inspector.json`.
import { createServer, request } from "node:http";
import { once } from "node:events";
import { startApp } from "./app.mjs";

/**
 * @typedef {{ status: number, headers: Record<string, string>, body: unknown }} HostFile
 *
 * `file` is what the host responds, a body that is no text as JSON; nothing at all for as long as it `hangs`. `asked` are the
 * headers of each request for it.
 *
 * @param {string} folder
 */
export async function startHosted(folder) {
  const app = await startApp({ folder });
  const host = {
    file: /** @type {HostFile} */ ({ status: 200, headers: {}, body: "{}" }),
    hangs: false,
    asked: /** @type {import("node:http").IncomingHttpHeaders[]} */ ([]),
    url: "",
    close,
  };
  const server = createServer((asked, response) => {
    if (asked.url.split("?")[0] === "/inspector.json") return give(host, asked, response);
    // A connection of its own for each: one that is kept may be closed just when it is used again.
    const sent = request(app.origin + asked.url, { headers: { accept: asked.headers.accept ?? "" }, agent: false });
    sent.on("error", () => response.destroy());
    sent.on("response", (upstream) => {
      response.writeHead(upstream.statusCode, { "content-type": upstream.headers["content-type"] ?? "text/plain" });
      upstream.pipe(response);
    });
    sent.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  host.url = `http://localhost:${server.address().port}/`;
  return host;

  async function close() {
    server.closeAllConnections();
    server.close();
    await app.close();
  }
}

function give(host, request, response) {
  host.asked.push(request.headers);
  if (host.hangs) return;
  const { status, headers, body } = host.file;
  const tag = headers.etag;
  if (tag && request.headers["if-none-match"] === tag) return response.writeHead(304, headers).end();
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
