// A tab whose storage is full, or keeps nothing: no login is lost to it.
import type { Page } from "@playwright/test";
import { authorized } from "../helpers/authorized.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { STEPS } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";

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
