// What comes while a server works: progress, logs, changed lists, in streams that stay open.
import { MESSAGES, startLive } from "../../../e2e/servers/live.mjs";
import { expect, onlyWhereInstalled, test as base } from "../../browsers/fixtures.ts";

const test = base.extend<{ live: Awaited<ReturnType<typeof startLive>> }>({
  live: async ({}, use) => {
    const server = await startLive();
    await use(server);
    await server.close();
  },
});

onlyWhereInstalled();

test("progress is shown while the call is open", async ({ tab, live }) => {
  await tab.connect(live.url);
  await tab.is("connected");
  await tab.call("steps", "pending");
  await tab.has("call-progress", "value", "3");
  await tab.shows("progress", "Step 3");
  live.finish();
  await tab.result("ok");
  await tab.counts("call-progress", 0);
});

test("log messages come live, those of a call and those of the server's own stream", async ({ tab, live }) => {
  await tab.connect(live.url);
  await tab.is("connected");
  await tab.call("log");
  await tab.go("logs");
  await tab.has("log-list", "data-total", String(MESSAGES.length));
  await expect.poll(() => live.isHeard()).toBe(true);
  live.logAside("the tide turns");
  await tab.has("log-list", "data-total", String(MESSAGES.length + 1));
  await tab.shows("log-list", "the tide turns");
});

test("a changed list is told of, and a cancelled call reaches the server", async ({ tab, live }) => {
  await tab.connect(live.url);
  await tab.is("connected");
  await tab.call("stops", "pending");
  await tab.click("cancel-call");
  await tab.result("cancelled");
  await expect.poll(() => live.cancelled).toEqual(["stops"]);
  await tab.go("tools");
  await expect.poll(() => live.isHeard()).toBe(true);
  live.changeTools((all: object[]) => [...all, { name: "brand-new", inputSchema: { type: "object" } }]);
  await tab.has("list-change", "data-added", "1");
  await tab.there('[data-testid="tool-item"][data-name="brand-new"]');
});

test("HTTP+SSE: a stream of a server of 2024-11-05 carries a call", async ({ tab, everythingOverSse }) => {
  await tab.connect(everythingOverSse.url);
  await tab.is("connected");
  await tab.tool("get-sum");
  await tab.fill('input[data-path="/a"]', "20");
  await tab.fill('input[data-path="/b"]', "22");
  await tab.click("call-tool");
  await tab.result("ok");
  await tab.shows("result-raw", "42");
});
