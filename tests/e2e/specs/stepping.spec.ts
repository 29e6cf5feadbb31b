// Step mode, the login in a popup, and what is handed over: the same authorization, with the user in the middle of it.
import type { Page } from "@playwright/test";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { type Flowglass, STEPS } from "../helpers/flowglass.ts";
import { allow, atLogin, deny, logIn, logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";
import { startFrame } from "../servers/frame.mjs";

async function guarded(start: Start, options?: Parameters<Start["issuer"]>[0]) {
  const issuer = await start.issuer({ rfc8414: true, ...options });
  return { issuer, server: await start.mcp({ issuer }) };
}

async function stepping(app: Flowglass, url: string) {
  await app.open();
  await app.reveal("step-mode");
  await app.at("step-mode").check();
  await app.connect(url);
  await expect(app.at("step-next")).toBeVisible();
}

/** Lets what is paused go, until the browser has left. */
async function toTheLogin(app: Flowglass, issuer: string) {
  for (let pause = 0; pause < 6; pause += 1) {
    await expect(app.at("step-next")).toBeVisible();
    const shown = await app.at("step-request").textContent();
    await app.at("step-next").click();
    if (shown?.includes("code_challenge=")) break;
    await expect(app.at("step-request")).not.toHaveText(shown ?? "");
  }
  await atLogin(app.page, issuer);
}

test("step mode pauses before every request, shows it, and leads to the tools", async ({ app, page, start, record }) => {
  const { issuer, server } = await guarded(start);
  await stepping(app, server.url);
  await expect(page).toHaveURL(/\/walkthrough$/);
  await app.is("connecting");
  await app.atRest();
  expect(record.to(server.url)).toEqual([]);
  await app.at("step-next").click();
  await app.is("authorizing");
  await expect(app.at("step-request")).toContainText("oauth-protected-resource/mcp");
  expect(record.to(`${server.origin}/.well-known/`)).toEqual([]);
  await toTheLogin(app, issuer.url);
  await logInAndAllow(page);
  await expect(app.at("step-request")).toContainText("grant_type=authorization_code");
  expect(issuer.calls("/token").filter((it) => it.method === "POST")).toEqual([]);
  await app.at("step-next").click();
  // The request with the token waits as the first one did.
  await expect(app.at("step-request")).toContainText("authorization: Bearer ••••");
  await app.at("step-automatic").click();
  await app.is("connected");
  await app.steps(STEPS, "done");
  await expect(app.at("step-next")).toHaveCount(0);
});

test("a paused token request hides its code until secrets are shown", async ({ app, page, start }) => {
  const { issuer, server } = await guarded(start);
  await stepping(app, server.url);
  await toTheLogin(app, issuer.url);
  await logInAndAllow(page);
  await expect(app.at("step-request")).toContainText("code=••••");
  const code = new URL(issuer.returns[0]).searchParams.get("code") ?? "";
  await app.at("reveal-secrets").check();
  await expect(app.at("step-request")).toContainText(code);
});

test("the body of a registration is changed before it is sent", async ({ app, page, start, record }) => {
  const { issuer, server } = await guarded(start);
  await stepping(app, server.url);
  while (!(await app.at("step-request").textContent())?.includes("redirect_uris")) {
    const shown = await app.at("step-request").textContent();
    await app.at("step-next").click();
    await expect(app.at("step-request")).not.toHaveText(shown ?? "");
  }
  await app.at("step-edit").click();
  const body = JSON.parse(await app.at("step-body").inputValue());
  await app.at("step-body").fill(JSON.stringify({ ...body, client_name: "Changed by hand" }));
  await app.at("step-next").click();
  await expect(app.at("step-request")).toContainText("code_challenge=");
  const [registration] = record.to(`${issuer.url}/reg`).filter((it) => it.request.method() === "POST");
  expect(registration.request.postDataJSON()).toMatchObject({ client_name: "Changed by hand" });
  await app.step("registration").click();
  await expect(page.locator("main")).toContainText("Edited before sending: body");
});

test("an edited address that is not safe is refused where it is typed", async ({ app, start }) => {
  const { server } = await guarded(start);
  await stepping(app, server.url);
  await app.at("step-edit").click();
  await app.at("step-url").fill("javascript:alert(1)");
  await app.at("step-next").click();
  await expect(app.page.getByRole("alert")).toContainText("cannot be used");
  await app.is("connecting");
});

test("a pause survives a reload, the rest runs by itself, and stopping ends it", async ({ app, page, start }) => {
  const { issuer, server } = await guarded(start);
  await stepping(app, server.url);
  await page.reload();
  await app.ready();
  await app.is("connecting");
  await app.at("step-next").click();
  await app.is("authorizing");
  await page.reload();
  await app.ready();
  await app.is("authorizing");
  await app.at("step-automatic").click();
  await atLogin(page, issuer.url);
  await page.goBack();
  await app.ready();
  await app.at("flow-give-up").click();
  await stepping(app, server.url);
  await app.at("step-stop").click();
  await app.fails("access-denied");
});

test("a pause can be reached from every page, by keyboard, on a narrow screen", async ({ app, page, start }) => {
  const { server } = await guarded(start);
  await page.setViewportSize({ width: 360, height: 740 });
  await stepping(app, server.url);
  await accessible(page, "the paused walkthrough");
  await app.at("step-edit").press("Enter");
  await fits(app, "the paused walkthrough");
  await app.go("wire");
  await page.getByRole("link", { name: "Open walkthrough" }).press("Enter");
  await app.at("step-next").press("Enter");
  await expect(app.step("mcp-request").locator("[data-testid=flow-exchange]")).toHaveCount(1);
});

test("the next arrow is a ghost, parameters are fields with their meaning, and what was changed is marked", async ({ app, page, start, record }) => {
  const { issuer, server } = await guarded(start);
  await stepping(app, server.url);
  await expect(app.step("mcp-request").locator(".ghost")).toHaveCount(1);
  await expect(app.at("flow-exchange")).toHaveCount(0);
  await app.step("pkce").click();
  await expect(app.at("step-without-pause")).not.toBeEmpty();
  while (!(await app.at("step-request").textContent())?.includes("code_challenge=")) {
    const shown = await app.at("step-request").textContent();
    await app.at("step-next").click();
    await expect(app.at("step-request")).not.toHaveText(shown ?? "");
  }
  await app.at("step-edit").click();
  const parameter = (name: string) => page.locator(`[data-testid="step-parameter-item"][data-name="${name}"]`);
  await expect(parameter("state").locator(".hint")).not.toBeEmpty();
  await parameter("scope").locator("[data-testid=step-parameter-value]").fill("openid");
  await app.at("step-query-add").click();
  await parameter("").locator("[data-testid=step-parameter-name]").fill("prompt");
  await parameter("prompt").locator("[data-testid=step-parameter-value]").fill("login");
  await accessible(page, "a request that is edited");
  await app.at("step-next").click();
  await logInAndAllow(page);
  const [{ query }] = issuer.calls("/auth");
  expect([query.get("scope"), query.get("prompt")]).toEqual(["openid", "login"]);
  await expect(app.step("authorize").locator("[data-testid=flow-changed]")).toHaveCount(1);
  // The code and its verifier are fields too; a wrong verifier is refused.
  await app.at("step-edit").click();
  await parameter("code_verifier").locator("[data-testid=step-parameter-value]").fill("another");
  await app.at("step-next").click();
  await app.fails("token-refused");
  expect(new URLSearchParams(record.to(`${issuer.url}/token`)[0].request.postData() ?? "").get("code_verifier")).toBe("another");
});

async function popup(app: Flowglass, url: string): Promise<Page> {
  const opened = app.page.waitForEvent("popup");
  await app.open();
  await app.connect(url, { "redirect-mode": "popup" });
  return opened;
}

test("the login in a popup leaves the page where it is, and closes by itself", async ({ app, page, start }) => {
  const { issuer, server } = await guarded(start);
  const login = await popup(app, server.url);
  await atLogin(login, issuer.url);
  await app.is("authorizing");
  // No way from the login back to the page that opened it: it could lead that page elsewhere.
  expect(await login.evaluate(() => window.opener)).toBeNull();
  await Promise.all([login.waitForEvent("close"), logInAndAllow(login)]);
  await app.is("connected");
  await expect(page).toHaveURL(app.home);
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  await app.step("authorize").click();
  await expect(page.locator("main")).toContainText("in a popup");
});

test("a login that cuts the popup off from its opener leads back all the same", async ({ app, start }) => {
  const { issuer, server } = await guarded(start, { openerPolicy: true });
  const login = await popup(app, server.url);
  await logInAndAllow(login);
  await app.is("connected");
  // Some browsers let no script close such a window: it says so then, and does not use the code a second time.
  const says = async () => login.isClosed() || (await login.locator("main").innerText()).includes("You may close this one");
  await expect.poll(says).toBe(true);
  await app.atRest();
  await app.tool("echo");
  await app.call({ message: "after the login" });
  await app.result("ok");
  expect(issuer.calls("/token").filter((it) => it.method === "POST")).toHaveLength(1);
});

test("a denial in a popup ends in access-denied", async ({ app, start }) => {
  const { server } = await guarded(start);
  const login = await popup(app, server.url);
  await logIn(login);
  await Promise.all([login.waitForEvent("close"), deny(login)]);
  await app.fails("access-denied");
});

test("a foreign state in a popup is refused in the page, and the flow still waits", async ({ app, page, start }) => {
  const { issuer, server } = await guarded(start);
  issuer.options.bend = (url) => url.searchParams.set("state", "foreign");
  const login = await popup(app, server.url);
  await Promise.all([login.waitForEvent("close"), logInAndAllow(login)]);
  await app.refuses("state-mismatch");
  await page.goto(issuer.returns[0]);
  await app.is("connected");
});

test("a popup that is closed is no cancellation", async ({ app, start }) => {
  const { issuer, server } = await guarded(start);
  const login = await popup(app, server.url);
  await atLogin(login, issuer.url);
  await login.close();
  await app.is("authorizing");
  const again = app.page.waitForEvent("popup");
  await app.at("flow-retry").click();
  const second = await again;
  await Promise.all([second.waitForEvent("close"), logInAndAllow(second)]);
  await app.is("connected");
});

test("where the browser blocks the popup, a button opens it", async ({ app, page, start }) => {
  await page.addInitScript(() => {
    const open = window.open.bind(window);
    // As a browser does that blocks what no press of a button asked for.
    window.open = (...given) => (window.event?.type === "click" ? open(...given) : null);
  });
  const { server } = await guarded(start);
  await app.open();
  await app.connect(server.url, { "redirect-mode": "popup" });
  const opened = page.waitForEvent("popup");
  await app.at("popup-open").click();
  const login = await opened;
  await Promise.all([login.waitForEvent("close"), logInAndAllow(login)]);
  await app.is("connected");
  await expect(app.at("popup-open")).toHaveCount(0);
});

test("in a frame of another site only the demo runs, and the rest is offered in a tab", async ({ app, page, start }) => {
  const server = await start.mcp();
  const link = `${app.home}?server=${encodeURIComponent(server.url)}`;
  const host = await startFrame(link);
  await page.goto(host.url);
  const frame = page.frameLocator("iframe");
  await expect(frame.getByTestId("demo")).toBeVisible();
  for (const id of ["server-url", "connect", "check-server", "open-trace"]) await expect(frame.getByTestId(id)).toHaveCount(0);
  const [tab] = await Promise.all([page.waitForEvent("popup"), frame.getByTestId("open-in-tab").click()]);
  await expect(tab).toHaveURL(link);
  await expect(tab.getByTestId("server-url")).toHaveValue(server.url);
  await tab.close();

  const [login] = await Promise.all([page.waitForEvent("popup"), frame.getByTestId("demo").click()]);
  // Its channel is kept apart from the popup's: a message to the opener is the only way back.
  await expect(login.getByTestId("demo-approve")).toBeVisible();
  expect(await login.evaluate(() => window.opener !== null)).toBe(true);
  await Promise.all([login.waitForEvent("close"), login.getByTestId("demo-approve").click()]);
  await expect(frame.locator("html")).toHaveAttribute("data-connection", "connected");
  await frame.getByTestId("nav-walkthrough").click();
  await expect(frame.getByTestId("present")).toBeVisible();
  await frame.locator('[data-step="authorize"] > a').click();
  await expect(frame.locator("main")).toContainText("embedded in another site");
  expect(server.requests).toEqual([]);
  await host.close();
});

test("a token endpoint without CORS is handed over with the code of another login", async ({ app, page, start }) => {
  const { issuer, server } = await guarded(start, { token: "without-cors" });
  const posts = () => issuer.calls("/token").filter((it) => it.method === "POST").length;
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.fails("cors-blocked");
  expect(posts()).toBe(1);
  await page.getByRole("link", { name: "Open walkthrough" }).click();
  await expect(app.at("hand-over-command")).toHaveCount(0);
  await app.at("hand-over-go-on").click();
  await allow(page);
  // This client stops before the code is used, also after a reload.
  await expect(app.at("hand-over-command")).toBeVisible();
  await page.reload();
  await app.is("authorizing");
  await app.at("reveal-secrets").check();
  await expect(app.at("hand-over-command")).toContainText("code_verifier=");
  const command = (await app.at("hand-over-command").textContent()) ?? "";
  expect(posts()).toBe(1);
  const response = await fetch(`${issuer.url}/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: command.match(/--data-raw '(.*)'$/s)?.[1],
  });
  await app.at("hand-over-answer").fill(await response.text());
  await app.at("hand-over-go-on").click();
  await app.is("connected");
  expect(posts()).toBe(2);
  await app.step("token-request").click();
  await expect(page.locator("main")).toContainText("You pasted this response");
});

test("a registration without CORS is handed over, and the flow goes on with what is pasted", async ({
  app,
  page,
  start,
}) => {
  const { issuer, server } = await guarded(start, { registration: "without-cors" });
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  await page.getByRole("link", { name: "Open walkthrough" }).click();
  const command = (await app.at("hand-over-command").textContent()) ?? "";
  expect(command).toContain(`--url '${issuer.url}/reg'`);
  for (const [shell, start] of [["cmd", "curl.exe -sS ^"], ["powershell", "@'\nurl = "], ["bash", "curl -sS \\"]]) {
    await app.at("hand-over-shell").selectOption(shell);
    expect((await app.at("hand-over-command").textContent())?.startsWith(start), shell).toBe(true);
  }
  const answer = await fetch(`${issuer.url}/reg`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: command.match(/--data-raw '(.*)'$/s)?.[1],
  });
  await app.at("hand-over-answer").fill("not JSON");
  await app.at("hand-over-go-on").click();
  await expect(app.at("hand-over")).toContainText("Paste the whole JSON object");
  await app.at("hand-over-answer").fill(await answer.text());
  await app.at("hand-over-go-on").click();
  await logInAndAllow(page);
  await app.is("connected");
  await app.step("registration").click();
  await expect(page.locator("main")).toContainText("You pasted this response");
});
