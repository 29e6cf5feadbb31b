// The calls of a tool that are kept: opened, repeated, edited, compared, after a reload too; and a call given away.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { control } from "../helpers/forms.ts";

const TOKEN = "hand-token-1";
const run = promisify(execFile);

/** The rows of the history, the newest first. */
function statuses(app: Flowglass) {
  return app.at("history-item").evaluateAll((all) => all.map((it) => it.getAttribute("data-status")));
}

async function called(app: Flowglass, ...messages: string[]) {
  for (const message of messages) {
    await app.call({ message });
    await expect(app.at("result-raw")).toContainText(JSON.stringify(`Echo: ${message}`).slice(1, -1));
  }
}

async function clipboard(app: Flowglass, testid: string) {
  await app.at(testid).click();
  await expect(app.at(testid)).toHaveText("Copied");
  return app.page.evaluate(() => navigator.clipboard.readText());
}

function part(app: Flowglass, testid: string, index: number) {
  return app.at("history-item").nth(index).locator(`[data-testid="${testid}"]`);
}

test.describe("an open server", () => {
  test.beforeEach(async ({ app, record, start }) => {
    void record; // From the first request on.
    const server = await start.mcp();
    await app.open();
    await app.connected(server.url);
    await app.tool("echo");
  });

  test("before the first call there is no history, and then a row for each that ended", async ({ app }) => {
    await expect(app.at("call-history")).toHaveCount(0);
    await called(app, "one");
    await expect(app.at("history-item")).toHaveCount(1);
    await expect(app.at("history-item")).toHaveAttribute("data-ms", /^\d+$/);
    await app.tool("refuse");
    await expect(app.at("call-history")).toHaveCount(0);
    await app.call({});
    await app.result("rpc-error");
    expect(await statuses(app)).toEqual(["rpc-error"]);
    await app.tool("slow");
    await app.call({});
    await app.result("pending");
    await expect(app.at("call-history")).toHaveCount(0);
    await app.at("cancel-call").click();
    await expect(app.at("history-item")).toHaveAttribute("data-status", "cancelled");
  });

  test("an earlier call is opened with its arguments and its result, and the newest is shown again", async ({ app }) => {
    await called(app, "one", "two");
    await part(app, "history-open", 1).click();
    await expect(app.at("result-raw")).toContainText("Echo: one");
    expect(JSON.parse(await app.at("args-json").inputValue())).toEqual({ message: "one" });
    await app.at("history-newest").click();
    await expect(app.at("result-raw")).toContainText("Echo: two");
    await part(app, "history-open", 1).click();
    await called(app, "three");
    await expect(app.at("history-newest")).toHaveCount(0);
    await expect(app.at("history-item")).toHaveCount(3);
  });

  test("a call is repeated at once, with the arguments that it had", async ({ app, record }) => {
    await called(app, "one", "two");
    await part(app, "history-again", 1).click();
    await expect(app.at("result-raw")).toContainText("Echo: one");
    await expect(app.at("history-item")).toHaveCount(3);
    expect(JSON.parse(await app.at("args-json").inputValue())).toEqual({ message: "two" });
    expect(record.sent("tools/call").map((it) => it.params.arguments.message)).toEqual(["one", "two", "one"]);
  });

  test("the arguments of a call are edited, sent only on Call, and what stood there comes back", async ({ app, record }) => {
    await called(app, "one");
    await app.at("args-mode").selectOption("form");
    await control(app, "/message").fill("draft");
    await part(app, "history-edit", 0).click();
    await expect(control(app, "/message")).toHaveValue("one");
    await app.at("call-history").getByRole("button", { name: "Undo" }).click();
    await expect(control(app, "/message")).toHaveValue("draft");
    await part(app, "history-edit", 0).click();
    await control(app, "/message").fill("edited");
    expect(record.sent("tools/call")).toHaveLength(1);
    await app.at("call-tool").click();
    await expect(app.at("result-raw")).toContainText("Echo: edited");
  });

  test("an earlier result is compared with the newest, by path", async ({ app }) => {
    await called(app, "one", "two");
    await expect(part(app, "history-compare", 0)).toHaveCount(0);
    await part(app, "history-compare", 1).click();
    const row = app.at("result-diff").locator('[data-path="/content/0/text"]');
    await expect(row).toHaveAttribute("data-change", "changed");
    await expect(row.locator("del")).toContainText("Echo: one");
    await expect(row.locator("ins")).toContainText("Echo: two");
    await expect(app.at("result-diff")).toBeFocused();
    // Of two that are equal that is said, and the newest is always the one that came last.
    await part(app, "history-again", 1).click();
    await expect(app.at("result-diff")).toContainText("equal");
  });

  test("results of thousands of values are compared within a bound", async ({ app }) => {
    await app.tool("big-rows");
    await app.call({ rows: 2_000 });
    await app.result("ok");
    await app.call({ rows: 3_000 });
    await expect(app.at("history-item")).toHaveCount(2);
    await part(app, "history-compare", 1).click();
    await expect(app.at("result-diff").locator("[data-path]")).toHaveCount(200);
    await expect(app.at("result-diff")).toContainText("1,001 differences");
    await expect(app.at("result-diff")).toContainText("more are not listed");
  });

  test("calls, arguments and the open result are there after a reload", async ({ app, page, record }) => {
    await called(app, "one", "two", "three");
    await part(app, "history-open", 2).click();
    await expect(app.at("result-raw")).toContainText("Echo: one");
    await app.at("args-mode").selectOption("form");
    await control(app, "/message").fill("typed");
    await page.reload();
    await app.is("connected");
    await expect(app.at("history-item")).toHaveCount(3);
    await expect(app.at("result-raw")).toContainText("Echo: one");
    await expect(control(app, "/message")).toHaveValue("typed");
    await app.atRest();
    expect(record.sent("tools/call")).toHaveLength(3);
    await part(app, "history-again", 0).click();
    await expect(app.at("result-raw")).toContainText("Echo: three");
    await expect(app.at("history-item")).toHaveCount(4);
  });

  test("a call that waits when the page is reloaded is a cancelled one of the history", async ({ app, page, record }) => {
    await app.tool("slow");
    await app.call({ seconds: 50 });
    await app.result("pending");
    for (const reload of ["the first reload", "the second reload"]) {
      await page.reload();
      await app.is("connected");
      await expect(app.at("history-item"), reload).toHaveCount(1);
      await expect(app.at("history-item")).toHaveAttribute("data-status", "cancelled");
      await expect(app.at("history-item")).toContainText("The page was left or reloaded");
    }
    await app.result("cancelled");
    await expect(app.at("cancellation")).toContainText("The page was left or reloaded");
    await app.atRest();
    expect(record.sent("tools/call")).toHaveLength(1);
    await part(app, "history-open", 0).click();
    expect(JSON.parse(await app.at("args-json").inputValue())).toEqual({ seconds: 50 });
  });

  test("a result beyond the bound is said to be lost, and its call is kept without it", async ({ app, page }) => {
    await app.tool("big-text");
    await app.call({ bytes: 400_000 });
    await app.result("ok");
    await expect(app.at("history-item")).toContainText("Result is lost on reload.");
    await page.reload();
    await app.is("connected");
    await expect(app.at("history-item")).toHaveAttribute("data-status", "ok");
    await expect(app.at("call-result")).toContainText("too long to be kept");
  });

  test("fifty calls of a tool are kept, and the oldest goes first", async ({ app }) => {
    test.slow();
    for (let index = 0; index < 52; index += 1) await called(app, `call ${index}`);
    await expect(app.at("history-item")).toHaveCount(50);
    await expect(app.at("history-item").first()).toContainText("call 51");
    await expect(app.at("history-item").last()).toContainText("call 2");
    await expect(app.at("call-history")).toContainText("At most 50 calls of a tool are kept");
  });

  test("the copied command is run, and answers what the page was answered", async ({ app, page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await called(app, `it's "$HOME" ä`);
    const command = await clipboard(app, "copy-curl");
    const { stdout } = await run("bash", ["-c", command]);
    expect(stdout).toContain(JSON.stringify(`Echo: it's "$HOME" ä`));
    await expect(page.locator("html")).toHaveAttribute("data-connection", "connected");
  });

  test("a copied link fills form and arguments elsewhere, and calls nothing", async ({ app, context, record }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await app.typeArguments('{"message": "100% ä&?#", "apiKey": "geheim"}');
    const link = await clipboard(app, "copy-tool-link");
    expect(link).toContain(`${app.home}tools/echo?server=`);
    expect(link).not.toContain("geheim");
    await expect(app.page.getByText("Secrets are left out of the link.")).toBeVisible();
    const other = new Flowglass(await context.newPage(), app.home);
    await other.page.goto(link);
    await other.ready();
    await expect(other.at("server-url")).toHaveValue(/\/mcp$/);
    await other.is("idle");
    const before = record.sent("initialize").length;
    await other.page.reload();
    await expect(other.at("server-url")).toHaveValue(/\/mcp$/);
    expect(record.sent("initialize")).toHaveLength(before);
    await other.at("connect").click();
    await other.is("connected");
    await expect(other.page).toHaveURL(`${app.home}tools/echo`);
    await expect(control(other, "/message")).toHaveValue("100% ä&?#");
    await other.atRest();
    expect(record.sent("tools/call")).toHaveLength(0);
  });

  test("a history is used with the keyboard alone", async ({ app, page }) => {
    await called(app, "one", "two");
    await app.at("args-mode").focus();
    await tabTo(page, "history-compare");
    await page.keyboard.press("Enter");
    await expect(app.at("result-diff")).toBeFocused();
    await tabTo(page, "history-again");
    await page.keyboard.press("Enter");
    await expect(app.at("history-item")).toHaveCount(3);
    // The row stays where it was, and the focus in it.
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("history-again");
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`a history has no serious violation of WCAG in ${colorScheme}, and fits a telephone`, async ({ app, page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await called(app, "one", `two ${"long".repeat(100)}`);
      await part(app, "history-compare", 1).click();
      await expect(app.at("result-diff")).toBeVisible();
      await accessible(page, "the history of a tool");
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(app, "the history of a tool");
    });
  }
});

test("the command of a guarded server has a variable for the token, and runs with it", async ({ app, context, start }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await start.mcp({ byHand: TOKEN });
  await app.open();
  await app.connected(server.url, { "bearer-token": TOKEN });
  await app.tool("echo");
  await app.call({ message: "guarded", note: TOKEN });
  await app.result("ok");
  const command = await clipboard(app, "copy-curl");
  expect(command).toContain('"$TOKEN"');
  expect(command).not.toContain(TOKEN);
  const { stdout } = await run("bash", ["-c", command], { env: { ...process.env, TOKEN } });
  expect(stdout).toContain("Echo: guarded");
  const link = await clipboard(app, "copy-tool-link");
  expect(link).not.toContain(TOKEN);
});

test("with tokens in memory only, calls and arguments end with the page, which says so", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.reveal("memory-only");
  await app.at("memory-only").check();
  await app.connected(server.url);
  await app.tool("echo");
  await called(app, "one");
  await expect(app.at("call-history")).toContainText("Tokens are in memory only");
  await page.reload();
  await app.is("connected");
  await expect(app.at("tool-schema")).toBeAttached();
  await expect(app.at("call-history")).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("flowglass.call.");
});

test("the command of every other transport and revision runs, too", async ({ app, context, everythingOverSse, start }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.open();
  await app.connected(everythingOverSse.url);
  await app.tool("echo");
  await called(app, "over a stream");
  const { stdout } = await run("bash", ["-c", await clipboard(app, "copy-curl")]);
  expect(stdout).toContain("Echo: over a stream");
  const modern = await start.modern();
  await app.go("connect");
  await app.at("disconnect").click();
  await app.connected(modern.url);
  await app.go("tools");
  await app.at("tool-item").first().click();
  await app.typeArguments("{}");
  const command = await clipboard(app, "copy-curl");
  expect(command.startsWith("curl ")).toBe(true);
  expect((await run("bash", ["-c", command])).stdout).toContain('"jsonrpc"');
});
