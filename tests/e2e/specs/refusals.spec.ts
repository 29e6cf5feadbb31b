// Authorizations that end otherwise: the user says no, or a rule is broken. Each leaves its trace, and none leaves a token.
import type { Page } from "@playwright/test";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import type { Issuer, Start } from "../helpers/servers.ts";
import { allow, atLogin, deny, logIn, logInAndAllow } from "../helpers/person.ts";

const BEFORE_LEAVING = [
  "mcp-request",
  "unauthorized",
  "resource-metadata",
  "server-metadata",
  "registration",
  "pkce",
  "authorization-url",
  "authorize",
];

async function begin(
  app: Flowglass,
  start: Start,
  options?: Parameters<Start["issuer"]>[0],
  server?: Parameters<Start["mcp"]>[0],
) {
  const issuer = await start.issuer(options);
  const { url } = await start.mcp({ issuer, ...server });
  await app.open();
  await app.connect(url);
  return issuer;
}

function tokenRequests(issuer: Issuer) {
  return issuer.calls("/token").filter((it) => it.method === "POST");
}

test("a person who says no ends in access-denied, and the steps until then stay to be read", async ({
  app,
  page,
  start,
}) => {
  const issuer = await begin(app, start);
  await logIn(page);
  await deny(page);
  const problem = await app.fails("access-denied");
  await expect(problem).toContainText("access_denied");
  await expect(page).toHaveURL(app.home);
  await app.go("walkthrough");
  await app.steps(BEFORE_LEAVING, "done");
  for (const later of ["token-request", "token", "connected"]) {
    await expect(app.step(later)).not.toHaveAttribute("data-status", "done");
  }
  expect(tokenRequests(issuer)).toEqual([]);
});

test("a foreign state is refused, and the right callback still completes the flow", async ({ app, page, start }) => {
  const issuer = await begin(app, start);
  issuer.options.bend = (url) => url.searchParams.set("state", "of-somebody-else");
  await logInAndAllow(page);
  await app.refuses("state-mismatch");
  expect(tokenRequests(issuer)).toEqual([]);
  await page.goto(issuer.returns[0]);
  await app.is("connected");
  await expect(app.at("problem")).toHaveCount(0);
});

test("a missing state is refused", async ({ app, page, start }) => {
  const issuer = await begin(app, start);
  issuer.options.bend = (url) => url.searchParams.delete("state");
  await logInAndAllow(page);
  await app.refuses("state-mismatch");
  expect(tokenRequests(issuer)).toEqual([]);
});

for (const [what, bend, code] of [
  ["a foreign iss", (url: URL) => url.searchParams.set("iss", "https://evil.example"), "iss-mismatch"],
  ["a missing iss that was promised", (url: URL) => url.searchParams.delete("iss"), "iss-missing"],
  [
    "a foreign iss beside an error",
    (url: URL) =>
      (url.search = `?error=access_denied&error_description=Click+here&iss=https://evil.example&state=${url.searchParams.get("state")}`),
    "iss-mismatch",
  ],
] as const) {
  test(`${what} is refused, and the code goes nowhere`, async ({ app, page, start }) => {
    const issuer = await begin(app, start);
    issuer.options.bend = bend;
    await logInAndAllow(page);
    const problem = await app.refuses(code);
    await expect(problem).not.toContainText("Click here");
    await expect(page).toHaveURL(app.home);
    expect(tokenRequests(issuer)).toEqual([]);
  });
}

test("a callback that nobody asked for is refused", async ({ app, page, record }) => {
  await app.open("oauth/callback?code=x&state=y");
  await app.refuses("state-mismatch");
  expect(page.url()).not.toContain("code=");
  expect([...record.origins()]).toEqual([new URL(app.home).origin]);
});

test("hostile words in a callback are shown as words", async ({ app, page, start }) => {
  const issuer = await begin(app, start);
  const words = "<img src=x onerror=document.title='owned'>";
  issuer.options.bend = (url) => url.searchParams.has("error") && url.searchParams.set("error_description", words);
  await logIn(page);
  await deny(page);
  const problem = await app.fails("access-denied");
  await expect(problem).toContainText(words);
  await expect(problem.locator("img")).toHaveCount(0);
});

