// `@hono/mcp` with its own bearer check and metadata, and an authorization server elsewhere: set up with care, and as it
// is by default. Then its bearer check with one token, and nothing of OAuth.
import type { Flowglass } from "../../e2e/helpers/flowglass.ts";
import { logInAndAllow } from "../../e2e/helpers/person.ts";
import { startIssuer } from "../../e2e/servers/issuer.mjs";
import { expect, testsOf } from "../helpers.ts";
import { startHono } from "../servers/hono.mjs";

const TOKEN = "a-token-for-everybody";

async function guarded(options: { defaults?: boolean } = {}) {
  const issuer = await startIssuer();
  const server = await startHono({ issuer, ...options });
  return { ...server, close: async () => void (await Promise.all([server.close(), issuer.close()])) };
}

async function adds(app: Flowglass) {
  await app.is("connected");
  await app.tool("add");
  await app.call({ a: 2, b: 3 });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("5");
}

testsOf(guarded)("@hono/mcp: a login, and a call", async ({ app, page, server }) => {
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await adds(app);
});

// The default challenge names a place at the root where the default router, whose server has a path, serves nothing.
testsOf(() => guarded({ defaults: true }))("@hono/mcp by default: the metadata is found where RFC 9728 has it", async ({ app, page, server }) => {
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await adds(app);
});

testsOf(() => startHono({ token: TOKEN }))("@hono/mcp with one token: without it the missing metadata is named, with it there is no login", async ({ app, server }) => {
  await app.open();
  await app.connect(server.url);
  await expect(await app.fails("registration-refused")).toContainText("fixed token");
  await app.at("add-token").click();
  await expect(app.at("bearer-token")).toBeFocused();
  await app.connect(server.url, { "bearer-token": TOKEN });
  await adds(app);
});
