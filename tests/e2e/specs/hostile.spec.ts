// A hostile corpus (data/hostile.mjs) in every field that a server or a callback controls. Nothing of it runs, leads
// away, or stops the page: each attempt ends, and each page can be used after it.
import { ALL, AS_ADDRESS, IN_HEADER, numberOf, TEXTS } from "../data/hostile.mjs";
import { attempts, presses } from "../helpers/attempts.ts";
import { expect, test as base } from "../helpers/fixtures.ts";
import { ALL_ROWS, type Flowglass } from "../helpers/flowglass.ts";
import { Watch } from "../helpers/watch.ts";
import { ASKING, LONG, startHostileMcp } from "../servers/hostile-mcp.mjs";
import { startHostileOauth } from "../servers/hostile-oauth.mjs";

interface Hostile {
  oauth: Awaited<ReturnType<typeof startHostileOauth>>;
  mcp: Awaited<ReturnType<typeof startHostileMcp>>;
  watch: Watch;
}

const test = base.extend<Hostile>({
  oauth: async ({}, use) => {
    const server = await startHostileOauth();
    await use(server);
    await server.close();
  },
  mcp: async ({}, use) => {
    const server = await startHostileMcp();
    await use(server);
    await server.close();
  },
  watch: async ({ context, page, app, oauth, mcp }, use) => {
    void page;
    const watch = await Watch.over(context, [new URL(app.home).origin, oauth.origin, mcp.origin]);
    await use(watch);
    expect(watch.seen).toEqual([]);
  },
});

const ROUTES = ["connect", "walkthrough", "tools", "resources", "prompts", "wire"] as const;
const SHORT = TEXTS.filter(([, it]) => it.length < 2000);

/** So few to a test that it needs seconds, however busy the machine. The numbers of the first and the last are its name. */
function inParts<T>(all: readonly T[], size: number): { part: string; values: T[] }[] {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, at) => at * size);
  return starts.map((at) => ({ part: `${at + 1} to ${Math.min(at + size, all.length)}`, values: all.slice(at, at + size) }));
}

/** Every page can be opened by its link. */
async function opensEveryPage(app: Flowglass, watch: Watch, where: string) {
  for (const route of ROUTES) {
    await app.go(route);
    await watch.quiet(app.page, `${where}, ${route}`);
  }
  await app.go("connect");
}

async function tries(app: Flowglass, watch: Watch, server: string, where: string) {
  await attempts(app, server, where);
  await watch.quiet(app.page, where);
}

test("the corpus is large enough, and each of it is there once", () => {
  expect(ALL.length).toBeGreaterThanOrEqual(60);
  expect(new Set(ALL.map(([, it]) => it)).size).toBe(ALL.length);
});

// Documents. `*` marks a member that is a list. Before the login every value is tried ...

const EVERYTHING = ALL.map(([name]) => name);

for (const [document, field, names] of [
  ["challenge", "resource_metadata", IN_HEADER],
  ["resource", "resource", AS_ADDRESS],
  ["resource", "authorization_servers*", AS_ADDRESS],
  ["issuer", "issuer", AS_ADDRESS],
  ["issuer", "authorization_endpoint", EVERYTHING],
  ["issuer", "token_endpoint", AS_ADDRESS],
  ["issuer", "registration_endpoint", AS_ADDRESS],
  ["issuer", "revocation_endpoint", AS_ADDRESS],
] as const) {
  for (const { part, values } of inParts<string>(names, 10))
    test(`no value as ${field} of the ${document} leads anywhere, ${part}`, async ({ app, oauth, watch }) => {
      await app.open();
      for (const name of values) await tries(app, watch, oauth.at(document, field, numberOf(name)), name);
      await opensEveryPage(app, watch, "after all of them");
    });
}

// ... and what is only sent on or shown gets all of them at once, and what a text cannot say.

const SENT_ON = ["all of them", "half a pair", "a number beyond"];

for (const [document, fields] of Object.entries({
  resource: ["scopes_supported*", "scopes_supported"],
  issuer: ["scopes_supported*", "code_challenge_methods_supported*"],
  registration: ["client_id", "client_secret", "token_endpoint_auth_method", "redirect_uris*"],
  token: ["access_token", "refresh_token", "token_type", "scope", "expires_in"],
})) {
  for (const field of fields)
    test(`no value as ${field}, which is sent on, of the ${document} leads anywhere`, async ({ app, oauth, watch }) => {
      await app.open();
      for (const name of SENT_ON) await tries(app, watch, oauth.at(document, field, numberOf(name)), name);
      await opensEveryPage(app, watch, "after all of them");
    });
}

