// The demo world: both servers and the login are parts of the page, so all of it works with the network cut off.
import type { Page } from "@playwright/test";
import { FAULTS, REFUSED } from "../helpers/demo-faults.ts";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { type Connection, type Flowglass, STEPS } from "../helpers/flowglass.ts";

const SERVER = "https://mcp.flowglass.invalid/mcp";

/** Nothing but the page's own files is to be had; what else is asked for is remembered. */
async function cutOff(page: Page, home: string): Promise<string[]> {
  const foreign: string[] = [];
  const { origin } = new URL(home);
  await page.route(
    (url) => url.origin !== origin,
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  return foreign;
}

/** Presses the button, with a fault where one is named. */
async function demo(app: Flowglass, fault?: string) {
  await app.open();
  if (fault) await app.at("demo-fault").selectOption(fault);
  await app.at("demo").click();
}

async function atLogin(app: Flowglass) {
  await expect(app.page).toHaveURL(/\/demo\/authorize\/\?/);
  await app.ready();
}

async function approve(app: Flowglass) {
  await atLogin(app);
  await app.at("demo-approve").click();
}

async function connected(app: Flowglass) {
  await demo(app);
  await approve(app);
  await app.is("connected");
}

/** Allows whatever is asked until the run is over; says how the document stands then. */
async function run(app: Flowglass): Promise<Connection> {
  const over = ["connected", "refused", "failed"];
  for (let login = 0; login < 5; login += 1) {
    const state = async () => {
      if (/demo\/authorize/.test(app.page.url())) return "login";
      return (await app.html.getAttribute("data-connection")) ?? "";
    };
    await expect.poll(state).toMatch(/^(login|connected|refused|failed)$/);
    const now = await state();
    if (over.includes(now)) return now as Connection;
    await approve(app);
    await expect(app.page).not.toHaveURL(/demo\/authorize/);
    await app.ready();
  }
  throw new Error("the run never ends");
}

test("with the network cut off the demo goes through all twelve steps, and its tools answer", async ({ app, page }) => {
  const foreign = await cutOff(page, app.home);
  await connected(app);
  await expect(page).toHaveURL(app.home);
  await expect(app.at("negotiated-version")).toHaveText("2026-07-28");
  await app.tool("add");
  await app.call({ a: 20, b: 22 });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("42");
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  const leaves = app.step("authorize").locator("[data-testid=flow-exchange]");
  await expect(leaves).toHaveAttribute("data-url", new RegExp(`^${app.home}demo/authorize/\\?`));
  await expect(app.at("demo-guess")).toHaveCount(0);
  await app.go("wire");
  await expect(page.getByText("simulated").first()).toBeVisible();
  expect(foreign).toEqual([]);
});

for (const version of ["2025-11-25", "2025-06-18", "2025-03-26"]) {
  test(`the demo speaks ${version} where it is pinned`, async ({ app }) => {
    await app.open();
    await app.fill({ "protocol-version": version });
    await app.at("demo").click();
    await approve(app);
    await app.is("connected");
    await expect(app.at("negotiated-version")).toHaveText(version);
    await app.tool("echo");
    await app.call({ message: "Ahoy" });
    await app.result("ok");
  });
}

test("the login says who asks for what, where it leads, and that it is simulated", async ({ app, page }) => {
  await demo(app);
  await atLogin(app);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Flowglass");
  await expect(page.getByRole("main")).toContainText("mcp:use");
  await expect(page.getByRole("main")).toContainText(SERVER);
  await expect(page.getByRole("main")).toContainText(`${app.home}oauth/callback/`);
  await expect(page.getByText("simulated", { exact: true })).toBeVisible();
  await expect(app.at("demo-name")).not.toHaveValue("");
  await app.is("authorizing");
});

test("who denies is told so", async ({ app }) => {
  await demo(app);
  await atLogin(app);
  await app.at("demo-deny").click();
  await app.fails("access-denied");
});

test("going back from the login finds the flow waiting", async ({ app, page }) => {
  await demo(app);
  await atLogin(app);
  await page.goBack();
  await app.ready();
  await app.is("authorizing");
  await app.at("flow-retry").click();
  await approve(app);
  await app.is("connected");
});

test("a login that nobody was sent to shows an error and goes nowhere", async ({ app, page }) => {
  await app.open("demo/authorize?client_id=x&redirect_uri=https%3A%2F%2Fevil.example%2F&response_type=code");
  await expect(app.at("demo-refused")).toBeVisible();
  await expect(app.at("demo-approve")).toHaveCount(0);
  await expect(page).toHaveURL(/demo\/authorize/);
  await app.is("idle");
});

test("opening the login in a tab that is connected disturbs nothing", async ({ app }) => {
  await connected(app);
  await app.open("demo/authorize");
  await expect(app.at("demo-refused")).toBeVisible();
  await app.atRest();
  await app.open();
  await app.is("connected");
});

test("a reload keeps the tab authorized, and the demo does not fill the list of recent servers", async ({ app, page }) => {
  await connected(app);
  await page.reload();
  await app.ready();
  await app.is("connected");
  await app.at("disconnect").click();
  await app.is("idle");
  await expect(app.at("server-url")).toHaveValue(SERVER);
  await expect(app.at("server-item")).toHaveCount(0);
});

test("the tools stream, ask, fail and want more scopes", async ({ app }) => {
  await connected(app);
  await app.tool("count_slowly");
  await app.call({ to: 3 });
  await expect(app.page.locator("progress")).toBeVisible();
  await app.result("ok");
  await app.tool("divide");
  await app.call({ a: 1, b: 0 });
  await app.result("tool-error");
  await app.tool("book_table");
  await app.call({});
  await app.asked("elicitation");
  await app.answers("accept");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("A table for 2 at the window");
  await app.tool("read_diary");
  await app.call({});
  await app.asked("step-up");
  await app.answers("accept");
  await approve(app);
  await expect(app.page).toHaveURL(/\/tools\/read_diary$/);
  await app.result("ok");
});

test("the server's page says how long each list may be cached, and until when", async ({ app }) => {
  await app.open();
  await app.fill({ "protocol-version": "2026-07-28" });
  await app.at("demo").click();
  await approve(app);
  await app.is("connected");
  await app.atRest();
  const tools = app.at("list-facts").locator('[data-name="tools/list"]');
  await expect(tools).toHaveAttribute("data-fresh-ms", "60000");
  await expect(tools).toContainText(/\(private\)\. Fresh until \d\d:\d\d:\d\d/);
});

test("a question on an open stream is answered in a revision with a handshake", async ({ app }) => {
  await app.open();
  await app.fill({ "protocol-version": "2025-11-25" });
  await app.at("demo").click();
  await approve(app);
  await app.is("connected");
  await app.tool("book_table");
  await app.call({});
  await app.asked("elicitation");
  await app.answers("decline");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("Nothing was booked");
});

test("a slow call can be cancelled, and one that takes too long ends", async ({ app }) => {
  await app.open();
  await app.fill({ "request-timeout": "1" });
  await app.at("demo").click();
  await approve(app);
  await app.is("connected");
  await app.tool("count_slowly");
  await app.call({ to: 10 });
  await app.at("cancel-call").click();
  await app.result("cancelled");
  await app.atRest();
});

test("resources and prompts are there to play with", async ({ app }) => {
  await connected(app);
  await app.resource("harbour://guide");
  await app.at("read-resource").click();
  await expect(app.at("resource-result")).toHaveAttribute("data-status", "ok");
  await app.go("prompts");
  await app.page.locator('[data-testid="prompt-item"][data-name="greet"]').click();
  await app.at("arg-ship").fill("Petrel");
  await app.at("get-prompt").click();
  await expect(app.at("prompt-result")).toHaveAttribute("data-status", "ok");
});

test("every fault of the list has its end in this table", async ({ app }) => {
  await app.open();
  const names = await app.at("demo-fault").locator("option").evaluateAll((all) => all.map((it) => it.getAttribute("value")));
  expect(names[0]).toBe("none");
  expect(names[1]).toBe("surprise");
  expect(names.slice(2).sort()).toEqual(Object.keys(FAULTS).sort());
});

for (const [fault, end] of Object.entries(FAULTS)) {
  test(`the fault ${fault} ends as it should`, async ({ app, page }) => {
    const foreign = await cutOff(page, app.home);
    await demo(app, fault);
    if (typeof end === "string") {
      expect(await run(app)).toBe(REFUSED.includes(end) ? "refused" : "failed");
      await app.problem(end);
    } else if (end.at === "login") {
      await expect(app.at("demo-refused")).toBeVisible();
      await page.goBack();
      await app.ready();
      await app.at("flow-give-up").click();
      await app.fails("access-denied");
    } else {
      expect(await run(app)).toBe("connected");
    }
    await app.go("walkthrough");
    if (typeof end !== "string") await expect(app.step(end.step)).toHaveAttribute("data-verdict", end.verdict);
    await expect(app.at("demo-revealed")).toContainText(fault);
    await expect(app.at("demo-revealed").locator("dd")).toHaveCount(4);
    expect(foreign).toEqual([]);
  });
}

test("after a good run the same tab can see a fault from the first step on", async ({ app }) => {
  await connected(app);
  await app.at("disconnect").click();
  await app.at("demo-fault").selectOption("no-pkce");
  await app.at("demo").click();
  await app.refuses("pkce-unsupported");
});

test("the whole demo needs no mouse", async ({ app, page }) => {
  await app.open();
  await tabTo(page, "demo-fault");
  await tabTo(page, "demo");
  await page.keyboard.press("Enter");
  await atLogin(app);
  await tabTo(page, "demo-approve");
  await page.keyboard.press("Enter");
  await app.is("connected");
  await tabTo(page, "nav-tools");
  await page.keyboard.press("Enter");
  await tabTo(page, "tool-filter");
  await page.keyboard.type("echo");
  await expect(app.at("tool-item")).toHaveCount(1);
  await tabTo(page, "tool-item");
  await page.keyboard.press("Enter");
  await tabTo(page, "call-tool");
  await page.keyboard.press("Space");
  await app.result("ok");
});

test("under a prefix the demo works as well", async ({ prefixed: app, page }) => {
  const foreign = await cutOff(page, app.home);
  await connected(app);
  await expect(page).toHaveURL(app.home);
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  expect(foreign).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the login has no serious violation of WCAG in ${colorScheme}`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await app.open();
    await accessible(page, "the first page with the demo");
    await demo(app, "hidden-challenge");
    await atLogin(app);
    await accessible(page, "the login");
    await approve(app);
    await app.is("connected");
    await app.go("walkthrough");
    await accessible(page, "the explanation");
    await app.open("demo/authorize");
    await accessible(page, "the login without a request");
  });
}

test("nothing of the demo scrolls sideways at 360 pixels", async ({ app, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await app.open();
  await fits(app, "the first page");
  await demo(app, "hidden-challenge");
  await atLogin(app);
  await fits(app, "the login");
  await approve(app);
  await app.is("connected");
  await app.go("walkthrough");
  await fits(app, "the explanation");
});
