// The authorization server: `oidc-provider`, certified and unchanged, with open registration, resource indicators and PKCE.
// In front of it stand the login pages of login.mjs and the faults that a test asks for.
import { exportJWK, generateKeyPair } from "jose";
import { errors, Provider } from "oidc-provider";
import MemoryAdapter from "oidc-provider/lib/adapters/memory_adapter.js";
import { cors } from "./cors.mjs";
import { MORE_SCOPES, SCOPE } from "./guard.mjs";
import { bodyOf, json, listen } from "./listen.mjs";
import { loginPages } from "./login.mjs";

const TEN_MINUTES = 600;
const RFC_8414 = "/.well-known/oauth-authorization-server";
const REGISTRATION = "/reg";

/** One key serves every authorization server of a worker. */
const key = generateKeyPair("RS256", { extractable: true })
  .then(({ privateKey }) => exportJWK(privateKey))
  .then((it) => ({ ...it, alg: "RS256", use: "sig", kid: "tests" }));

/** What is lost at the end is meant to be: a name of our own says so, and the provider does not warn. */
class ForOneTest extends MemoryAdapter {}

/**
 * @typedef {{ method: string, path: string, query: URLSearchParams, headers: Record<string, string> }} Seen
 * @typedef {{
 *   port?: number,
 *   clients?: object[],
 *   rfc8414?: boolean,
 *   describe?: (document: Record<string, unknown>) => object,
 *   registration?: "without-cors" | { status: number, body: object },
 *   token?: "without-cors",
 *   cors?: boolean,
 *   bend?: (url: URL) => void,
 *   life?: number,
 *   refuseRefresh?: boolean,
 *   openerPolicy?: boolean,
 *   longLife?: boolean,
 *   documents?: (address: string) => Promise<Response>,
 * }} Options
 */

/**
 * Faults and variants, all of them optional, and open to change while the server runs:
 *
 * - `clients`: clients registered beforehand.
 * - `rfc8414: true`: answers at the RFC 8414 address too; by itself it knows only OpenID's, as older servers do.
 * - `describe(document)`: changes the metadata document.
 * - `registration`: `{ status, body }` in place of the registration, or `"without-cors"`.
 * - `token: "without-cors"`: no page may read the responses of the token endpoint.
 * - `cors: false`: no page may read any of its responses.
 * - `bend(url)`: changes the address that leads back to the client.
 * - `life`: how long an access token lives, in seconds; there is a refresh token then, a new one with each use.
 * - `refuseRefresh: true`: no refresh token is good any more.
 * - `openerPolicy`: its pages cut a popup off from the window that opened it.
 * - `longLife: true`: refresh tokens that rotate, revocation and introspection. Access tokens are JWTs in any case.
 * - `documents`: clients may be addresses of their metadata documents, which this fetches.
 *
 * @param {Options} options
 */
export async function startIssuer(options = {}) {
  const world = {
    options,
    requests: /** @type {Seen[]} */ ([]),
    returns: /** @type {string[]} */ ([]),
    tokens: /** @type {Record<string, string>[]} */ ([]),
    resources: new Set(),
  };
  const { origin, close } = await listen((request, response) => world.handle(request, response), {
    port: options.port,
  });
  const provider = await providerAt(origin, world);
  const pages = loginPages(provider);
  const rest = provider.callback();
  world.handle = (request, response) => front(world, request, response, pages, rest);
  return {
    url: origin,
    options,
    resources: world.resources,
    /** @param {string} path */
    calls: (path) => world.requests.filter((it) => it.path === path),
    /** The addresses that led back to the client, as the provider wrote them. */
    returns: world.returns,
    /** What its token endpoint answered with 200, in order. */
    tokens: world.tokens,
    close,
  };
}

async function providerAt(issuer, { options, resources }) {
  return new Provider(issuer, {
    adapter: ForOneTest,
    clients: options.clients ?? [],
    jwks: { keys: [await key] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    issueRefreshToken: (_, client) => Boolean(options.life || options.longLife) && client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: {
      ...Object.fromEntries(["Grant", "IdToken", "Interaction", "RefreshToken", "Session"].map((it) => [it, TEN_MINUTES])),
      AccessToken: options.life ?? TEN_MINUTES,
    },
    ...(options.documents ? { fetch: (address) => options.documents(String(address)) } : {}),
    features: {
      ...(options.documents ? { clientIdMetadataDocument: { enabled: true, ack: "draft-02" } } : {}),
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: Boolean(options.longLife || options.life), allowedPolicy: () => true },
      introspection: { enabled: options.longLife ?? false, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => resourceServer(resources, resource, options.life),
        useGrantedResource: () => true,
      },
    },
  });
}

function resourceServer(resources, resource, life = TEN_MINUTES) {
  if (!resources.has(resource)) throw new errors.InvalidTarget();
  return {
    scope: [SCOPE, ...MORE_SCOPES].join(" "),
    audience: resource,
    accessTokenTTL: life,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}

async function front(world, request, response, pages, rest) {
  if (world.options.cors === false) hideFromPages(response);
  const { pathname, searchParams } = new URL(request.url, "http://host");
  world.requests.push({ method: request.method, path: pathname, query: searchParams, headers: request.headers });
  if (pathname === RFC_8414 && !world.options.rfc8414) return response.writeHead(404).end("Not Found");
  if (pathname === REGISTRATION && register(world, request, response)) return;
  if (pathname.startsWith("/.well-known/") && world.options.describe) rewriteJson(response, world.options.describe);
  if (await refusesRefresh(world, request, response)) return;
  watchReturns(world, response);
  if (pathname === "/token") rewriteJson(response, (answer) => (world.tokens.push(answer), answer));
  if (pathname === "/token" && world.options.token) hideFromPages(response);
  if (world.options.openerPolicy) response.setHeader("cross-origin-opener-policy", "same-origin");
  if (!(await pages(request, response))) await rest(request, response);
}

/** The provider gives its registration no CORS headers: hosts that serve pages add them, as here. */
function register({ options }, request, response) {
  if (options.registration === "without-cors") return false;
  if (cors(request, response)) return true;
  if (options.registration) json(response, options.registration.status, options.registration.body);
  return Boolean(options.registration);
}

function hideFromPages(response) {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => (/^access-control-/i.test(name) ? response : setHeader(name, value));
}

/** The body is read here only where the provider is not to have it. */
async function refusesRefresh({ options }, request, response) {
  if (!options.refuseRefresh || request.method !== "POST" || request.url !== "/token") return false;
  const form = new URLSearchParams(await bodyOf(request));
  // The provider takes a body that was read already.
  request.body = Object.fromEntries(form);
  if (form.get("grant_type") !== "refresh_token") return false;
  cors(request, response);
  json(response, 400, { error: "invalid_grant", error_description: "the tide has turned" });
  return true;
}

/** Every way back to a client passes through one header. */
function watchReturns(world, response) {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    const back = /^location$/i.test(name) && /\/oauth\/callback\b/.test(value);
    if (back) world.returns.push(value);
    return setHeader(name, back ? bent(value, world.options.bend) : value);
  };
}

function bent(address, bend) {
  const url = new URL(address);
  bend?.(url);
  return url.href;
}

function rewriteJson(response, change) {
  const end = response.end.bind(response);
  response.end = (body, ...rest) => {
    if (response.statusCode !== 200) return end(body, ...rest);
    const changed = JSON.stringify(change(JSON.parse(body)));
    response.setHeader("content-length", Buffer.byteLength(changed));
    return end(changed, ...rest);
  };
}
