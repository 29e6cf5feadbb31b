// Real web servers with the built page: nginx and Caddy, as somebody sets them up who read no advice.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import selfsigned from "selfsigned";
import { closedOrigin, LOOPBACK } from "./listen.mjs";

/** Where they are; undefined where they are not installed. */
export const PROGRAMS = { nginx: process.env.FLOWGLASS_NGINX, caddy: process.env.FLOWGLASS_CADDY };

/** Serves `folder` at `prefix`; with `fallback`, unknown paths get the page. */
export async function startWebServer(name, { folder, prefix = "/", fallback = false }) {
  const port = new URL(await closedOrigin()).port;
  const place = await mkdtemp(join(tmpdir(), "flowglass-"));
  const file = join(place, "configuration");
  await writeFile(file, CONFIGURATIONS[name]({ folder, prefix, fallback, port, place }));
  const close = await runWebServer(name, { file, place, port });
  return { port, url: `http://localhost:${port}${prefix}`, close };
}

/** Runs one with a configuration until it is closed; `place` is a folder of its own, which goes with it. */
export async function runWebServer(name, { file, place, port, variables = {} }) {
  const options = { nginx: ["-c", file, "-p", place], caddy: ["run", "--config", file, "--adapter", "caddyfile"] }[name];
  const env = { ...process.env, XDG_DATA_HOME: place, XDG_CONFIG_HOME: place, ...variables };
  const child = spawn(PROGRAMS[name], options, { env });
  let words = "";
  child.stderr.on("data", (it) => (words += it));
  await listening(port, child, () => words);
  return async () => {
    const ended = child.exitCode === null ? once(child, "exit") : undefined;
    // What is on its way still comes: a page may be loading a part.
    child.kill();
    await ended;
    await rm(place, { recursive: true, force: true });
  };
}

/** What nginx needs around the servers of a configuration; `inner` is text of its `http` context. */
export function aroundNginx(place, inner) {
  return `
daemon off; pid ${place}/pid; error_log stderr; ${process.getuid?.() === 0 ? "user root;" : ""}
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((it) => `${it}_temp_path ${place}/${it};`).join(" ")}
  ${inner}
}`;
}

const CONFIGURATIONS = {
  nginx: ({ folder, prefix, fallback, port, place }) =>
    aroundNginx(
      place,
      `
  include /etc/nginx/mime.types;
  server {
    listen ${LOOPBACK}:${port};
    location ${prefix} {
      ${prefix === "/" ? `root ${folder};` : `alias ${folder}/;`}
      ${fallback ? `try_files $uri $uri/ ${prefix}index.html;` : ""}
    }
  }`,
    ),
  caddy: ({ folder, prefix, fallback, port }) => `
{
  admin off
  auto_https off
}
http://:${port} {
  bind ${LOOPBACK}
  handle_path ${prefix}* {
    root * ${folder}
    ${fallback ? "try_files {path} /index.html" : ""}
    file_server
  }
}`,
};

async function listening(port, child, words) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The web server ended: ${words()}`);
    const socket = createConnection({ port, host: LOOPBACK });
    const connected = await Promise.race([once(socket, "connect").then(() => true), once(socket, "error").then(() => false)]).catch(() => false);
    socket.destroy();
    if (connected) return;
    await pause(20);
  }
}

/** Takes TLS off before a web server that knows nothing of it, as a load balancer does. */
export async function startTls(behind, host) {
  const extensions = [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }];
  const made = await selfsigned.generate([{ name: "commonName", value: host }], { extensions });
  const server = createTlsServer({ key: made.private, cert: made.cert }, (request, response) => {
    const { method, url: path, headers } = request;
    const inner = httpRequest({ host: LOOPBACK, port: behind.port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      reply.pipe(response);
    });
    inner.on("error", () => response.destroy());
    request.pipe(inner);
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const prefix = new URL(behind.url).pathname;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await behind.close();
  };
  return { url: `https://${host}:${server.address().port}${prefix}`, close };
}
