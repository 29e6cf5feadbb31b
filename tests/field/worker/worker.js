// A worker as Cloudflare's guide has it: an agent over both transports, and the consent page that its author writes.
import OAuthProvider from "@cloudflare/workers-oauth-provider";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpAgent } from "agents/mcp";
import { z } from "zod";

export class Harbour extends McpAgent {
  server = new McpServer({ name: "harbour", version: "1.0.0" });

  async init() {
    this.server.registerTool(
      "whoami",
      { description: "Says who logged in.", inputSchema: { greeting: z.string().default("Hello") } },
      ({ greeting }) => ({ content: [{ type: "text", text: `${greeting}, ${this.props.name}!` }] }),
    );
  }
}

const pages = {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== "/authorize") return new Response("Not found", { status: 404 });
    const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request);
    return request.method === "POST" ? allow(await request.formData(), asked, env) : consent(asked);
  },
};

function consent({ scope }) {
  const page = `<!doctype html><html lang="en"><title>Allow access?</title><h1>Allow access to ${scope.join(" ")}?</h1>
<form method="post"><label for="name">Name</label> <input id="name" name="name" required><button>Allow</button></form>`;
  return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
}

async function allow(form, request, env) {
  const name = form.get("name");
  const granted = { request, userId: name, metadata: {}, scope: request.scope, props: { name } };
  const { redirectTo } = await env.OAUTH_PROVIDER.completeAuthorization(granted);
  return Response.redirect(redirectTo, 302);
}

/** The origin is known with the first request: the tests give it a free port. */
function provider(origin) {
  return new OAuthProvider({
    apiHandlers: { "/mcp": Harbour.serve("/mcp"), "/sse": Harbour.serveSSE("/sse") },
    defaultHandler: pages,
    authorizeEndpoint: "/authorize",
    tokenEndpoint: "/token",
    clientRegistrationEndpoint: "/register",
    scopesSupported: ["notes"],
    resourceMetadata: { resource: origin, authorization_servers: [origin] },
  });
}

let made;

export default {
  fetch(request, env, context) {
    made ??= provider(new URL(request.url).origin);
    return made.fetch(request, env, context);
  },
};
