// A server without authorization: server-everything over Streamable HTTP, from the address to the disconnect.
import { expect, test } from "../helpers/fixtures.ts";
import { ALL_ROWS } from "../helpers/flowglass.ts";
import { toolsOf } from "../helpers/script-mcp.ts";

test.beforeEach(async ({ app, everything, record }) => {
  void record; // From the first request on.
  await app.open();
  await app.connected(everything.url);
});

test("connecting shows the server, its version and its transport", async ({ app }) => {
  await expect(app.at("negotiated-version")).toHaveText("2025-11-25");
  await expect(app.at("negotiated-transport")).toHaveText("Streamable HTTP");
  await expect(app.at("server-name")).toContainText(/everything/i);
  await expect(app.at("disconnect")).toBeVisible();
  await expect(app.at("connect")).toHaveCount(0);
  await expect(app.at("problem")).toHaveCount(0);
  await app.atRest();
});

test("the list holds the tools that the server sent, and the filter leaves those that match", async ({
  app,
  everything,
  record,
}) => {
  await app.go("tools");
  await expect(app.item("echo")).toBeVisible();
  const sent = await toolsOf(everything.url, record.sent("initialize")[0].params.capabilities);
  expect(sent.length).toBeGreaterThanOrEqual(12);
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(sent.length));
  await app.at("tool-filter").fill("ECHOES BACK");
  await expect(app.at("tool-item")).toHaveCount(1);
  await expect(app.item("echo")).toBeVisible();
  await app.at("tool-filter").fill("no tool is called this");
  await expect(app.at("tool-item")).toHaveCount(0);
});

test("a tool shows its schema exactly as it was received", async ({ app, everything }) => {
  const sent = await toolsOf(everything.url, {});
  for (const name of ["echo", "get-annotated-message"]) {
    await app.tool(name);
    const schema = sent.find((it) => it.name === name)?.inputSchema;
    await expect.poll(async () => sameJson(await app.at("tool-schema").textContent())).toBe(JSON.stringify(schema));
  }
});

test("the arguments start as valid JSON, and what stands there goes out as it is", async ({ app, record }) => {
  await app.tool("echo");
  if (await app.at("args-mode").isVisible()) await app.at("args-mode").selectOption("json");
  const draft = JSON.parse(await app.at("args-json").inputValue());
  expect(typeof draft.message).toBe("string");
  await app.call({ message: "ahoy", nobodyAsked: [1, null] });
  await app.result("ok");
  expect(record.sent("tools/call")[0].params.arguments).toEqual({ message: "ahoy", nobodyAsked: [1, null] });
});

test("a call shows its result, with its bytes and its time", async ({ app }) => {
  await app.tool("echo");
  await expect(app.at("call-result")).toHaveCount(0);
  await app.call({ message: "ahoy there" });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("Echo: ahoy there");
  await expect(app.at("call-result")).toHaveAttribute("data-bytes", /^[1-9]\d*$/);
  await expect(app.at("call-result")).toHaveAttribute("data-ms", /^\d/);
});

test("a call that the tool itself refuses is a tool error, and the next one is clean again", async ({ app }) => {
  await app.tool("get-sum");
  await app.call({ a: "not a number" });
  await app.result("tool-error");
  await app.call({ a: 2, b: 40 });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("42");
});

test("a long call can be cancelled, and the tab stays connected", async ({ app, record }) => {
  await app.tool("trigger-long-running-operation");
  await app.call({ duration: 30, steps: 30 });
  await app.result("pending");
  await app.at("cancel-call").click();
  await app.result("cancelled");
  await expect.poll(() => record.sent("notifications/cancelled").length).toBe(1);
  await app.is("connected");
  await app.tool("echo");
  await app.call({ message: "still here" });
  await app.result("ok");
});

test("a reload of a connected tab connects again, also deep in the tools", async ({ app, page }) => {
  await app.tool("echo");
  await page.reload();
  await app.ready();
  await app.is("connected");
  await expect(page).toHaveURL(/\/tools\/echo(\?.*)?$/);
  await expect(app.at("tool-schema")).toContainText("message");
});

test("disconnecting ends the session with DELETE and is idle, also after a reload", async ({
  app,
  page,
  record,
  everything,
}) => {
  await app.at("disconnect").click();
  await app.is("idle");
  await expect(app.at("connect")).toBeVisible();
  await expect
    .poll(() =>
      record
        .to(everything.url)
        .filter((it) => it.method === "DELETE")
        .map((it) => it.status),
    )
    .toEqual(["200"]);
  await app.go("wire");
  await app.raw();
  await app.at("wire-filter").fill("DELETE");
  await expect(app.page.locator('[data-testid="wire-entry"][data-kind="http"][data-method="DELETE"]')).toHaveCount(1);
  await page.reload();
  await app.ready();
  await app.is("idle");
});

test("the wire page lists exactly the requests that the browser sent", async ({ app, page, record }) => {
  await page.setViewportSize(ALL_ROWS);
  await app.tool("echo");
  await app.call({ message: "for the record" });
  await app.result("ok");
  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.atRest();
  await app.go("wire");
  const sent = record
    .fetched(app.home)
    .map((it) => it.line)
    .sort();
  expect(sent.length).toBeGreaterThanOrEqual(5);
  await expect.poll(() => app.wire()).toEqual(sent);
  await page.reload();
  await app.ready();
  await expect.poll(() => app.wire()).toEqual(sent);
});

test("clearing the wire leaves nothing of what was there", async ({ app }) => {
  await app.go("wire");
  await app.raw();
  await expect(app.at("wire-list")).toHaveAttribute("data-total", /^[1-9]/);
  // This server asks for the roots a moment after connecting, which may be after the press.
  const shown = () => app.at("wire-list").locator("a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  const before = await shown();
  expect(before.length).toBeGreaterThan(0);
  await app.at("wire-clear").click();
  await expect.poll(async () => (await shown()).filter((it) => before.includes(it))).toEqual([]);
});

function sameJson(text: string | null) {
  return JSON.stringify(JSON.parse(text ?? "null"));
}