test("a scope, a client and a token of a megabyte end the attempt as well", async ({ app, oauth, watch }) => {
  await app.open();
  for (const [document, field] of [
    ["resource", "scopes_supported*"],
    ["registration", "client_id"],
    ["token", "access_token"],
  ])
    await tries(app, watch, oauth.at(document, field, numberOf("a megabyte")), `a megabyte as ${field}`);
});

test("members that are shown, or that nobody knows, may say anything: the flow goes on", async ({ app, oauth, watch }) => {
  await app.open();
  await app.connected(oauth.at("any", "everything", 0));
  await opensEveryPage(app, watch, "connected");
  await app.page.reload();
  await app.ready();
  await app.is("connected");
});

// Answers to a refresh

async function refreshes(app: Flowglass, oauth: Hostile["oauth"], status: number, text: string) {
  oauth.answers.token = { status, text };
  await presses(app, "refresh-token", text.slice(0, 200));
}

// Sixty texts and everything that is no text: each is pressed three times, and the rest are as some of these.
const TRIED = ALL.filter((_, at) => at < 60 || at >= TEXTS.length);

for (const { part, values } of inParts(TRIED, 10))
  test(`each value as an access token, or as its type, leaves a tab that can be used, ${part}`, async ({ app, oauth, watch }) => {
    await app.open();
    await app.connected(oauth.at("", "", 0));
    for (const [name, value] of values) {
      await refreshes(app, oauth, 200, `{"access_token":${value},"token_type":"Bearer"}`);
      await refreshes(app, oauth, 200, `{"access_token":"a-2","token_type":${value},"scope":${value},"expires_in":${value}}`);
      await refreshes(app, oauth, 200, value);
      await watch.quiet(app.page, name);
      await app.is("connected");
    }
    const headers = oauth.requests.map((it) => it.headers.authorization ?? "").filter((it) => /[^\x20-\x7e]/.test(it));
    expect(headers).toEqual([]);
    await opensEveryPage(app, watch, "after all of them");
  });

for (const { part, values } of inParts(ALL, 20))
  test(`each value as an error of the token endpoint is shown as words, ${part}`, async ({ app, oauth, watch }) => {
    await app.open();
    await app.connected(oauth.at("", "", 0));
    for (const [name, value] of values) {
      await refreshes(app, oauth, 400, `{"error":${value},"error_description":${value},"error_uri":${value}}`);
      await watch.quiet(app.page, name);
    }
    await app.problem(/^(token-refused|too-large)$/);
    oauth.answers.token = undefined;
    await app.at("revoke-token").click();
    await app.atRest();
    await opensEveryPage(app, watch, "after all of them");
  });

// Callbacks

const ERROR_WORDS = SHORT.map(([, it]) => it);
const HALVES = [0, 1].map((half) => ERROR_WORDS.filter((_, at) => at % 2 === half).join(" "));

for (const parameter of ["error", "error_description", "error_uri", "code", "iss", "state", "unknown"]) {
  test(`hostile words as ${parameter} of a callback end the attempt`, async ({ app, oauth, watch }) => {
    await app.open();
    for (const words of [...HALVES, "javascript:alert(1)//"]) {
      const error = parameter.startsWith("error") ? { error: "server_error" } : {};
      oauth.answers.back = (usual) => ({ ...usual, ...error, [parameter]: words });
      await tries(app, watch, oauth.at("", "", 0), parameter);
      expect(app.page.url()).toBe(app.home);
    }
    await opensEveryPage(app, watch, "after all of them");
  });
}

test("a callback that is not even text is refused", async ({ app, watch }) => {
  for (const query of ["state=%ff%fe&code=%00", "%", "&&==&=", "state[]=1&state[__proto__]=2", `error=${"%F0%9F".repeat(500)}`]) {
    await app.open(`oauth/callback?${query}`);
    await app.refuses("state-mismatch");
    await watch.quiet(app.page, query);
    expect(app.page.url()).toBe(app.home);
  }
});

test("a link may name anything: it fills the form, and nothing more", async ({ app, watch }) => {
  for (const words of [...HALVES, "javascript:alert(1)", "__proto__", ".."]) {
    const it = encodeURIComponent(words.toWellFormed());
    await app.open(`?server=${it}`);
    // A scheme that MCP servers do not have is refused with words, all else is for the form to judge.
    const filled = (await app.at("server-url").inputValue()) !== "";
    if (!filled) await expect(app.at("link-unused")).toHaveAttribute("data-name", "server");
    await app.at("connect").click();
    await watch.quiet(app.page, "a link");
    await app.is("idle");
  }
  for (const route of ["tools", "resources", "prompts", "walkthrough", "wire"])
    for (const words of [HALVES[0], ".."]) {
      await app.open(`${route}/${encodeURIComponent(words.toWellFormed())}`);
      await watch.quiet(app.page, route);
    }
});

