// What becomes of a token, and of a flow that does not go straight: refresh, revocation, more scopes, secrets, several
// tabs, and the user who reloads, goes back, or comes twice.
import type { Page } from "@playwright/test";
import { authorized } from "../helpers/authorized.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { allow, atLogin, logIn, logInAndAllow } from "../helpers/person.ts";
import type { WireRecord } from "../helpers/record.ts";
import type { Issuer } from "../helpers/servers.ts";

/** The forms that were posted to the token endpoint. */
function forms(record: WireRecord, issuer: Issuer) {
  const posts = record.to(`${issuer.url}/token`).filter((it) => it.method === "POST" && it.url.endsWith("/token"));
  return posts.map((it) => Object.fromEntries(new URLSearchParams(it.request.postData() ?? "")));
}

async function calls(app: Flowglass, message: string) {
  await app.tool("echo");
  await app.call({ message });
}

async function echoed(app: Flowglass, message: string) {
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText(`Echo: ${message}`);
}

// Refresh

test("a token that expired is refreshed by itself, and the call goes on", async ({ app, page, start, record }) => {
  const life = 3;
  const { issuer } = await authorized(app, start, { issuer: { life } });
  const expired = Date.now() + life * 1000;
  await app.tool("echo");
  await page.waitForFunction((time) => Date.now() > time, expired);
  await app.call({ message: "after the expiry" });
  await echoed(app, "after the expiry");
  await app.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(1);
  expect(forms(record, issuer).map((it) => it.grant_type)).toEqual(["authorization_code", "refresh_token"]);
  await app.go("walkthrough");
  await app.steps(["refresh"], "done");
});

test("each refresh uses the token that the last one brought", async ({ app, start, record }) => {
  const { issuer, server } = await authorized(app, start, { issuer: { life: 600 } });
  for (const time of [1, 2, 3]) {
    await app.at("refresh-token").click();
    await expect.poll(() => forms(record, issuer).length).toBe(1 + time);
    await app.atRest();
  }
  const used = forms(record, issuer).flatMap((it) => it.refresh_token ?? []);
  expect(new Set(used).size).toBe(3);
  for (const it of forms(record, issuer)) expect(it.resource).toBe(server.url);
  await expect(app.at("problem")).toHaveCount(0);
  await calls(app, "with the fourth");
  await echoed(app, "with the fourth");
});

test("a refresh that is refused leads to the login, and the call goes on after it", async ({ app, page, start }) => {
  const { issuer, server } = await authorized(app, start, { issuer: { life: 600 } });
  await app.tool("echo");
  server.forgetTokens();
  issuer.options.refuseRefresh = true;
  await app.call({ message: "after another login" });
  await atLogin(page, issuer.url);
  await allow(page);
  await app.is("connected");
  await echoed(app, "after another login");
  expect(issuer.calls("/auth")).toHaveLength(2);
});

test("a refresh by the button that is refused is a problem, and the tab stays connected", async ({ app, start }) => {
  const { issuer } = await authorized(app, start, { issuer: { life: 600 } });
  issuer.options.refuseRefresh = true;
  await app.at("refresh-token").click();
  await expect(await app.problem("token-refused")).toContainText("invalid_grant");
  await app.is("connected");
});

// Revocation

test("tokens that were given back are forgotten: the next page asks for a login", async ({ app, page, start, record }) => {
  const { issuer } = await authorized(app, start, { issuer: { life: 600 } });
  await app.at("revoke-token").click();
  await app.atRest();
  const given = record.to(`${issuer.url}/token/revocation`).filter((it) => it.method === "POST");
  // An access token that is a JWT cannot be taken back (RFC 7009, unsupported_token_type).
  expect(given.map((it) => it.status).sort()).toEqual(["200", "400"]);
  await app.go("walkthrough");
  await app.steps(["revoke"], "done");
  await page.reload();
  await atLogin(page, issuer.url);
});

// Clients with a secret

for (const [method, header] of [
  ["client_secret_basic", true],
  ["client_secret_post", false],
] as const) {
  test(`a secret given by hand goes out as ${method}`, async ({ app, start, record }) => {
    const secret = "s3cret: with/odd+characters%";
    const client = {
      client_id: "by hand",
      client_secret: secret,
      redirect_uris: [`${app.home}oauth/callback/`],
      token_endpoint_auth_method: method,
      application_type: "native",
    };
    const only = (document: object) => ({ ...document, token_endpoint_auth_methods_supported: [method] });
    const fields = { registration: "pre-registered", "client-id": "by hand", "client-secret": secret };
    const { issuer } = await authorized(app, start, { issuer: { clients: [client], describe: only }, fields });
    const [post] = record.to(`${issuer.url}/token`).filter((it) => it.method === "POST");
    const sent = await post.request.headerValue("authorization");
    const [form] = forms(record, issuer);
    expect([sent !== null, "client_secret" in form]).toEqual([header, !header]);
    await calls(app, "with a secret");
    await echoed(app, "with a secret");
    const kept = await app.page.evaluate(() => JSON.stringify(localStorage) + location.href);
    expect(kept).not.toContain("s3cret");
  });
}

// More scopes

const WANTS = (tool: string) => (tool === "echo" ? "mcp:write" : undefined);