test("coming back by the Back button finds the flow waiting, and trying again completes it", async ({
  app,
  page,
  start,
}) => {
  const issuer = await begin(app, start);
  await atLogin(page, issuer.url);
  await page.goBack();
  await app.ready();
  await app.is("authorizing");
  await expect(app.at("flow-give-up")).toBeVisible();
  await app.at("flow-retry").click();
  await atLogin(page, issuer.url);
  await logInAndAllow(page);
  await app.is("connected");
  await expect(app.at("flow-retry")).toHaveCount(0);
});

test("coming back by the Back button, the flow can be given up", async ({ app, page, start }) => {
  const issuer = await begin(app, start);
  await atLogin(page, issuer.url);
  await page.goBack();
  await app.ready();
  await app.at("flow-give-up").click();
  await expect(app.html).toHaveAttribute("data-connection", /^(idle|failed)$/);
  await expect(app.at("flow-retry")).toHaveCount(0);
  await expect(app.at("connect")).toBeVisible();
  await page.reload();
  await app.ready();
  await expect(app.html).not.toHaveAttribute("data-connection", "authorizing");
});

test("a code that the authorization server refuses ends in token-refused", async ({ app, page, start }) => {
  const issuer = await begin(app, start);
  issuer.options.bend = (url) => url.searchParams.set("code", "never-given-out");
  await logInAndAllow(page);
  const problem = await app.fails("token-refused");
  await expect(problem).toContainText("invalid_grant");
  await app.go("walkthrough");
  await app.steps([...BEFORE_LEAVING, "callback"], "done");
});

for (const [error, error_description] of [
  ["invalid_redirect_uri", "no such harbour"],
  ["invalid_client_metadata", "a client needs a name"],
]) {
  test(`a registration that is refused with ${error} ends in registration-refused`, async ({ app, start }) => {
    await begin(app, start, { registration: { status: 400, body: { error, error_description } } });
    const problem = await app.fails("registration-refused");
    await expect(problem).toContainText(error);
    await expect(problem).toContainText(error_description);
    await app.go("walkthrough");
    await app.steps(["mcp-request", "unauthorized", "resource-metadata", "server-metadata"], "done");
    await app.steps(["registration"], "failed");
  });
}

test("a registration that no page may call ends in cors-blocked, at the authorization server's", async ({
  app,
  start,
}) => {
  await begin(app, start, { registration: "without-cors" });
  const problem = await app.fails("cors-blocked");
  await expect(problem).toContainText(/authorization server/i);
});

for (const [what, code, options, server] of [
  [
    "an authorization server that does not offer PKCE",
    "pkce-unsupported",
    { describe: without("code_challenge_methods_supported") },
    {},
  ],
  [
    "an authorization server that offers PKCE without S256",
    "pkce-unsupported",
    { describe: set("code_challenge_methods_supported", ["plain"]) },
    {},
  ],
  ["the metadata of another issuer", "issuer-mismatch", { describe: set("issuer", "https://evil.example") }, {}],
  [
    "an authorization address that is a script",
    "unsafe-url",
    { describe: set("authorization_endpoint", "javascript:alert(1)") },
    {},
  ],
  [
    "the metadata of another resource",
    "resource-mismatch",
    {},
    { describe: set("resource", "https://evil.example/mcp") },
  ],
] as const) {
  test(`${what} is refused before anybody logs in`, async ({ app, start, page }) => {
    const issuer = await begin(app, start, options, server);
    await app.refuses(code);
    await expect(page).toHaveURL(app.home);
    expect(issuer.calls("/auth")).toEqual([]);
  });
}

test("a server that refuses every token ends, after a few authorizations at most", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer, refuseAll: true });
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  const over = /^(refused|failed)$/;
  // Each further attempt asks for consent again; the login is remembered.
  for (let further = 0; further < 3 && !(await isOver(page, issuer.url)); further += 1) await allow(page);
  await expect(app.html).toHaveAttribute("data-connection", over);
  expect(issuer.calls("/auth").length).toBeLessThanOrEqual(3);
});

/** Either the page has ended the attempt, or the authorization server asks once more. */
async function isOver(page: Page, issuer: string): Promise<boolean> {
  const ended = page.locator("html[data-connection=refused], html[data-connection=failed]");
  const asked = page.getByRole("button", { name: "Allow" });
  await expect(ended.or(asked)).toBeAttached();
  return !page.url().startsWith(issuer);
}

type Document = Record<string, unknown>;

function set(name: string, value: unknown) {
  return (document: Document) => ({ ...document, [name]: value });
}

function without(name: string) {
  return ({ [name]: _, ...rest }: Document) => rest;
}
