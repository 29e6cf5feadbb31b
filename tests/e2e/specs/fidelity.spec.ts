// What the wire page shows is what the browser sent, after flows of every kind: nothing is missing, nothing invented.
import { authorized } from "../helpers/authorized.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { ALL_ROWS, type Flowglass } from "../helpers/flowglass.ts";
import { allow, atLogin, deny, logIn } from "../helpers/person.ts";
import type { Recorded, WireRecord } from "../helpers/record.ts";
import type { Mcp, Start } from "../helpers/servers.ts";
import { closedOrigin } from "../servers/listen.mjs";

interface Stage {
  app: Flowglass;
  record: WireRecord;
  start: Start;
  everything: { url: string };
  everythingOverSse: { url: string };
}

async function connected({ app }: Stage, url: string, fields = {}) {
  await app.open();
  await app.connected(url, fields);
}

async function calls({ app }: Stage, tool: string, args = {}) {
  await app.tool(tool);
  await app.call(args);
}

async function fails({ app }: Stage, url: string, code: string | RegExp) {
  await app.open();
  await app.connect(url);
  await app.fails(code);
}

/** The browser's record may come after the page's: a document that is left takes what was not told yet with it. */
async function recorded({ app, record }: Stage) {
  await expect.poll(() => record.fetched(app.home).every((it) => it.status !== null)).toBe(true);
}

const FLOWS: Record<string, (stage: Stage) => Promise<void>> = {
  "Streamable HTTP, two calls and a disconnect": async (stage) => {
    await connected(stage, stage.everything.url);
    await calls(stage, "echo", { message: "for the record" });
    await stage.app.result("ok");
    await calls(stage, "get-sum", { a: "no number" });
    await stage.app.result("tool-error");
    await stage.app.go("connect");
    await stage.app.at("disconnect").click();
    await stage.app.is("idle");
  },
  "HTTP+SSE, a call and a disconnect": async (stage) => {
    await connected(stage, stage.everythingOverSse.url, { transport: "sse" });
    await calls(stage, "echo", { message: "for the record" });
    await stage.app.result("ok");
    await stage.app.go("connect");
    await stage.app.at("disconnect").click();
    await stage.app.is("idle");
  },
  "2026-07-28, a call that asks in between": async (stage) => {
    const server = await stage.start.modern();
    await connected(stage, server.url);
    await calls(stage, "ask-again");
    for (const _ of [1, 2]) {
      await stage.app.asked("elicitation");
      await stage.app.answers("accept");
    }
    await stage.app.result("ok");
  },
  "a call that is cancelled": async (stage) => {
    const server = await stage.start.mcp();
    await connected(stage, server.url);
    await calls(stage, "slow");
    await stage.app.result("pending");
    await expect.poll(() => server.calls("tools/call").length).toBe(1);
    await stage.app.at("cancel-call").click();
    await stage.app.result("cancelled");
  },
  "a session that is lost": async (stage) => {
    const server = await stage.start.mcp();
    await connected(stage, server.url);
    await stage.app.tool("echo");
    await stage.app.typeArguments(JSON.stringify({ message: "in a new session" }));
    // At once: a second later the page asks for its stream again, and what it gives up then, it has not seen the end of.
    server.forgetSessions();
    await stage.app.at("call-tool").click();
    await stage.app.result("ok");
  },
  "a server that ends in the middle of an answer": async (stage) => {
    const server = await stage.start.mcp();
    await connected(stage, server.url);
    await calls(stage, "vanish-in-answer");
    await stage.app.result("http-error");
    await calls(stage, "vanish");
    await stage.app.result("http-error");
  },
  "a reload of a connected tab": async (stage) => {
    await connected(stage, stage.everything.url);
    await stage.app.atRest();
    // This server asks for the roots a moment after the handshake. What is on its way at a reload may never be sent.
    await expect.poll(() => stage.record.responded("roots").map((it) => it.status)).toEqual(["202"]);
    await stage.app.page.reload();
    await stage.app.ready();
    await stage.app.is("connected");
  },
  "an authorization, refreshed, used and given back": async (stage) => {
    const { server } = await authorized(stage.app, stage.start, { issuer: { life: 600 } });
    await stage.app.at("refresh-token").click();
    await refreshedOrGivenBack(stage.app);
    await callsAfter401(stage, server);
    await stage.app.go("connect");
    await stage.app.at("revoke-token").click();
    await refreshedOrGivenBack(stage.app);
  },
  "an authorization with a step-up": async (stage) => {
    const wants = () => "mcp:write";
    const { issuer } = await authorized(stage.app, stage.start, { server: { wants } });
    await calls(stage, "echo", { message: "with more scopes" });
    await stage.app.asked("step-up");
    await stage.app.answers("accept");
    await atLogin(stage.app.page, issuer.url);
    await allow(stage.app.page);
    await stage.app.is("connected");
    await stage.app.result("ok");
  },
  "an authorization whose challenge is hidden": async ({ app, start }) => {
    await authorized(app, start, { server: { crossOrigin: { expose: ["Mcp-Session-Id"] } } });
  },
  "an authorization that is denied": async ({ app, start }) => {
    const server = await start.mcp({ issuer: await start.issuer() });
    await app.open();
    await app.connect(server.url);
    await logIn(app.page);
    await deny(app.page);
    await app.fails("access-denied");
  },
  "a registration that no page may call": async (stage) => {
    const issuer = await stage.start.issuer({ registration: "without-cors" });
    await fails(stage, (await stage.start.mcp({ issuer })).url, "cors-blocked");
  },
  "a server that no page may call": async (stage) => {
    await fails(stage, (await stage.start.mcp({ crossOrigin: { cors: false } })).url, "cors-blocked");
  },
  "a server that lets no header through": async (stage) => {
    await fails(stage, (await stage.start.mcp({ crossOrigin: { allow: ["accept"] } })).url, "cors-blocked");
  },
  "an address that nobody answers": async (stage) => {
    await fails(stage, `${await closedOrigin()}/mcp`, "unreachable");
  },
  "an address that redirects on its origin": async ({ app, start }) => {
    const server = await start.mcp();
    await app.open();
    await app.connect(`${server.url}/`);
    await expect(app.html).toHaveAttribute("data-connection", /^(connected|failed)$/);
  },
  "an address that redirects to another origin": async ({ app, start }) => {
    const broken = await start.broken({ elsewhere: (await start.mcp()).url });
    await app.open();
    await app.connect(broken.at("/elsewhere"));
    await expect(app.html).toHaveAttribute("data-connection", /^(connected|failed)$/);
  },
  "answers that are no answers": async (stage) => {
    const broken = await stage.start.broken();
    for (const path of ["/html", "/missing", "/crashed", "/json-cut-off", "/stream-empty"]) {
      await fails(stage, broken.at(path), /./);
      await recorded(stage);
    }
  },
};

