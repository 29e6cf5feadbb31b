// A tab whose storage is full, or keeps nothing: no login is lost to it.
import type { Page } from "@playwright/test";
import { authorized } from "../helpers/authorized.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { type Flowglass, STEPS } from "../helpers/flowglass.ts";
import { atLogin, logInAndAllow } from "../helpers/person.ts";
import { startFrame } from "../servers/frame.mjs";

/** Fills the tab's storage, but for so many characters. */
function fill(page: Page, but: number) {
  return page.evaluate((but) => {
    let [least, most] = [0, 16_000_000];
    const fits = (length: number) => {
      try {
        sessionStorage.setItem("somebody.else", "x".repeat(length));
        return true;
      } catch {
        return false;
      }
    };
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2);
      if (fits(middle)) least = middle;
      else most = middle;
    }
    sessionStorage.setItem("somebody.else", "x".repeat(Math.max(least - but, 0)));
  }, but);
}

function tracesKept(page: Page): Promise<number> {
  return page.evaluate(() => Object.keys(sessionStorage).filter((it) => it.startsWith("flowglass.trace.")).length);
}

test("a storage that is full of earlier calls makes room for a login, and its steps are kept", async ({
  app,
  page,
  start,
}) => {
  const open = await start.mcp();
  await app.open();
  await app.connected(open.url);
  await app.atRest();
  await fill(page, 120_000);
  await app.tool("echo");
  for (let call = 0; call < 20; call += 1) {
    await app.call({ message: `${call} ${"x".repeat(12_000)}` });
    await app.result("ok");
  }
  // It is full indeed: not even the room that there was at the beginning is left.
  expect(await page.evaluate(() => {
    try {
      sessionStorage.setItem("another", "x".repeat(120_000));
      return "there is room";
    } catch {
      return "it is full";
    }
  })).toBe("it is full");
  const before = await tracesKept(page);
  await app.go("connect");
  await app.at("disconnect").click();
  await authorized(app, start);
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  await page.reload();
  await app.is("connected");
  await app.steps(STEPS, "done");
  expect(before).toBeGreaterThan(0);
});

test("a tab that cannot keep the state does not leave for the login, and says why", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await fill(page, 0);
  await app.connect(server.url);
  const problem = await app.fails("storage-full");
  await expect(problem).toContainText("popup");
  expect(issuer.calls("/auth")).toEqual([]);
  // With room again it goes on as always.
  await page.evaluate(() => sessionStorage.removeItem("somebody.else"));
  await problem.getByRole("button", { name: "Try again" }).click();
  await logInAndAllow(page);
  await app.is("connected");
});

for (const [what, state] of [
  ["a version before JSON", "flowglass 6\n\u0001\u0000"],
  ["a later version", '{"version":4000,"value":{"settings":null}}'],
] as const) {
  test(`what ${what} stored is dropped, and the page says so`, async ({ app, page, start }) => {
    const server = await start.mcp();
    await app.open();
    await app.connected(server.url);
    await app.atRest();
    expect(await tracesKept(page)).toBeGreaterThan(0);
    await page.evaluate((state) => sessionStorage.setItem("flowglass.state", state), state);
    await page.reload();
    await app.is("idle");
    await expect(page.getByRole("alert")).toContainText("Another version of Flowglass stored this tab's data");
    expect(await page.evaluate(() => sessionStorage.getItem("flowglass.trace.00000001"))).toBeNull();
    // It is said once, and what comes from here on is kept as ever.
    await app.connected(server.url);
    await page.reload();
    await app.is("connected");
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("no query of a server's URL is left in the browser, and the list says that it is asked for again", async ({
  app,
  page,
  start,
}) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(`${server.url}?token=geheim-0123456789`);
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await expect.poll(kept).toContain(server.url);
  expect(await kept()).not.toContain("geheim");
  expect(await kept()).not.toContain("token=");
  await app.at("disconnect").click();
  await expect(app.at("server-item")).toContainText("query not stored");
  await app.at("server-connect").click();
  await expect(app.at("server-url")).toHaveValue(server.url);
  await expect(app.at("server-url")).toBeFocused();
});

/** As where a user blocks site data: the storages throw, or there are none. */
async function blocked(app: Flowglass, how: "throw" | "are null") {
  await app.page.context().addInitScript((how) => {
    for (const name of ["sessionStorage", "localStorage"]) {
      Object.defineProperty(window, name, {
        get() {
          if (how === "are null") return null;
          throw new DOMException("Access is denied for this document", "SecurityError");
        },
      });
    }
  }, how);
}

for (const how of ["throw", "are null"] as const) {
  test(`the demo works where the storages ${how}, with its login in a popup`, async ({ app, page }) => {
    await blocked(app, how);
    await app.open();
    const [login] = await Promise.all([page.waitForEvent("popup"), app.at("demo").click()]);
    await expect(login.getByTestId("demo-approve")).toBeVisible();
    await Promise.all([login.waitForEvent("close"), login.getByTestId("demo-approve").click()]);
    await app.is("connected");
    await app.go("walkthrough");
    await app.steps(STEPS, "done");
    await app.step("authorize").click();
    await expect(page.locator("main")).toContainText("blocks storage for Flowglass");
    await app.go("tools");
    await expect(app.at("tool-item").first()).toBeVisible();
  });

  test(`the demo works in a frame of another site where the storages ${how}`, async ({ app, page }) => {
    await blocked(app, how);
    const host = await startFrame(app.home);
    await page.goto(host.url);
    const frame = page.frameLocator("iframe");
    const [login] = await Promise.all([page.waitForEvent("popup"), frame.getByTestId("demo").click()]);
    await Promise.all([login.waitForEvent("close"), login.getByTestId("demo-approve").click()]);
    await expect(frame.locator("html")).toHaveAttribute("data-connection", "connected");
    await host.close();
  });
}

test("a login in a popup works where the storages throw, and the popup has no way back", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await blocked(app, "throw");
  await app.open();
  const opened = page.waitForEvent("popup");
  await app.connect(server.url);
  const login = await opened;
  await atLogin(login, issuer.url);
  expect(await login.evaluate(() => window.opener)).toBeNull();
  await Promise.all([login.waitForEvent("close"), logInAndAllow(login)]);
  await app.is("connected");
});
