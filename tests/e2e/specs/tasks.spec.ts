// Calls that become tasks, against the official SDK: how they are made, polled, asked for input, cancelled, listed and
// taken up after a reload. And what else a server asks of its client: a model's response with tools, and its roots.
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startModernTasks } from "../servers/modern-tasks.mjs";
import { startTasks } from "../servers/tasks.mjs";

interface Servers {
  server: Awaited<ReturnType<typeof startTasks>>;
  modern: Awaited<ReturnType<typeof startModernTasks>>;
}

const test = base.extend<Servers>({
  server: async ({}, use) => {
    const server = await startTasks();
    await use(server);
    await server.close();
  },
  modern: async ({}, use) => {
    const server = await startModernTasks();
    await use(server);
    await server.close();
  },
});

test.describe("on a server with tasks", () => {
  test.beforeEach(async ({ app, server }) => {
    await app.open();
    await app.connected(server.url);
  });

  async function tasks(app: Flowglass) {
    await app.at("nav-tasks").click();
    await expect(app.page).toHaveURL(/\/tasks$/);
  }

  /** Calls a tool, and is back when the server has the task. Its id. */
  async function digs(app: Flowglass, server: { open: string[] }, tool = "drill") {
    await app.tool(tool);
    if (tool === "dig") await app.at("call-as-task").check();
    await app.call({});
    await expect.poll(() => server.open.length).toBe(1);
    return server.open[0];
  }

  test("a tool that allows it is called as a task only where that was chosen", async ({ app, server }) => {
    await app.tool("dig");
    await expect(app.at("call-as-task")).not.toBeChecked();
    await app.call({});
    await app.result("pending");
    await expect.poll(() => server.open.length).toBe(1);
    await server.finish("sand");
    await app.result("ok");
    expect(server.calls("tools/call")[0].params.task).toBeUndefined();
    expect(server.calls("tasks/get")).toHaveLength(0);
    const id = await digs(app, server, "dig");
    await app.result("pending");
    expect(server.calls("tools/call")[1].params.task).toEqual({});
    await server.finish("gold");
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("gold");
    expect(server.calls("tasks/get")[0].params.taskId).toBe(id);
  });

  test("a tool that requires it is always called as a task, and other tools have no choice", async ({ app, server }) => {
    await app.tool("drill");
    await expect(app.at("call-as-task")).toBeChecked();
    await expect(app.at("call-as-task")).toBeDisabled();
    await app.call({});
    await expect.poll(() => server.open.length).toBe(1);
    expect(server.calls("tools/call")[0].params.task).toEqual({});
    await app.tool("list-roots");
    await expect(app.at("call-as-task")).toHaveCount(0);
  });

  test("a task says how it stands while it works, and holds its result when it has ended", async ({ app, server }) => {
    const id = await digs(app, server);
    await tasks(app);
    const item = app.at("task-item");
    await expect(item).toHaveAttribute("data-id", id);
    await expect(item).toHaveAttribute("data-status", "working");
    await expect(item).toContainText("drill");
    await expect(app.at("nav-tasks")).toContainText("1");
    await server.says("three metres down");
    await expect(item).toContainText("three metres down");
    await server.finish("gold");
    await expect(item).toHaveAttribute("data-status", "completed");
    await expect(app.at("task-result")).toContainText("gold");
    await expect(app.at("task-cancel")).toHaveCount(0);
    await item.getByRole("link", { name: "drill" }).click();
    await app.result("ok");
    await expect(app.at("history-item")).toHaveCount(1);
  });

  test("a failed task is an error of its call", async ({ app, server }) => {
    await digs(app, server);
    await server.finish("the shaft collapsed", "failed");
    await app.result("tool-error");
    await tasks(app);
    await expect(app.at("task-item")).toHaveAttribute("data-status", "failed");
    await expect(app.at("task-result")).toContainText("collapsed");
  });

  test("a task is cancelled on its page, and its call with it", async ({ app, server }) => {
    const id = await digs(app, server);
    await tasks(app);
    await app.at("task-cancel").click();
    await expect(app.at("task-item")).toHaveAttribute("data-status", "cancelled");
    expect(server.calls("tasks/cancel").map((it) => it.params.taskId)).toEqual([id]);
    expect(server.calls("notifications/cancelled")).toHaveLength(0);
    await app.at("task-item").getByRole("link", { name: "drill" }).click();
    await app.result("cancelled");
  });

  test("a cancelled call cancels its task", async ({ app, server }) => {
    await digs(app, server);
    await app.at("cancel-call").click();
    await app.result("cancelled");
    await expect.poll(() => server.calls("tasks/cancel").length).toBe(1);
    await tasks(app);
    await expect(app.at("task-item")).toHaveAttribute("data-status", "cancelled");
  });

  test("a reload takes the task up, and its result is that of the call", async ({ app, page, server }) => {
    const id = await digs(app, server);
    await page.reload();
    await app.is("connected");
    await app.result("pending");
    await tasks(app);
    await expect(app.at("task-item")).toHaveAttribute("data-id", id);
    await server.finish("gold");
    await expect(app.at("task-item")).toHaveAttribute("data-status", "completed");
    await app.at("task-item").getByRole("link", { name: "drill" }).click();
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("gold");
    expect(server.calls("tools/call")).toHaveLength(1);
  });

  test("a task that the server forgot ends its call, and says so", async ({ app, page, server }) => {
    await digs(app, server);
    await page.route("**/mcp", async (route) => {
      const body = route.request().postDataJSON?.();
      if (body?.method !== "tasks/get") return route.continue();
      const error = { code: -32602, message: "Task not found" };
      await route.fulfill({
        json: { jsonrpc: "2.0", id: body.id, error },
        headers: { "access-control-allow-origin": "*", "content-type": "application/json" },
      });
    });
    await app.result("rpc-error");
    await tasks(app);
    await expect(app.at("task-item")).toContainText("Task not found");
    await expect(app.at("task-cancel")).toHaveCount(0);
  });

  test("tasks of others are listed, and their results fetched when they are opened", async ({ app, server }) => {
    const id = await server.addEnded("silver");
    await tasks(app);
    await expect(app.at("task-item")).toHaveAttribute("data-id", id);
    expect(server.calls("tasks/result")).toHaveLength(0);
    await app.at("task-result").locator("summary").click();
    await expect(app.at("task-result")).toContainText("silver");
    const other = await server.addEnded("tin");
    await app.at("tasks-refresh").click();
    await expect(app.page.locator(`[data-testid="task-item"][data-id="${other}"]`)).toBeVisible();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`the page has no serious violation of WCAG in ${colorScheme}, and fits a narrow window`, async ({
      app,
      page,
      server,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await server.addEnded("silver");
      await digs(app, server);
      await accessible(page, "a call as a task");
      await tasks(app);
      await expect(app.at("task-item")).toHaveCount(2);
      await accessible(page, "the tasks");
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(app, "the tasks");
    });
  }

  test("a request for sampling is shown as a conversation, with preferences and tools", async ({ app }) => {
    await app.tool("ask-model");
    await app.call({});
    const dialog = await app.asked("sampling");
    for (const text of ["How deep is the harbour?", "no chart", "You are a pilot.", "Looks things up"])
      await expect(dialog).toContainText(text);
    for (const text of ["small-model", "speed 0.9", "77"])
      await expect(app.at("sampling-preferences")).toContainText(text);
  });

  test("a text, a tool use and the same again are answers to sampling", async ({ app, page }) => {
    await app.tool("ask-model");
    await app.call({});
    await app.asked("sampling");
    await expect(app.at("sampling-again")).toHaveCount(0);
    await page.locator('[data-testid="request-dialog"] textarea').fill("Nine metres");
    await app.answers("accept");
    await app.asked("sampling");
    await app.at("sampling-reply").selectOption("search");
    await expect(app.at("sampling-input")).toHaveValue(/"query"/);
    await app.at("sampling-input").fill("{");
    await app.answers("accept");
    await expect(app.at("sampling-input")).toHaveAttribute("aria-invalid", "true");
    await app.at("sampling-input").fill('{"query":"tide"}');
    await app.answers("accept");
    await app.at("sampling-again").click();
    await app.result("ok");
    const text = await app.at("result-raw").innerText();
    const [first, second, third] = JSON.parse(JSON.parse(text).content[0].text);
    expect(first).toMatchObject({ type: "text", text: "Nine metres" });
    expect(second).toMatchObject({ type: "tool_use", name: "search", input: { query: "tide" } });
    expect(third).toMatchObject({ type: "tool_use", name: "search", input: { query: "tide" } });
  });

  test("roots are edited while connected, and the server is notified", async ({ app, server }) => {
    await app.fill({ roots: "file:///srv/harbour The harbour" });
    await app.at("roots-save").click();
    await expect.poll(() => server.calls("notifications/roots/list_changed").length).toBe(1);
    await app.tool("list-roots");
    await app.call({});
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("file:///srv/harbour");
    await app.go("connect");
    await app.fill({ roots: "/srv" });
    await expect(app.at("roots")).toHaveAttribute("aria-invalid", "true");
    await expect(app.at("roots-save")).toHaveAttribute("aria-disabled", "true");
  });
});

test.describe("in 2026-07-28, where the server decides", () => {
  const WHERE = { type: "object", properties: { place: { type: "string", title: "Place" } }, required: ["place"] };

  test.beforeEach(async ({ app, modern }) => {
    await app.open();
    await app.connected(modern.url);
    await app.tool("dig");
    await app.call({});
    await app.result("pending");
    await expect.poll(() => modern.ids().length).toBe(1);
  });

  test("a call that became a task is polled, asked once for input, and has the result of the task", async ({
    app,
    modern,
  }) => {
    const [id] = modern.ids();
    await expect(app.at("call-as-task")).toHaveCount(0);
    modern.asks({ where: { method: "elicitation/create", params: { message: "Where?", requestedSchema: WHERE } } });
    const dialog = await app.asked("elicitation");
    await app.result("needs-input");
    const polls = modern.calls("tasks/get").length;
    await expect.poll(() => modern.calls("tasks/get").length).toBeGreaterThan(polls + 1);
    await expect(dialog).toHaveAttribute("data-queue", "1");
    await dialog.getByLabel(/^Place/).fill("at sea");
    await app.answers("accept");
    await expect.poll(() => modern.updates()).toEqual([{ where: { action: "accept", content: { place: "at sea" } } }]);
    await app.result("pending");
    modern.finish("gold");
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("gold");
    expect(modern.calls("tools/call")).toHaveLength(1);
    for (const method of ["tasks/get", "tasks/update"])
      expect(modern.calls(method).at(-1)?.headers["mcp-name"], method).toBe(id);
    await expect(app.at("problem")).toHaveCount(0);
  });

  test("a reload takes the task up", async ({ app, modern, page }) => {
    await page.reload();
    await app.is("connected");
    await app.result("pending");
    modern.finish("gold");
    await app.result("ok");
    expect(modern.calls("tools/call")).toHaveLength(1);
  });

  test("a task is cancelled, and nothing is listed", async ({ app, modern }) => {
    await app.at("nav-tasks").click();
    await expect(app.at("task-item")).toHaveAttribute("data-status", "working");
    await app.at("task-cancel").click();
    await expect(app.at("task-item")).toHaveAttribute("data-status", "cancelled");
    await expect(app.at("tasks-refresh")).toHaveCount(0);
    expect(modern.calls("tasks/cancel")).toHaveLength(1);
    expect(modern.calls("tasks/list")).toHaveLength(0);
  });
});

test("a task of 2026-07-28 is subscribed to, and a notification brings its result before a poll does", async ({ app, modern }) => {
  modern.tells();
  await app.open();
  await app.connected(modern.url);
  await app.tool("dig");
  await app.call({});
  await app.result("pending");
  const [id] = modern.ids();
  const subscribed = () => modern.calls("subscriptions/listen").at(-1)?.body.params.notifications.taskIds;
  await expect.poll(subscribed).toEqual([id]);
  modern.tell(id, "gold");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("gold");
  await app.go("connect");
  await expect(app.at("violations")).toHaveCount(0);
});

test("a server without tasks has no page for them", async ({ app, start }) => {
  const server = await start.modern();
  await app.open();
  await app.connected(server.url);
  await expect(app.at("nav-tools")).toBeVisible();
  await expect(app.at("nav-tasks")).toHaveCount(0);
});

test("the reference server asks in the middle of a task", async ({ app, everything }) => {
  await app.open();
  await app.connected(everything.url);
  await app.tool("simulate-research-query");
  await app.call({ topic: "python", ambiguous: true });
  const dialog = await app.asked("elicitation");
  await app.result("needs-input");
  await dialog.getByLabel(/^Clarification/).selectOption({ label: "Python snake species" });
  await app.answers("accept");
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("snake");
});
