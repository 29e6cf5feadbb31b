// The whole authorization in one window: a guarded server, and a real authorization server on another origin.
import type { Locator } from "@playwright/test";
import { authorized } from "../helpers/authorized.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { ALL_ROWS, STEPS } from "../helpers/flowglass.ts";
import { allow, atLogin, logInAndAllow } from "../helpers/person.ts";

test("connecting leads through login and consent back to the route it left, and to the tools", async ({
  app,
  page,
  start,
  record,
}) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await atLogin(page, issuer.url);
  await logInAndAllow(page);
  await app.is("connected");
  await expect(page).toHaveURL(app.home);
  await expect(app.at("server-name")).toContainText("harbour");
  await app.tool("whoami");
  await app.call({});
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("mcp:tools");
  expect([...record.origins()].sort()).toEqual([new URL(app.home).origin, server.origin, issuer.url].sort());
});

test("the walkthrough shows all twelve steps done, with the exchanges that were on the wire", async ({
  app,
  start,
}) => {
  await authorized(app, start);
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  await expect(app.at("flow").locator("> [data-testid=flow-step]")).toHaveCount(STEPS.length);
  const exchange = (step: string) => app.step(step).locator("[data-testid=flow-exchange]");
  await expect(exchange("mcp-request").or(exchange("unauthorized")).first()).toHaveAttribute("data-http-status", "401");
  await expect(exchange("resource-metadata").first()).toHaveAttribute("data-url", /oauth-protected-resource\/mcp$/);
  // The server knows OpenID's address only, and says so in a way that no page may read.
  await expect(exchange("server-metadata").first()).toHaveAttribute("data-http-status", "blocked");
  await expect(exchange("server-metadata").last()).toHaveAttribute("data-url", /openid-configuration$/);
  await expect(exchange("registration").last()).toHaveAttribute("data-http-status", "201");
  await expect(exchange("token-request").or(exchange("token")).first()).toHaveAttribute("data-method", "POST");
  await expect(app.page.locator('[data-testid="flow-step"][data-verdict="fail"]')).toHaveCount(0);
});

test("every request of an authorization is on the wire page, the leaving for the login too", async ({
  app,
  page,
  start,
  record,
}) => {
  await page.setViewportSize(ALL_ROWS);
  const { issuer } = await authorized(app, start, { issuer: { rfc8414: true } });
  await app.atRest();
  await app.go("wire");
  const [leaving] = record.to(`${issuer.url}/auth?`);
  const sent = [...record.fetched(app.home), leaving].map((it) => it.line);
  await expect.poll(() => app.wire()).toEqual(sent.sort());
});

test("the requests carry what the specification asks for", async ({ app, start, record }) => {
  const { issuer, server } = await authorized(app, start);
  const [{ query }] = issuer.calls("/auth");
  expect(Object.fromEntries(query)).toMatchObject({
    response_type: "code",
    code_challenge_method: "S256",
    resource: server.url,
    // The authorization server offers the second, and a refresh token is wanted.
    scope: "mcp:tools offline_access",
  });
  expect(query.get("state")).toMatch(/.{16,}/);
  const [token] = record.to(`${issuer.url}/token`);
  const form = new URLSearchParams(token.request.postData() ?? "");
  expect(form.get("resource")).toBe(server.url);
  expect(form.get("code_verifier")).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
  const [registration] = record.to(`${issuer.url}/reg`);
  expect(registration.request.postDataJSON()).toMatchObject({
    token_endpoint_auth_method: "none",
    application_type: "native",
    redirect_uris: [`${app.home}oauth/callback/`],
  });
  const toIssuer = record.to(issuer.url).filter((it) => it.request.resourceType() === "fetch");
  for (const { request } of toIssuer) expect(request.headers().authorization).toBeUndefined();
});

test("tokens live in sessionStorage alone, and the code is gone from the address", async ({ app, page, start }) => {
  const { server } = await authorized(app, start);
  const [token] = server.tokens;
  const kept = await page.evaluate(async () => ({
    session: JSON.stringify(sessionStorage),
    local: JSON.stringify(localStorage),
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    address: location.href,
  }));
  expect(kept.session).toContain(token);
  expect(kept.local).not.toContain(token);
  expect(kept).toMatchObject({ cookie: "", databases: 0, caches: 0, address: app.home });
});

