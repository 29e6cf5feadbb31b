// What the walkthrough teaches: where it opens, what each step says, and why a step was not needed.
import { authorized } from "../helpers/authorized.ts";
import { accessible } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { STEPS } from "../helpers/flowglass.ts";

test("after a success it opens at step 1, then where it was left, and a step in the route wins", async ({ app, page, start }) => {
  await authorized(app, start);
  await app.go("walkthrough");
  await expect(app.step("mcp-request").locator("[aria-current=step]")).toHaveCount(1);
  await app.step("token").click();
  await expect(app.step("token").locator("[aria-current=step]")).toHaveCount(1);
  await app.go("tools");
  await app.go("walkthrough");
  await expect(app.step("token").locator("[aria-current=step]")).toHaveCount(1);
  await app.open("walkthrough/callback");
  await expect(app.step("callback").locator("[aria-current=step]")).toHaveCount(1);
  await expect(page.locator(".flow [aria-current=step]")).toHaveCount(1);
});

test("after a failure it opens at the step that failed", async ({ app, start }) => {
  const issuer = await start.issuer({ registration: { status: 400, body: { error: "invalid_redirect_uri" } } });
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await app.fails("registration-refused");
  await app.go("walkthrough");
  await expect(app.step("registration").locator("[aria-current=step]")).toHaveCount(1);
});

test("each step says what happens, why, and what would break without it, and a response comes first", async ({ app, page, start }) => {
  await authorized(app, start);
  await app.go("walkthrough");
  for (const step of STEPS) {
    await app.step(step).click();
    for (const part of ["step-what", "step-why"]) await expect(app.at(part), step).not.toBeEmpty();
    await expect(app.at("step-without"), step).toContainText("Without");
    await expect(app.step(step).locator(".word")).not.toBeEmpty();
  }
  for (const step of ["unauthorized", "token"]) {
    await app.step(step).click();
    const blocks = page.locator("#step pre.wire");
    await expect(blocks.first()).toHaveAccessibleName("Response");
    await expect(page.locator("#step details.exchange").last()).not.toHaveAttribute("open");
  }
  await accessible(page, "a step that is a response");
});

test("clauses of MCP are those of the negotiated revision", async ({ app, page, start }) => {
  await authorized(app, start, { fields: { "protocol-version": "2025-06-18" } });
  await app.go("walkthrough");
  await app.step("registration").click();
  const cited = page.locator('#step a[href*="modelcontextprotocol.io/specification/"]');
  await expect(cited.first()).toHaveAttribute("href", /\/2025-06-18\//);
  await expect(cited.first()).toContainText("2025-06-18");
});

test("a step that was not needed says why", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.go("walkthrough");
  await app.steps(["unauthorized", "pkce", "token"], "skipped");
  for (const step of ["unauthorized", "pkce", "token"]) {
    await app.step(step).click();
    await expect(app.at("step-skipped")).not.toBeEmpty();
  }
  await expect(app.step("unauthorized").locator(".note")).toContainText("requires no token");
});
