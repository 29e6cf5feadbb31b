// Where browsers differ: the page says what this one does.
import { DIST } from "../../../e2e/helpers/fixtures.ts";
import { startApp } from "../../../e2e/servers/app.mjs";
import { startTls } from "../../../e2e/servers/web-server.mjs";
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

test("from https, http://localhost is allowed or said to be blocked by this browser", async ({ engine, visit, start }) => {
  const server = await start.mcp();
  const site = await startApp({ folder: DIST });
  const page = await startTls({ ...site, port: new URL(site.url).port }, "localhost");
  const tab = await visit(page.url);
  await tab.connect(server.url);
  if (engine === "webkit") {
    await tab.is("failed");
    await tab.shows("problem", "blocks http://localhost from https");
    expect(server.requests).toEqual([]);
  } else {
    await tab.is("connected");
  }
  await page.close();
});

test("require-corp does not turn a server without CORS headers into one that does not respond", async ({ engine, visit, start }) => {
  const server = await start.mcp({ crossOrigin: { cors: false } });
  const site = await startApp({ folder: DIST, headers: { "cross-origin-embedder-policy": "require-corp" } });
  const tab = await visit(site.url);
  await tab.connect(server.url);
  // Firefox reports nothing of what this policy withholds: what it cannot know, the page does not say.
  await tab.ends("failed", engine === "webkit" ? "cors-blocked" : "unreachable");
  if (engine === "firefox") await tab.shows("problem-title", "No response could be read");
  await site.close();
});

test("a server that is not there is told from one without CORS headers", async ({ tab, start }) => {
  const silent = await start.mcp();
  await silent.close();
  await tab.connect(silent.url);
  await tab.ends("failed", "unreachable");
});
