// What the browser hides of a server, told apart in Chromium: redirects, wrong schemes, and a 401 that no login cures.
import type { IncomingMessage, ServerResponse } from "node:http";
import { cors } from "../servers/cors.mjs";
import { expect, test } from "../helpers/fixtures.ts";
import { json, listen } from "../servers/listen.mjs";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server for one test; its handler has CORS headers before it, unless it is told to do without. */
async function serve(handler: Handler, withCors = true) {
  const server = await listen((request: IncomingMessage, response: ServerResponse) => {
    if (withCors && cors(request, response)) return;
    handler(request, response);
  });
  return server;
}

const to =
  (location: string): Handler =>
  (_, response) =>
    void response.writeHead(307, { location }).end();

test("a redirect loop is named", async ({ app }) => {
  const server = await serve((request, response) => to(request.url === "/a" ? "/b" : "/a")(request, response));
  await app.open();
  await app.connect(`${server.origin}/a`);
  await app.fails("redirect-loop");
  await app.atRest();
  await server.close();
});

test("a redirect to a login page that no page may read is told from missing CORS", async ({ app }) => {
  const login = await serve((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("Log in"), false);
  const server = await serve(to(`${login.origin}/login`));
  await app.open();
  await app.connect(`${server.origin}/mcp`);
  const problem = await app.fails("redirected");
  await expect(problem).toContainText("login page");
  await Promise.all([server.close(), login.close()]);
});

test("where only the URL with its last slash can be read, that one is advised", async ({ app }) => {
  const server = await serve((request, response) => {
    // The redirect itself has no CORS headers, as where a router answers before them.
    if (request.url === "/mcp") return to("/mcp/")(request, response);
    if (!cors(request, response)) response.writeHead(405).end();
  }, false);
  await app.open();
  await app.connect(`${server.origin}/mcp`);
  const problem = await app.fails("redirected");
  await expect(problem).toContainText(`${server.origin}/mcp/`);
  await expect(problem).toContainText(/likely/i);
  await server.close();
});

test("https typed for a port of http is told, and only that host and port are asked", async ({ app, start, record }) => {
  const server = await start.mcp();
  await app.open();
  await app.connect(server.url.replace("http:", "https:"));
  const problem = await app.fails("unreachable");
  await expect(problem).toContainText(`Connect to ${server.url}`);
  const port = new URL(server.url).port;
  for (const it of record.fetched(app.home)) expect(new URL(it.line.split(" ")[1]).port).toBe(port);
});

test("a 401 without any sign of OAuth wants a header, and a button opens its fields", async ({ app, page }) => {
  const server = await serve((_, response) => json(response, 401, { error: "unauthorized" }));
  await app.open();
  await app.connect(`${server.origin}/mcp`);
  const problem = await app.fails("unauthorized");
  await expect(problem).toContainText("API key");
  await expect(problem).not.toHaveAttribute("data-rule");
  await app.go("walkthrough");
  await app.at("add-header").click();
  await expect(page).toHaveURL(app.home);
  await expect(app.at("header-name")).toBeVisible();
  await expect(app.at("header-name")).toBeFocused();
  await server.close();
});

test("a Basic challenge is named", async ({ app }) => {
  const server = await serve((_, response) => json(response, 401, {}, { "www-authenticate": 'Basic realm="staging"' }));
  await app.open();
  await app.connect(`${server.origin}/mcp`);
  const problem = await app.fails("unauthorized");
  await expect(problem).toContainText("Basic");
  await server.close();
});
