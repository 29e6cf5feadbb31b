// A guarded MCP server that is its own authorization server, and writes one hostile value into one field of one
// document. Which one is part of its address: /<document>/<field>/<number>/mcp, with the numbers of data/hostile.mjs.
import { ALL, CHORUS } from "../data/hostile.mjs";
import { cors } from "./cors.mjs";
import { welcome } from "./hostile-mcp.mjs";
import { bodyOf, listen } from "./listen.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const HERE = /^(\/[^/]+\/[^/]+\/[^/]+)\/(mcp|authorize|token|register|revoke)$/;
const PLAIN = "/plain/none/0";
/** A scope or a token of a megabyte is taken. */
const LONG_ADDRESSES = { maxHeaderSize: 4 << 20 };

/** What is there of a document that is only shown, or not used at all: it may hold anything. */
const SHOWN = {
  resource: ["resource_name", "resource_documentation", "resource_policy_uri", "resource_tos_uri", "jwks_uri"],
  issuer: ["jwks_uri", "service_documentation", "op_policy_uri", "op_tos_uri", "userinfo_endpoint", "logo_uri"],
  registration: ["client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri", "registration_client_uri", "scope"],
  token: ["id_token", "error", "error_description", "error_uri", "issued_token_type"],
};

/**
 * `answers.token`: the answer to a refresh, as text with its status; `answers.back`: changes the parameters that lead
 * back; `requests`: what was asked.
 */
export async function startHostileOauth() {
  const answers = { token: undefined, back: undefined };
  const requests = [];
  const { origin, close } = await listen(async (request, response) => {
    const body = await bodyOf(request);
    requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    if (!cors(request, response)) answer(origin, answers, request, response, body);
  }, LONG_ADDRESSES);
  return {
    origin,
    answers,
    requests,
    /** The address whose `field` of `document` holds that value; without any, all is well. */
    at: (document, field, number) => `${origin}${document ? `/${document}/${field}/${number}` : PLAIN}/mcp`,
    close,
  };
}

function answer(origin, answers, request, response, body) {
  const { pathname, searchParams } = new URL(request.url, origin);
  const [, known, path] = /^\/\.well-known\/(oauth-protected-resource|oauth-authorization-server)(\/.*)$/.exec(pathname) ?? [];
  if (known) return write(response, 200, document(origin, known, path.replace(/\/mcp$/, "")));
  const [, base, part] = HERE.exec(pathname) ?? [];
  if (part === "mcp") return resource(origin, base, request, response, body);
  if (part === "authorize") return back(origin, answers, base, searchParams, response);
  if (part === "register") return write(response, 201, registration(base, body));
  if (part === "token") return token(answers, base, body, response);
  response.writeHead(part === "revoke" ? 200 : 404).end();
}

// The documents

function document(origin, known, base) {
  const issuer = origin + base;
  if (known === "oauth-protected-resource") {
    const list = { authorization_servers: [issuer], scopes_supported: ["harbour"] };
    return bent("resource", base, { resource: `${issuer}/mcp`, ...list });
  }
  const [authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint] = [
    "authorize",
    "token",
    "register",
    "revoke",
  ].map((it) => `${issuer}/${it}`);
  const endpoints = { authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint };
  const lists = { code_challenge_methods_supported: ["S256"], scopes_supported: ["harbour"] };
  return bent("issuer", base, { issuer, ...endpoints, ...lists, response_types_supported: ["code"] });
}

function registration(base, body) {
  return bent("registration", base, { ...JSON.parse(body), client_id: "client" });
}

/** The document as JSON, with the value in its field; in `everything`, each field that is shown holds all texts. */
function bent(name, base, document) {
  const [, which, field, number] = base.split("/");
  if (field === "everything") {
    for (const it of SHOWN[name] ?? []) document[it] = CHORUS;
    document[CHORUS] = CHORUS;
  }
  if (which !== name) return JSON.stringify(document);
  const [, value] = ALL[number];
  const [member, list] = field.split("*");
  document[member] = list === undefined ? "VALUE" : ["VALUE"];
  return JSON.stringify(document).replace('"VALUE"', () => value);
}

// The server

function resource(origin, base, request, response, body) {
  const message = parsed(body);
  if (request.headers.authorization) return write(response, 200, JSON.stringify(welcome(message ?? {})));
  const metadata = `resource_metadata="${origin}/.well-known/oauth-protected-resource${base}/mcp"`;
  const challenge = `Bearer ${challenged(base) ?? metadata}`;
  response.writeHead(401, { ...JSON_TYPE, "www-authenticate": challenge }).end(bodyOf401(base));
}

/** One of those that a header can carry. */
function challenged(base) {
  const [, which, field, number] = base.split("/");
  return which === "challenge" ? `${field}="${JSON.parse(ALL[number][1]).replace(/["\\]/g, "\\$&")}"` : undefined;
}

function bodyOf401(base) {
  return base.startsWith("/challenge/") ? `<script>alert("owned")</script>${CHORUS}` : "{}";
}

// The authorization server

function back(origin, answers, base, query, response) {
  const parameters = { code: "code", state: query.get("state") };
  const changed = answers.back?.(parameters) ?? parameters;
  const to = new URL(query.get("redirect_uri"));
  to.search = new URLSearchParams(changed).toString();
  response.writeHead(302, { location: to.href }).end();
}

function token(answers, base, body, response) {
  const refreshed = new URLSearchParams(body).get("grant_type") === "refresh_token";
  if (refreshed && answers.token) return write(response, answers.token.status, answers.token.text);
  const lives = { expires_in: 3600, scope: "harbour" };
  write(response, 200, bent("token", base, { access_token: "a-1", refresh_token: "r-1", token_type: "Bearer", ...lives }));
}

function write(response, status, text) {
  response.writeHead(status, { ...JSON_TYPE, "cache-control": "no-store" }).end(text);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