// What a server says

for (const { part, values } of inParts([...ALL.entries()], 10))
  test(`each value as the name of a server is its name, and nothing more, ${part}`, async ({ app, mcp, watch }) => {
    await app.open();
    for (const [number, [name]] of values) await tries(app, watch, mcp.called(number), name);
    await opensEveryPage(app, watch, "after all of them");
    await app.page.reload();
    await app.ready();
    await app.is("connected");
  });

test("a server whose every word is hostile is listed", async ({ app, page, mcp, watch }) => {
  await page.setViewportSize(ALL_ROWS);
  await app.open();
  await app.connected(mcp.url);
  await app.atRest();
  await expect(app.at("server-name")).toContainText(ERROR_WORDS[0]);
  await opensEveryPage(app, watch, "connected");
  await app.go("tools");
  await expect(app.at("tool-item").first()).toBeVisible();
});

/** So many of each list are opened and used; all of them are listed. */
const OPENED = Array.from({ length: 60 }, (_, at) => at);

for (const [route, item, use, result] of [
  ["tools", "tool-item", "call-tool", "call-result"],
  ["resources", "resource-item", "read-resource", "resource-result"],
  ["prompts", "prompt-item", "get-prompt", "prompt-result"],
] as const) {
  for (const { part, values } of inParts(OPENED, 12))
    test(`each value among the ${route} can be opened and used, ${part}`, async ({ app, page, mcp, watch }) => {
      await page.setViewportSize(OPENED_ROWS);
      await app.open();
      await app.connected(mcp.url);
      await app.go(route);
      await app.atRest();
      for (const at of values) {
        const row = app.at(item).nth(at);
        const name = (await row.getAttribute(route === "resources" ? "data-uri" : "data-name")) ?? "";
        if (name in LONG || ASKING.includes(name)) continue;
        await row.click();
        await uses(app, use, result);
        await watch.quiet(page, name);
      }
    });
}

const OPENED_ROWS = { width: 1280, height: 4500 };

/** Presses the button, where what is open can be used. */
async function uses(app: Flowglass, use: string, result: string) {
  if (!(await app.at(use).isEnabled().catch(() => false))) return;
  await app.at(use).click();
  await app.atRest();
  if ((await app.at(result).count()) > 0) await expect(app.at(result)).not.toHaveAttribute("data-status", "pending");
}

test("texts of a megabyte are shown as far as they can be read", async ({ app, mcp, watch }) => {
  await app.open();
  await app.connected(mcp.url);
  for (const name of Object.keys(LONG)) {
    await app.tool(name);
    await app.call({});
    await app.result("ok");
    await watch.quiet(app.page, name);
    expect(await app.nodes()).toBeLessThan(20_000);
  }
});

test("what a server tells while it works is shown as words", async ({ app, mcp, watch }) => {
  await app.open();
  await app.connected(mcp.url);
  await app.tool("tell");
  await app.call({});
  await app.result("ok");
  await watch.quiet(app.page, "told");
  await opensEveryPage(app, watch, "told");
});

for (const [tool, kind] of [
  ["ask-form", "elicitation"],
  ["ask-page", "elicitation-url"],
  ["ask-model", "sampling"],
]) {
  for (const { part, values } of inParts([...SHORT.keys()], 8))
    test(`each question of ${tool} can be answered, and none is more than words, ${part}`, async ({ app, page, mcp, watch }) => {
      await app.open();
      await app.connected(mcp.url);
      await app.tool(tool);
      await app.call({ from: values[0], to: values[0] + values.length });
      for (let left = values.length; (await asks(app)) && left > 0; left -= 1) {
        await watch.quiet(page, `question ${values.length - left}`);
        await expect(app.at("request-dialog").locator("a")).toHaveCount(0);
        await app.answers(left % 3 ? "accept" : "decline");
        // Refused where it is typed, or not an address to open: then it is declined.
        await decline(app, left - 1, kind);
      }
      await app.result("ok");
      await watch.quiet(page, "afterwards");
    });
}

/** Whether a question is there, or the call is over. */
async function asks(app: Flowglass) {
  const dialog = app.at("request-dialog");
  await expect(dialog.or(app.page.locator('[data-testid="call-result"][data-status="ok"]')).first()).toBeVisible();
  return dialog.isVisible();
}

async function decline(app: Flowglass, left: number, kind: string) {
  const before = app.page.locator(`[data-testid="request-dialog"][data-queue="${left + 1}"][data-kind="${kind}"]`);
  if (await before.isVisible()) await app.answers("decline");
}
