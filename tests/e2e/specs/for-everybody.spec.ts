// By keyboard alone, on a narrow screen, in either theme.
import { authorized } from "../helpers/authorized.ts";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { STEPS } from "../helpers/flowglass.ts";
import { atLogin, logInAndAllow } from "../helpers/person.ts";
import { closedOrigin } from "../servers/listen.mjs";

const ROUTES = ["connect", "walkthrough", "tools", "resources", "prompts", "wire", "logs"] as const;

test("connecting and calling a tool need no mouse", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await tabTo(page, "server-url");
  await page.keyboard.type(server.url);
  await tabTo(page, "connect");
  await page.keyboard.press("Enter");
  await app.is("connected");
  await tabTo(page, "nav-tools");
  await page.keyboard.press("Enter");
  await tabTo(page, "tool-filter");
  await page.keyboard.type("echo");
  await expect(app.at("tool-item")).toHaveCount(1);
  await tabTo(page, "tool-item");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tools\/echo(\?.*)?$/);
  await tabTo(page, "call-tool");
  await page.keyboard.press("Space");
  await app.result("ok");
});

test("the focus can always be seen", async ({ app, page }) => {
  await app.open();
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    const drawn = await page.evaluate(() => {
      const focused = document.activeElement ?? document.body;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      // Past the last element the focus is the browser's own.
      return focused === document.body || (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    expect(drawn, `after ${press + 1} times Tab`).toBe(true);
  }
});

test("no page scrolls sideways at 360 pixels", async ({ app, page, start }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const server = await start.mcp();
  await app.open();
  await fits(app, "the first page");
  await app.connected(server.url);
  await fits(app, "connected");
  await app.tool("big-rows");
  await app.call({ rows: 200 });
  await app.result("ok");
  await fits(app, "a result");
  for (const route of ROUTES) {
    await app.go(route);
    await fits(app, route);
  }
});

test("a problem does not make the page scroll sideways at 360 pixels", async ({ app, page, start }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const server = await start.mcp({ crossOrigin: { cors: false } });
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  for (const route of ROUTES) {
    await app.go(route);
    await fits(app, route);
  }
});

test("a bar of violations is one line high at 360 pixels, whatever is below it", async ({ app, page, start }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const server = await start.modern();
  await app.open();
  await app.connected(server.url);
  for (const route of ROUTES) {
    await app.go(route);
    await app.atRest();
    const height = async () => (await app.at("violations").boundingBox())?.height;
    await expect.poll(height, `on ${route}`).toBeLessThan(48);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page has a serious violation of WCAG in ${colorScheme}`, async ({ app, page, start }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const server = await start.mcp();
    await app.open();
    await accessible(page, "the first page");
    await app.connect(`${await closedOrigin()}/mcp`);
    await app.fails("unreachable");
    await accessible(page, "a problem");
    await app.connected(server.url);
    await app.tool("echo");
    await app.call({ message: "seen by everybody" });
    await app.result("ok");
    await accessible(page, "a result");
    for (const route of ROUTES) {
      await app.go(route);
      await accessible(page, route);
    }
  });

  test(`no notice, dialog or failed step has a serious violation of WCAG in ${colorScheme}`, async ({ app, page, start }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // A flow that waits, and a callback that is not its own.
    const issuer = await start.issuer({ life: 600 });
    const server = await start.mcp({ issuer, wants: () => "mcp:write" });
    await app.open();
    await app.connect(server.url);
    await atLogin(page, issuer.url);
    await page.goBack();
    await app.ready();
    await app.is("authorizing");
    await accessible(page, "a flow that waits");
    await page.goto(`${app.home}oauth/callback?code=x&state=of-somebody-else`);
    await app.refuses("state-mismatch");
    await accessible(page, "a callback that is refused");
    // More scopes.
    await app.connect(server.url);
    await logInAndAllow(page);
    await app.is("connected");
    await accessible(page, "connected with a token");
    await app.tool("echo");
    await app.call({ message: "with more scopes" });
    await app.asked("step-up");
    await accessible(page, "a step-up");
    await app.answers("decline");
    await app.result("cancelled");
    await accessible(page, "a call that was cancelled");
    // A walkthrough whose steps failed, whatever step is looked at.
    await app.go("connect");
    await app.at("disconnect").click();
    issuer.options.registration = { status: 400, body: { error: "invalid_redirect_uri" } };
    await app.page.evaluate(() => sessionStorage.clear());
    await app.open();
    await app.connect(server.url);
    await app.fails("registration-refused");
    await app.go("walkthrough");
    await app.steps(["registration"], "failed");
    await app.step("registration").click();
    await accessible(page, "a failed step");
    for (const step of ["mcp-request", "unauthorized", "server-metadata"]) {
      await app.step(step).click();
      await accessible(page, step);
    }
  });

  test(`no failure of CORS has a serious violation of WCAG in ${colorScheme}`, async ({ app, page, start }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const server = await start.mcp({ crossOrigin: { cors: false } });
    await app.open();
    await app.connect(server.url);
    await app.fails("cors-blocked");
    for (const route of ROUTES) {
      await app.go(route);
      await accessible(page, `${route} below a problem with lines to paste`);
    }
  });
}

test("on paper the whole run is shown, and nothing is cut by a pane", async ({ app, page, start }) => {
  await authorized(app, start);
  await app.go("walkthrough");
  await page.emulateMedia({ media: "print" });
  const steps = app.at("flow-step");
  await expect(steps).toHaveCount(STEPS.length);
  const cut = await page.evaluate(() => {
    const scrolls = (it: Element) => it.scrollHeight > it.clientHeight + 1 && getComputedStyle(it).overflowY !== "visible";
    const shown = [...document.querySelectorAll("main, main *")].filter((it) => !it.matches("select, textarea, input, .sr, .word, .who"));
    return shown.filter(scrolls).map((it) => `${it.tagName} ${it.className}`);
  });
  expect(cut).toEqual([]);
  for (const exchange of await app.at("flow-exchange").all()) {
    expect((await exchange.boundingBox())?.height).toBeGreaterThan(0);
    const isWhole = await exchange.locator("b").evaluate((it) => it.scrollWidth <= it.clientWidth + 1);
    expect(isWhole, (await exchange.textContent()) ?? "").toBe(true);
  }
  const last = await steps.last().boundingBox();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(height);
});

test("landmarks differ by name, counts stand apart, and a step says in words that it is done", async ({ app, page, start }) => {
  await authorized(app, start);
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  for (const row of await app.at("flow-step").all()) {
    await expect(row.locator("a").first()).toHaveAccessibleName(/done|warning/);
  }
  for (const at of ["nav-connect", "nav-walkthrough", "nav-tools", "nav-wire"]) {
    await app.at(at).click();
    await expect(app.at(at)).toHaveAttribute("aria-current", "page");
    const names = await page.evaluate(() =>
      [...document.querySelectorAll("nav, aside, section[aria-label], section[aria-labelledby]")].map((it) => {
        const by = it.getAttribute("aria-labelledby");
        return it.getAttribute("aria-label") ?? (by ? document.getElementById(by)?.textContent : null) ?? "";
      }),
    );
    expect(names).not.toContain("");
    expect(new Set(names).size, names.join(", ")).toBe(names.length);
  }
  await expect(app.at("nav-tools")).toHaveAccessibleName(/^Tools \d+$/);
  expect(await app.at("nav-tools").textContent()).toMatch(/^Tools \d+$/);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
});