test("a call that needs more scopes asks, and runs again by itself after the login", async ({ app, page, start }) => {
  const { issuer } = await authorized(app, start, { server: { wants: WANTS } });
  await calls(app, "with more scopes");
  const dialog = await app.asked("step-up");
  await expect(dialog).toContainText("mcp:write");
  await expect(dialog).toContainText("mcp:tools");
  await app.result("needs-input");
  await app.answers("accept");
  await atLogin(page, issuer.url);
  await allow(page);
  await app.is("connected");
  await expect(page).toHaveURL(/\/tools\/echo(\?.*)?$/);
  await echoed(app, "with more scopes");
  const [first, second] = issuer.calls("/auth").map(({ query }) => query.get("scope")?.split(" ") ?? []);
  expect(first).not.toContain("mcp:write");
  expect(second).toEqual(expect.arrayContaining([...first, "mcp:write"]));
  await app.go("walkthrough");
  await app.steps(["step-up"], "done");
});

for (const how of ["decline", "cancel"] as const) {
  test(`a step-up to which a person says ${how} leaves the call cancelled and the tab connected`, async ({ app, start }) => {
    const { issuer } = await authorized(app, start, { server: { wants: WANTS } });
    await calls(app, "not sent again");
    await app.asked("step-up");
    await app.answers(how);
    await app.result("cancelled");
    await app.is("connected");
    await expect(app.at("problem")).toHaveCount(0);
    expect(issuer.calls("/auth")).toHaveLength(1);
    await app.tool("whoami");
    await app.call({});
    await app.result("ok");
  });
}

test("a server that always wants one more scope is refused after three authorizations", async ({ app, page, start }) => {
  const more = ["mcp:one", "mcp:two", "mcp:three"];
  const wants = (_: string, held: string[]) => more.find((it) => !held.includes(it));
  const { issuer } = await authorized(app, start, { server: { wants } });
  await calls(app, "never enough");
  for (const _ of [1, 2]) {
    await app.asked("step-up");
    await app.answers("accept");
    await atLogin(page, issuer.url);
    await allow(page);
  }
  await app.refuses("scope-limit");
  expect(issuer.calls("/auth")).toHaveLength(3);
});

test("a scope that is held already is not asked for again", async ({ app, page, start }) => {
  // The server wants what it does not recognize in the token.
  const { issuer } = await authorized(app, start, { server: { wants: () => "mcp:write" }, fields: { scope: "mcp:tools" } });
  await calls(app, "never recognized");
  await app.asked("step-up");
  await app.answers("accept");
  await atLogin(page, issuer.url);
  await allow(page);
  await echoed(app, "never recognized");
});

// Several tabs

test("two tabs, two servers, two accounts: neither disturbs the other", async ({ app, page, context, start, site }) => {
  const [one, two] = [await start.issuer(), await start.issuer()];
  const [here, there] = [await start.mcp({ issuer: one }), await start.mcp({ issuer: two })];
  const other = new Flowglass(await context.newPage(), site.url);
  await app.open();
  await app.connect(here.url);
  await atLogin(page, one.url);
  await other.open();
  await other.connect(there.url);
  await atLogin(other.page, two.url);
  await logInAndAllow(page);
  await app.is("connected");
  await logIn(other.page, "Grace");
  await allow(other.page);
  await other.is("connected");
  for (const [tab, server] of [
    [app, here],
    [other, there],
  ] as const) {
    await tab.page.reload();
    await tab.ready();
    await tab.is("connected");
    await calls(tab, "mine");
    await echoed(tab, "mine");
    expect(server.tokens.size).toBe(1);
  }
  expect([...here.tokens][0]).not.toBe([...there.tokens][0]);
});

test("a callback in another tab is not that tab's, and the right one still completes the flow", async ({
  app,
  page,
  context,
  start,
  site,
}) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await atLogin(page, issuer.url);
  const other = new Flowglass(await context.newPage(), site.url);
  await other.open("oauth/callback?code=stolen&state=guessed");
  await other.refuses("state-mismatch");
  await logInAndAllow(page);
  await app.is("connected");
});

// Not straight on

test("a reload of the login, and of the page after Back, keeps the flow", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await atLogin(page, issuer.url);
  await page.reload();
  await atLogin(page, issuer.url);
  await page.goBack();
  await app.ready();
  await app.is("authorizing");
  await page.reload();
  await app.ready();
  await app.is("authorizing");
  await expect(app.at("flow-retry")).toBeVisible();
  await page.goForward();
  await atLogin(page, issuer.url);
  await logInAndAllow(page);
  await app.is("connected");
});

test("Back in the middle of the login, and on again, completes the flow", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await logIn(page);
  await page.getByRole("button", { name: "Allow" }).waitFor();
  await leaveBack(page, app.home);
  await app.ready();
  await app.is("authorizing");
  await app.at("flow-retry").click();
  await allow(page);
  await app.is("connected");
});

test("Back after the login does not use the callback again", async ({ app, page, start }) => {
  const { issuer } = await authorized(app, start);
  await page.goBack();
  await page.waitForLoadState();
  if (page.url().startsWith(app.home)) {
    await app.ready();
    await app.is("connected");
  }
  const posts = issuer.calls("/token").filter((it) => it.method === "POST");
  expect(posts).toHaveLength(1);
});

test("a callback that comes twice is refused, and what the first brought is kept", async ({ app, page, start }) => {
  const { issuer } = await authorized(app, start);
  await page.goto(issuer.returns[0]);
  await app.refuses("state-mismatch");
  expect(page.url()).toBe(app.home);
  await page.reload();
  await app.ready();
  await app.is("connected");
  await calls(app, "still here");
  await echoed(app, "still here");
  expect(issuer.calls("/auth")).toHaveLength(1);
  expect(issuer.calls("/token").filter((it) => it.method === "POST")).toHaveLength(1);
});

/** Back until the page of the app is there. */
async function leaveBack(page: Page, home: string) {
  for (let step = 0; step < 4 && !page.url().startsWith(home); step += 1) await page.goBack();
}
