// The check without logging in: a report of what a browser can see of a server, and nothing done to it. And why a step failed.
import { readFile } from "node:fs/promises";
import { check, is, line } from "../helpers/check.ts";
import { closedOrigin } from "../servers/listen.mjs";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";

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
  const passed = ["S-1", "S-3", "S-5", "S-7", "S-11", "S-17", "S-24", "S-28", "S-37", "S-39", "S-42"];
  for (const rule of passed) await is(app, rule, "pass");
  await is(app, "S-91", "not-tested");
  await is(app, "S-74", "unseen");
  await expect(line(app, "S-55")).toContainText("no client was registered");
  expect(record.to(`${issuer.url}/reg`)).toEqual([]);
  for (const { request } of record.to(`${issuer.url}/token`)) {
    expect(request.postData()).toContain("code=flowglass-audit-invalid");
  }
  const sent = record.fetched(app.home).map(({ request }) => request);
  for (const request of sent) {
    const token = request.headers().authorization;
    expect([undefined, "Bearer", "Bearer flowglass-audit-invalid"], request.url()).toContain(token);
    expect(request.postData() ?? "").not.toContain("tools/call");
  }
  // The check and at most 30 probes.
  expect(sent.filter((it) => it.method() !== "OPTIONS").length).toBeLessThan(40);
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
  expect(text).toContain("# Audit of ");
  expect(text).toContain("## Reachability and CORS");
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
  await expect(app.at("check-report")).toHaveAttribute("data-any-client", "not-tested");
  await expect(app.at("check-report")).toContainText("The server is open");
  await expect(line(app, "S-24")).toHaveCount(0);
  await expect(app.at("problem")).toHaveCount(0);
  // The session that was opened for it is closed again; the audit asks once for one that does not exist.
  const ended = () => server.requests.filter((it) => it.method === "DELETE").map((it) => it.headers["mcp-session-id"]);
  await expect.poll(() => ended().filter((it) => it !== "flowglass-audit-none").length).toBeGreaterThan(0);
});

test("a server without CORS fails the line, with what to change", async ({ app, start }) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await check(app, server.url);
  await app.is("failed");
  await is(app, "S-4", "fail");
  await expect(app.at("check-report")).toHaveAttribute("data-browser", "fail");
  await expect(app.page.locator('[data-testid="check-fix"]').first()).toContainText("Access-Control-Allow-Origin");
  await expect(app.at("problem")).toHaveAttribute("data-rule", "cors-absent");
});

test("a fault is named by its line, leads to its exchanges, and is gone in the comparison once it is fixed", async ({
  app,
  start,
  page,
}) => {
  const issuer = await start.issuer();
  const describe = (document: Record<string, unknown>) => ({ ...document, resource: `${document.resource}-other` });
  const broken = await start.mcp({ issuer, describe });
  await check(app, broken.url);
  await is(app, "S-28", "fail");
  await expect(app.at("check-report")).toHaveAttribute("data-any-client", "fail");
  const download = page.waitForEvent("download");
  await app.at("check-json").click();
  const file = await (await download).path();
  const saved = JSON.parse(await readFile(file, "utf8"));
  expect([saved.format, saved.version]).toEqual(["flowglass-audit", 1]);
  expect(saved.lines.find((it: { id: string }) => it.id === "S-28").verdict).toBe("fail");

  const right = await start.mcp({ issuer });
  await check(app, right.url);
  await app.at("check-compare").setInputFiles(file);
  await expect(line(app, "S-28")).toHaveAttribute("data-change", "fixed");
  await expect(line(app, "S-91")).toHaveAttribute("data-change", "same");
  await expect(app.at("check-compared")).toHaveAttribute("data-new", "0");
  expect(Number(await app.at("check-compared").getAttribute("data-fixed"))).toBeGreaterThan(0);

  await line(app, "S-28").locator("summary").click();
  await line(app, "S-28").getByRole("link", { name: /oauth-protected-resource/ }).click();
  await expect(page).toHaveURL(/\/wire\/\d+$/);
});

test("lines are filtered by verdict, severity and party", async ({ app, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  const all = await app.page.locator('[data-testid="check-item"]').count();
  expect(all).toBeGreaterThan(90);
  await app.at("check-verdict").selectOption("unseen");
  await expect(line(app, "S-74")).toBeVisible();
  await expect(line(app, "S-28")).toBeHidden();
  await app.at("check-party").selectOption("mcp-server");
  await expect(line(app, "S-74")).toBeHidden();
  await app.at("check-verdict").selectOption("");
  await app.at("check-severity").selectOption("browser");
  await expect(line(app, "S-5")).toBeVisible();
  await expect(line(app, "S-11")).toBeHidden();
  await expect(app.page.locator('[data-testid="check-item"]')).toHaveCount(all);
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
