// The stages of the audit that wait for consent, against `oidc-provider` and a server of the official SDK.
import type { Page } from "@playwright/test";
import { check, is } from "../helpers/check.ts";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { allow, atLogin, logInAndAllow } from "../helpers/person.ts";

const stage = (app: Flowglass, name: string) => app.page.locator(`[data-testid="check-stage"][data-stage="${name}"]`);

async function begin(app: Flowglass, name: string) {
  await stage(app, name).click();
  await app.at("check-consent").click();
}

/** The logins of `more` that reach a login page. */
async function bentLogins(page: Page, issuer: string) {
  for (let logins = 0; logins < 4; logins++) {
    await atLogin(page, issuer);
    const interaction = page.url();
    await allow(page);
    await expect(page).not.toHaveURL(interaction);
  }
}

const isDone = (app: Flowglass, name: string) => expect(stage(app, name)).toHaveAttribute("data-status", "done");

test("nothing is sent before consent; registration, cookies, login and more decide their lines", async ({
  app,
  page,
  start,
  record,
}) => {
  const issuer = await start.issuer({ longLife: true });
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  for (const name of ["registration", "login", "cookies", "more"]) {
    await expect(stage(app, name)).toHaveAttribute("data-status", "open");
  }
  await is(app, "S-61", "not-tested");
  await is(app, "S-89", "not-tested");

  await stage(app, "registration").click();
  await expect(app.at("check-consent")).toBeVisible();
  await accessible(page, "a stage waits for consent");
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(app, "a stage waits for consent");
  await page.setViewportSize(wide);
  expect(record.to(`${issuer.url}/reg`)).toEqual([]);
  await app.at("check-consent").click();
  await isDone(app, "registration");
  const registrations = () => issuer.calls("/reg").filter((it) => it.method === "POST");
  expect(registrations()).toHaveLength(5);
  await is(app, "S-59", "pass");
  await is(app, "S-60", "pass");

  await begin(app, "cookies");
  await isDone(app, "cookies");

  await begin(app, "login");
  await logInAndAllow(page);
  await isDone(app, "login");
  await expect(page).toHaveURL(/\/check$/);
  // The login uses the client of the registration.
  expect(registrations()).toHaveLength(5);
  for (const rule of ["S-67", "S-78", "S-79", "S-80", "S-86", "S-89", "S-90", "S-96", "S-110"]) await is(app, rule, "pass");
  await is(app, "S-82", "not-tested");

  await stage(app, "more").click();
  await app.at("check-also").check();
  await app.at("check-consent").click();
  // Without PKCE there is no login page; the unknown scope is ignored.
  await bentLogins(page, issuer.url);
  // The redirect URI that is not registered ends in an error page.
  await expect(page.locator("body")).toContainText("redirect_uri");
  await app.open("check");
  await app.at("flow-give-up").click();
  await atLogin(page, issuer.url);
  await allow(page);
  await isDone(app, "more");
  const right = ["S-65", "S-66", "S-69", "S-73", "S-81", "S-82", "S-83", "S-84", "S-97", "S-102"];
  for (const rule of right) await is(app, rule, "pass");
  // What the login showed stands after logins that were bent.
  for (const rule of ["S-67", "S-78", "S-79", "S-80", "S-86", "S-89", "S-90", "S-96", "S-110"]) await is(app, rule, "pass");
  // Two refreshes at once are reuse to this server, which ends the login.
  await is(app, "S-98", "warn");
  expect(server.requests.filter((it) => it.body?.method === "tools/call")).toEqual([]);
});

test("the wait until a token has expired is offered where it is short, shown, and can be skipped", async ({
  app,
  page,
  start,
}) => {
  const issuer = await start.issuer({ life: 600 });
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await stage(app, "more").click();
  await expect(app.at("check-also-expiry")).toHaveCount(0);
  await begin(app, "login");
  await logInAndAllow(page);
  await isDone(app, "login");

  await stage(app, "more").click();
  await app.at("check-also-expiry").check();
  await app.at("check-consent").click();
  await bentLogins(page, issuer.url);
  await expect(app.at("check-expiry-wait")).toContainText(/1[0-3]:\d\d left/);
  await expect(stage(app, "more")).toHaveAttribute("data-status", "running");
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(app, "a stage waits for the expiry");
  await app.at("check-expiry-skip").click();
  await expect(app.at("check-expiry-wait")).toHaveCount(0);
  await atLogin(page, issuer.url);
  await allow(page);
  await isDone(app, "more");
  await is(app, "S-103", "not-tested");
  await is(app, "S-102", "pass");
});
