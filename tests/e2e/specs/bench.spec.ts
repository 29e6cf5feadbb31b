// The token bench against a real authorization server: what a token says, what is refused, and what the tab knows.
import type { Locator } from "@playwright/test";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { allow, atLogin, logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";

/** A page that is connected by a token of an authorization server with refresh, revocation and introspection. */
async function atBench(app: Flowglass, start: Start) {
  const issuer = await start.issuer({ longLife: true });
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(app.page);
  await app.is("connected");
  await app.at("open-bench").click();
  await expect(app.at("token-bench")).toBeVisible();
  return { issuer, server };
}

function branch(app: Flowglass, kind: string): Locator {
  return app.at("negative-tests").locator(`[data-negative="${kind}"]`);
}

async function isRefused(app: Flowglass, kind: string, words: RegExp) {
  await expect(branch(app, kind)).toHaveAttribute("data-verdict", "pass");
  await expect(branch(app, kind)).toContainText(words);
}

/** The keys that the tab has written, and what they hold. */
function storage(app: Flowglass): Promise<[string[], string]> {
  return app.page.evaluate(() => [Object.keys(sessionStorage), Object.values(sessionStorage).join("\n")]);
}

test("the token is decoded and judged, and its signature is verified with the key of the issuer", async ({
  app,
  start,
  record,
}) => {
  const { issuer, server } = await atBench(app, start);
  await expect(app.at("token-decoded")).toContainText(issuer.url);
  await expect(app.at("token-decoded")).toContainText(server.url);
  await expect(app.at("token-checks").locator("li[data-verdict=pass]")).toHaveCount(9);
  await expect(app.at("token-checks").locator("li:not([data-verdict=pass])")).toHaveCount(0);
  await app.at("check-signature").click();
  await expect(app.at("signature-result").locator("li")).toHaveAttribute("data-verdict", "pass");
  await expect(app.at("signature-result")).toContainText("key tests");
  expect(record.to(`${issuer.url}/jwks`)).toHaveLength(1);
  const [token] = server.tokens;
  const signature = token.split(".")[2];
  expect(await app.page.content()).not.toContain(signature);
  await app.at("reveal-secrets").check();
  await expect(app.at("token-raw")).toHaveText(token);
});

test("what the authorization server does not introspect is said", async ({ app, start }) => {
  await atBench(app, start);
  await app.at("introspect-token").click();
  // This one answers for opaque tokens only.
  await expect(app.at("introspection-result")).toContainText("Introspection: 400");
  await expect(app.at("introspection-result").locator("li")).toHaveAttribute("data-verdict", "warn");
  await app.is("connected");
});

test("a call without a token and one with a damaged token are refused, and nothing else happens", async ({
  app,
  start,
}) => {
  const { issuer, server } = await atBench(app, start);
  await app.at("test-no-token").click();
  await isRefused(app, "no-token", /401, as expected/);
  await app.at("test-damaged-token").click();
  await isRefused(app, "damaged-token", /401, as expected/);
  await app.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(1);
  expect(server.requests.filter((it) => it.body?.id === "trial-1")).toHaveLength(2);
  await app.go("walkthrough");
  await expect(app.step("mcp-request-with-token").locator("[data-negative]")).toHaveCount(2);
  await app.steps(["mcp-request-with-token", "connected"], "done");
});

test("a refresh rotates, and the old refresh token is refused", async ({ app, start }) => {
  const { issuer } = await atBench(app, start);
  await expect(app.at("test-old-refresh-token")).toBeDisabled();
  await app.at("refresh-token").click();
  await expect(app.at("refresh-result").locator("li").first()).toHaveAttribute("data-verdict", "pass");
  await app.at("test-old-refresh-token").click();
  await isRefused(app, "old-refresh-token", /400 invalid_grant/);
  await app.is("connected");
  expect(issuer.calls("/token").filter((it) => it.method === "POST")).toHaveLength(3);
});

test("a code is refused the second time", async ({ app, start }) => {
  await atBench(app, start);
  await app.at("test-code-twice").click();
  await isRefused(app, "code-twice", /400 invalid_grant/);
  await app.is("connected");
});

for (const [kind, error] of [
  ["wrong-verifier", "invalid_grant"],
  ["other-redirect-uri", "invalid_grant"],
  ["wrong-resource", "invalid_target"],
]) {
  test(`${kind}: another login, a refusal, and the good connection is back`, async ({ app, page, start }) => {
    const { issuer, server } = await atBench(app, start);
    await expect(branch(app, kind)).toContainText("1 login");
    await app.at(`test-${kind}`).click();
    await atLogin(page, issuer.url);
    await allow(page);
    await app.is("connected");
    await expect(page).toHaveURL(/\/bench$/);
    await isRefused(app, kind, new RegExp(`400 ${error}`));
    expect(server.tokens.size).toBe(1);
    await app.go("walkthrough");
    await expect(app.step("token-request").locator(`[data-negative="${kind}"]`)).toHaveAttribute("data-verdict", "pass");
    await app.steps(["token-request", "token", "connected"], "done");
  });
}

test("a test that is given up at its login loses nothing", async ({ app, page, start }) => {
  const { issuer } = await atBench(app, start);
  await app.at("test-wrong-verifier").click();
  await atLogin(page, issuer.url);
  await page.goBack();
  await app.ready();
  await app.is("authorizing");
  await app.at("flow-give-up").click();
  await app.is("connected");
  await expect(branch(app, "wrong-verifier")).toHaveAttribute("data-verdict", "warn");
});

test("tokens are revoked, and what cannot be taken back is said", async ({ app, start }) => {
  const { issuer } = await atBench(app, start);
  await app.at("revoke-token").click();
  await expect(app.at("revoke-result")).toContainText("stays valid until it expires");
  await expect(app.at("revoke-result")).toContainText("deleted from this tab");
  await expect(app.at("token-raw")).toHaveCount(0);
  expect(issuer.calls("/token/revocation").filter((it) => it.method === "POST")).toHaveLength(2);
});

test("the ledger lists what was sent where, and everything is forgotten at one press", async ({ app, page, start }) => {
  const { issuer, server } = await atBench(app, start);
  const row = (kind: string) => app.at("secret-ledger").locator(`tr[data-kind="${kind}"]`);
  await expect(row("access-token")).toContainText(server.origin);
  await expect(row("access-token")).not.toContainText(issuer.url);
  await expect(row("code")).toContainText(`${issuer.url}, in 1 request`);
  await expect(row("verifier")).toContainText("used");
  await expect(row("refresh-token")).toContainText("nowhere");
  await expect(row("registration-token")).toContainText("never used");
  await app.at("forget-everything").click();
  await app.is("idle");
  await expect(app.at("secret-ledger").locator("tr")).toHaveCount(0);
  expect(await storage(app)).toEqual([[], ""]);
  await page.reload();
  await app.ready();
  await app.is("idle");
  expect(issuer.calls("/auth")).toHaveLength(1);
});

test("with tokens in memory only the storage holds none, and the login is survived", async ({ app, page, start }) => {
  const issuer = await start.issuer({ longLife: true });
  const server = await start.mcp({ issuer });
  await app.open();
  await app.reveal("memory-only");
  await app.at("memory-only").check();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.is("connected");
  const [token] = server.tokens;
  const [keys, values] = await storage(app);
  expect(keys.length).toBeGreaterThan(3);
  expect(values).not.toContain(token);
  await app.at("open-bench").click();
  await expect(app.at("secret-ledger").locator('tr[data-kind="access-token"]')).toContainText("memory");
  await expect(app.at("test-wrong-verifier")).toBeDisabled();
  await page.reload();
  await atLogin(page, issuer.url);
});

test("in a popup a test leaves the page where it is", async ({ app, page, start }) => {
  const issuer = await start.issuer({ longLife: true });
  const server = await start.mcp({ issuer });
  await app.open();
  const [first] = await Promise.all([
    page.waitForEvent("popup"),
    app.connect(server.url, { "redirect-mode": "popup" }),
  ]);
  await logInAndAllow(first);
  await app.is("connected");
  await app.at("open-bench").click();
  const [second] = await Promise.all([page.waitForEvent("popup"), app.at("test-wrong-verifier").click()]);
  await allow(second);
  await app.is("connected");
  await isRefused(app, "wrong-verifier", /400 invalid_grant/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the bench is wide enough on a telephone and can be read by everybody in ${colorScheme}`, async ({
    app,
    page,
    start,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 740 });
    await atBench(app, start);
    await app.at("check-signature").click();
    await app.at("introspect-token").click();
    await app.at("refresh-token").click();
    await expect(app.at("refresh-result")).toBeVisible();
    await app.at("test-no-token").click();
    await isRefused(app, "no-token", /401/);
    await fits(app, "the bench");
    await accessible(page, "the bench");
    await app.go("walkthrough");
    await fits(app, "a branch");
    await accessible(page, "a branch");
  });
}

test("a token that was given by hand is decoded and tried too", async ({ app, start }) => {
  const server = await start.mcp({ byHand: "opaque-token" });
  await app.open();
  await app.connect(server.url, { "bearer-token": "opaque-token" });
  await app.is("connected");
  await app.at("open-bench").click();
  await expect(app.at("token-bench")).toContainText("This token is opaque");
  expect(await app.page.content()).not.toContain("opaque-token");
  await app.at("test-damaged-token").click();
  await isRefused(app, "damaged-token", /401, as expected/);
  await app.at("check-signature").click();
  await expect(app.at("signature-result").locator("li")).toHaveAttribute("data-rule", "no-jwt");
});