test("a reload stays authorized, without another login", async ({ app, page, start }) => {
  const { issuer } = await authorized(app, start);
  await page.reload();
  await app.ready();
  await app.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(1);
  expect(issuer.calls("/token").filter((it) => it.method === "POST")).toHaveLength(1);
});

test("a challenge that the browser hides is no obstacle: the well-known addresses are asked", async ({
  app,
  start,
}) => {
  await authorized(app, start, { server: { crossOrigin: { expose: ["Mcp-Session-Id"] } } });
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  await expect(app.step("resource-metadata").locator("[data-testid=flow-exchange]").first()).toHaveAttribute(
    "data-url",
    /\/\.well-known\/oauth-protected-resource\/mcp$/,
  );
});

test("an authorization server that answers at the RFC 8414 address is asked no further", async ({
  app,
  start,
  record,
}) => {
  const { issuer } = await authorized(app, start, { issuer: { rfc8414: true } });
  expect(record.to(`${issuer.url}/.well-known/`).map((it) => it.url)).toEqual([
    `${issuer.url}/.well-known/oauth-authorization-server`,
  ]);
});

test("a client id given by hand is used as it is, and nothing is registered", async ({ app, start }) => {
  const client = {
    client_id: "by-hand",
    redirect_uris: [`${app.home}oauth/callback/`],
    token_endpoint_auth_method: "none",
    application_type: "native",
  };
  const fields = { registration: "pre-registered", "client-id": "by-hand" };
  const { issuer } = await authorized(app, start, { issuer: { clients: [client] }, fields });
  expect(issuer.calls("/reg")).toEqual([]);
  expect(issuer.calls("/auth")[0].query.get("client_id")).toBe("by-hand");
  await app.go("walkthrough");
  await app.steps(["authorize", "callback", "token", "connected"], "done");
});

test("a scope and further parameters that were typed go out with the authorization request", async ({ app, start }) => {
  const fields = { scope: "mcp:tools openid", "extra-params": "login_hint=ada\nui_locales=en" };
  const { issuer } = await authorized(app, start, { fields });
  const { query } = issuer.calls("/auth")[0];
  expect(Object.fromEntries(query)).toMatchObject({ scope: "mcp:tools openid", login_hint: "ada", ui_locales: "en" });
});

test("a token that is refused in the middle of a session starts one authorization, and the call runs again by itself", async ({
  app,
  page,
  start,
}) => {
  const { issuer, server } = await authorized(app, start);
  await app.tool("echo");
  server.forgetTokens();
  await app.call({ message: "carried over" });
  await atLogin(page, issuer.url);
  await allow(page);
  await app.is("connected");
  await expect(page).toHaveURL(/\/tools\/echo(\?.*)?$/);
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("Echo: carried over");
  expect(issuer.calls("/auth")).toHaveLength(2);
});

test("secrets are masked until they are revealed", async ({ app, page, start }) => {
  const { server } = await authorized(app, start);
  await app.go("walkthrough");
  const [token] = server.tokens;
  const holdsToken = () => page.evaluate((it) => document.documentElement.outerHTML.includes(it), token);
  await expect(app.at("reveal-secrets")).not.toBeChecked();
  expect(await holdsToken()).toBe(false);
  await app.at("reveal-secrets").check();
  // Whatever is folded is unfolded: the token stands in the answer of its step, or in the request that carried it.
  for (const step of ["token", "token-request", "mcp-request-with-token"]) await unfold(app.step(step));
  await expect.poll(holdsToken).toBe(true);
  await app.at("reveal-secrets").uncheck();
  await expect.poll(holdsToken).toBe(false);
});

/** Whatever way the page has to show the inside of a step: it is pressed, and what is folded is unfolded. */
async function unfold(step: Locator) {
  await step.click();
  const folded = step.page().locator("main details:not([open]) > summary:visible");
  while ((await folded.count()) > 0) await folded.first().click();
}
