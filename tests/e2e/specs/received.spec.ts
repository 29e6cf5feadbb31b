// Requests of a server that it wants as tasks of this client (2025-11-25): made by the reference server and by the official
// SDK, which poll them, fetch what the user said, list and cancel them.
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startTasks } from "../servers/tasks.mjs";

const test = base.extend<{ server: Awaited<ReturnType<typeof startTasks>> }>({
  server: async ({}, use) => {
    const server = await startTasks();
    await use(server);
    await server.close();
  },
});

async function calls(app: Flowglass, url: string, tool: string, args: object) {
  await app.open();
  await app.connected(url);
  await app.tool(tool);
  await app.call(args);
}

test("a sampling of the reference server is a task that it polls until the user has responded", async ({ app, everything, record }) => {
  await calls(app, everything.url, "trigger-sampling-request-async", { prompt: "tides" });
  await expect(await app.asked("sampling")).toContainText("tides");
  await app.result("needs-input");
  const { capabilities } = record.sent("initialize")[0].params;
  expect(capabilities.tasks.requests).toEqual({ sampling: { createMessage: {} }, elicitation: { create: {} } });
  await app.at("request-dialog").locator("textarea").first().fill("High at noon");
  await app.answers("accept");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("[COMPLETED]");
  await expect(app.at("result-raw")).toContainText("High at noon");
  expect(record.sent("notifications/tasks/status").map((it) => it.params.status)).toEqual(["completed"]);
  await app.go("connect");
  await expect(app.at("violations")).toHaveCount(0);
});

test("an elicitation of the reference server that is declined is a completed task", async ({ app, everything }) => {
  await calls(app, everything.url, "trigger-elicitation-request-async", {});
  await app.asked("elicitation");
  await app.answers("decline");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("[DECLINED]");
});

test("the official SDK sees the task work and end, fetches its result, and lists it", async ({ app, server }) => {
  await calls(app, server.url, "ask-later", {});
  await app.asked("elicitation");
  await app.at("request-dialog").locator('[data-path="/place"]').fill("Ithaca");
  await app.answers("accept");
  await app.result("ok");
  await expect(app.at("result-block")).toContainText("working, completed, Ithaca; listed: completed");
});

test("a task that the SDK cancels is asked no more, and is cancelled once", async ({ app, server }) => {
  await calls(app, server.url, "ask-and-cancel", {});
  await app.result("ok");
  await expect(app.at("result-block")).toContainText("cancelled, then -32602");
  await expect(app.at("request-dialog")).toHaveCount(0);
});