for (const [name, flow] of Object.entries(FLOWS)) {
  test(`the wire page is true to ${name}`, async ({ app, page, start, record, everything, everythingOverSse }) => {
    await page.setViewportSize(ALL_ROWS);
    await flow({ app, record, start, everything, everythingOverSse });
    await app.atRest();
    await app.go("wire");
    const sent = async () => (await seen(record, app)).sort();
    expect((await sent()).length).toBeGreaterThan(0);
    // Both go on for a moment: what is compared is what they are at the same time.
    await expect(async () => expect(await app.wire()).toEqual(await sent())).toPass({ timeout: 10_000 });
  });
}

/** What the page sent, as far as a page can see it: a redirect that was followed is one request with the last status. */
async function seen(record: WireRecord, app: Flowglass): Promise<string[]> {
  const all = record.fetched(app.home);
  const first = all.filter((it) => it.request.redirectedFrom() === null);
  const last = (it: Recorded): Recorded => {
    const next = it.request.redirectedTo();
    const found = all.find(({ request }) => request === next);
    return found ? last(found) : it;
  };
  const lines = first.map(async (it) => [it.method, it.url, await statusSeen(last(it))].join(" "));
  return [...(await Promise.all(lines)), ...leavings(record, app)];
}

/**
 * Of a redirect that is not followed, and of an answer that was not asked for (`no-cors`: no `Origin`), a page sees
 * nothing. It does not learn either how a request ended that was on its way when it was left.
 */
async function statusSeen({ request, status }: Recorded) {
  if (status === "blocked" && request.failure()?.errorText === "net::ERR_ABORTED") return null;
  const headers = await request.allHeaders();
  const opaque = headers["sec-fetch-mode"] === "no-cors" || (request.method() === "GET" && !headers.origin);
  return opaque || /^3/.test(status ?? "") ? "blocked" : status;
}

/** The navigations that left this page for a login. */
function leavings(record: WireRecord, app: Flowglass): string[] {
  const left = record.to("http").filter((it) => it.request.isNavigationRequest() && !it.url.startsWith(app.home));
  return left.filter((it) => new URL(it.url).pathname === "/auth").map((it) => it.line);
}

async function refreshedOrGivenBack(app: Flowglass) {
  await app.atRest();
  await expect(app.at("problem")).toHaveCount(0);
}

async function callsAfter401(stage: Stage, server: Mcp) {
  await stage.app.tool("echo");
  server.forgetTokens();
  await stage.app.call({ message: "after a refresh" });
  await stage.app.result("ok");
}
