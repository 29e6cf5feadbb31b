// What makes our MCP server a protected resource: the SDK's bearer check, and the metadata of RFC 9728.
import { createRemoteJWKSet, jwtVerify } from "jose";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { metadataHandler } from "@modelcontextprotocol/sdk/server/auth/handlers/metadata.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl } from "@modelcontextprotocol/sdk/server/auth/router.js";

export const SCOPE = "mcp:tools";
/** What a tool may want beside it: see `wants` of mcp.mjs. */
export const MORE_SCOPES = ["mcp:write", "mcp:one", "mcp:two", "mcp:three"];
const AN_HOUR = 3600;

export function protect(app, world) {
  const { issuer, byHand } = world.options;
  if (!issuer && !byHand) return;
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(new URL(world.url));
  if (issuer) app.use(new URL(resourceMetadataUrl).pathname, metadataHandler(describe(world)));
  const verifier = { verifyAccessToken: tokenCheck(world) };
  const check = { verifier, requiredScopes: [SCOPE], resourceMetadataUrl, expectedResource: world.url };
  app.use("/mcp", requireBearerAuth(check));
  app.use("/mcp", (request, response, next) => wantsMore(world, resourceMetadataUrl, request, response) || next());
}

/** MCP, "Scope Challenge Handling": 403 with the scopes that the call needs. */
function wantsMore({ options }, resourceMetadataUrl, request, response) {
  const { method, params } = request.body ?? {};
  const wanted = method === "tools/call" && options.wants?.(params.name, request.auth.scopes);
  if (!wanted || request.auth.scopes.includes(wanted)) return false;
  const words = `error="insufficient_scope", scope="${wanted}", resource_metadata="${resourceMetadataUrl}"`;
  response.setHeader("www-authenticate", `Bearer ${words}`);
  response.status(403).json({ error: "insufficient_scope" });
  return true;
}

/** Without an issuer there is nothing to find: the server takes its own token only. */
function describe({ url, options }) {
  const servers = { authorization_servers: [options.issuer.url] };
  const document = { resource: url, ...servers, scopes_supported: [SCOPE], resource_name: "Harbour desk" };
  return options.describe?.(document) ?? document;
}

function tokenCheck(world) {
  const { issuer, byHand } = world.options;
  const keys = issuer && createRemoteJWKSet(new URL(`${issuer.url}/jwks`));
  return async (token) => {
    if (world.refusedTokens.has(token)) throw new InvalidTokenError("The token was forgotten");
    if (byHand && token === byHand) return authInfo(token, world.url, handMade());
    if (!keys) throw new InvalidTokenError("Unknown token");
    const { payload } = await jwtVerify(token, keys, { issuer: issuer.url, audience: world.url }).catch(refused);
    world.seenTokens.add(token);
    if (world.options.refuseAll) throw new InvalidTokenError("No token is good enough");
    return authInfo(token, world.url, payload);
  };
}

function handMade() {
  return { client_id: "by-hand", scope: SCOPE, exp: Date.now() / 1000 + AN_HOUR };
}

function refused(cause) {
  throw new InvalidTokenError(cause.message);
}

function authInfo(token, url, { client_id, scope = "", exp }) {
  const scopes = scope.split(" ").filter(Boolean);
  return { token, clientId: client_id, scopes, expiresAt: Math.floor(exp), resource: new URL(url) };
}
