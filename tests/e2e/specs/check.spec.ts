// The check without logging in: a report of what a browser can see of a server, and nothing done to it. And why a step failed.
import { closedOrigin } from "../servers/listen.mjs";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";

async function check(app: Flowglass, server: string, fields: Record<string, string> = {}) {
  await app.open();
  await app.fill({ "server-url": server, ...fields });
  await app.at("check-server").click();
  await expect(app.page).toHaveURL(`${app.home}check`);
  await expect(app.at("check-report")).toHaveAttribute("data-status", "done");
  await app.atRest();
}

const section = (app: Flowglass, name: string) => app.page.locator(`[data-testid="check-section"][data-name="${name}"]`);
const finding = (app: Flowglass, rule: string) => app.page.locator(`[data-testid="finding"][data-rule="${rule}"]`);

test("a guarded server is read up to its ways to register, and nobody is registered or sent away", async ({
  app,
  start,
  record,
}) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url, { "bearer-token": "secret-of-mine" });
  await app.is("idle");
  for (const name of ["reachability", "cors", "challenge", "resource-metadata", "server-metadata", "pkce", "registration"]) {
    await expect(section(app, name), name).toBeVisible();
  }
  await expect(section(app, "cors")).toContainText("Access-Control-Expose-Headers: contains WWW-Authenticate");
  await expect(section(app, "registration")).toContainText("no client was registered");
  expect(record.to(`${issuer.url}/reg`)).toEqual([]);
  expect(record.to(`${issuer.url}/token`)).toEqual([]);
  expect(record.to(`${issuer.url}/auth`)).toEqual([]);
  for (const { request } of record.fetched(app.home)) {
    expect(request.headers().authorization, request.url()).toBeUndefined();
  }
  await expect(app.at("problem")).toHaveCount(0);
});

test("the report is copied as Markdown, checked again, and leads to the steps", async ({ app, context, start }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await app.at("check-copy").locator("button").click();
  await expect(app.at("check-copy")).toContainText("Copied");
  const text = await app.page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("# Check of ");
  expect(text).toContain("## CORS headers");
  await app.at("check-again").click();
  await expect(app.at("check-report")).toHaveAttribute("data-status", "done");
  await app.go("walkthrough");
  await app.steps(["mcp-request", "unauthorized", "resource-metadata", "server-metadata", "registration"], "done");
  await app.steps(["pkce", "authorize", "token-request", "connected"], "pending");
});

test("a server without authorization is a good outcome", async ({ app, start }) => {
  const server = await start.mcp();
  await check(app, server.url);
  await app.is("idle");
  await expect(section(app, "reachability")).toContainText("responds without a token");
  await expect(app.at("problem")).toHaveCount(0);
  // The session that was opened for it is closed again.
  await expect.poll(() => server.requests.filter((it) => it.method === "DELETE").length).toBe(1);
});

test("a server without CORS is told line by line, with what to change", async ({ app, start }) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await check(app, server.url);
  await app.is("failed");
  await expect(section(app, "cors")).toContainText("Access-Control-Allow-Origin: missing");
  await expect(app.at("problem")).toHaveAttribute("data-rule", "cors-absent");
});

test("a header that is not allowed is named by its rule, in the notice and at the step", async ({ app, start }) => {
  const allow = ["authorization", "content-type", "accept", "mcp-session-id"];
  const server = await start.mcp({ crossOrigin: { allow } });
  await app.open();
  await app.connect(server.url);
  const problem = await app.fails("cors-blocked");
  await expect(problem).toHaveAttribute("data-rule", "preflight-lacks-header");
  await app.go("walkthrough");
  await expect(app.page.locator('[data-testid="flow-step"][data-rule~="preflight-lacks-header"]')).toHaveCount(1);
  // The card has it.
  await expect(finding(app, "preflight-lacks-header")).toHaveCount(0);
  await expect(problem).toContainText("Access-Control-Allow-Headers");
});

test("a port where nothing listens is named", async ({ app }) => {
  await app.open();
  await app.connect(`${await closedOrigin()}/mcp`);
  await app.fails("unreachable");
  await expect(app.at("problem")).toHaveAttribute("data-rule", "server-not-running");
});

test("a resource that names another path is named", async ({ app, start }) => {
  const issuer = await start.issuer();
  const describe = (document: Record<string, unknown>) => ({ ...document, resource: `${document.resource}-other` });
  const server = await start.mcp({ issuer, describe });
  await app.open();
  await app.connect(server.url);
  const problem = await app.refuses("resource-mismatch");
  await expect(problem).toHaveAttribute("data-rule", "resource-other-path");
});
