// `@hono/mcp` as its documentation has it: a resource server with the tokens of an authorization server elsewhere.
import { serve } from "@hono/node-server";
import { StreamableHTTPTransport, bearerAuth, simpleMcpAuthRouter } from "@hono/mcp";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { once } from "node:events";
import { z } from "zod";

const HOST = "127.0.0.1";
const SCOPE = "mcp:tools";

/**
 * - `issuer`: the authorization server with whose tokens it is guarded; without one, `token` is all that it takes.
 * - `defaults`: it says in a challenge, and keeps of a session, what the packages do by themselves.
 *
 * @param {{ issuer?: { url: string, resources: Set<string> }, token?: string, defaults?: boolean }} options
 */
export async function startHono({ issuer, token, defaults = false }) {
  const app = new Hono();
  const server = serve({ fetch: (request, env) => app.fetch(request, env), hostname: HOST, port: 0 });
  await once(server, "listening");
  const origin = `http://${HOST}:${server.address().port}`;
  const url = `${origin}/mcp`;
  issuer?.resources.add(url);
  if (!issuer) tokenRoutes(app, token);
  else if (defaults) defaultRoutes(app, url, issuer.url);
  else routes(app, url, issuer.url);
  return { origin, url, close: () => close(server) };
}

function routes(app, url, issuer) {
  app.use("*", cors({ origin: "*", exposeHeaders: ["WWW-Authenticate", "Mcp-Session-Id"] }));
  app.route("/", simpleMcpAuthRouter({ issuer, resourceServerUrl: new URL(url), scopesSupported: [SCOPE] }));
  app.use("/mcp", bearerAuth({ verifyToken: verifier(url, issuer), ...challenges(url) }));
  const sessions = new Map();
  app.all("/mcp", async (context) => (await session(sessions, context)).handleRequest(context));
}

/** As in the package's README, with the scope without which this authorization server grants nothing. */
function defaultRoutes(app, url, issuer) {
  app.use("*", cors({ origin: "*", exposeHeaders: ["WWW-Authenticate"] }));
  app.route("/", simpleMcpAuthRouter({ issuer, resourceServerUrl: new URL(url), scopesSupported: [SCOPE] }));
  app.use("/mcp", bearerAuth({ verifyToken: verifier(url, issuer) }));
  withoutSessions(app);
}

/** One token for everybody, and no authorization server. */
function tokenRoutes(app, token) {
  app.use("*", cors({ origin: "*", exposeHeaders: ["WWW-Authenticate"] }));
  app.use("/mcp", bearerAuth({ token }));
  withoutSessions(app);
}

function withoutSessions(app) {
  const [server, transport] = [harbour(), new StreamableHTTPTransport()];
  app.all("/mcp", async (context) => {
    if (!server.isConnected()) await server.connect(transport);
    return transport.handleRequest(context);
  });
}

/** By itself the middleware names a place where the router serves nothing. */
function challenges(url) {
  const { origin, pathname } = new URL(url);
  const place = `${origin}/.well-known/oauth-protected-resource${pathname}`;
  const challenge = { wwwAuthenticateHeader: `Bearer resource_metadata="${place}", scope="${SCOPE}"` };
  return { noAuthenticationHeader: challenge, invalidToken: challenge };
}

function verifier(audience, issuer) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return (token) => jwtVerify(token, keys, { issuer, audience }).then(() => true, () => false);
}

/** One server for each session, as several browsers ask it. */
async function session(sessions, context) {
  const found = sessions.get(context.req.header("mcp-session-id"));
  if (found) return found;
  const transport = new StreamableHTTPTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  await harbour().connect(transport);
  return transport;
}

function harbour() {
  const server = new McpServer({ name: "harbour", version: "1.0.0" });
  const inputSchema = { a: z.number(), b: z.number() };
  server.registerTool("add", { description: "Adds two numbers.", inputSchema }, ({ a, b }) => ({
    content: [{ type: "text", text: String(a + b) }],
  }));
  return server;
}

async function close(server) {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
