// Without a mouse.
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

test("connecting and calling a tool need no mouse", async ({ tab, start }) => {
  const server = await start.mcp();
  await tab.tabTo("server-url");
  await tab.keys(server.url);
  await tab.tabTo("connect");
  await tab.press("Enter");
  await tab.is("connected");
  await tab.tabTo("nav-tools");
  await tab.press("Enter");
  await tab.there("tool-filter");
  await tab.tabTo("tool-filter");
  await tab.keys("echo");
  await tab.counts("tool-item", 1);
  await tab.tabTo("tool-item");
  await tab.press("Enter");
  await tab.there("call-tool");
  await expect.poll(() => tab.window.url()).toMatch(/\/tools\/echo(\?.*)?$/);
  await tab.tabTo("call-tool");
  await tab.press("Space");
  await tab.result("ok");
});
