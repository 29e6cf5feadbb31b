// Results: each kind as what it is, and 10 MB with a search.
import { startResults } from "../../../e2e/servers/results.mjs";
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

const ROWS = 150_000;
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const RESULTS = {
  kinds: {
    content: [
      { type: "resource", resource: { uri: "notes://a", mimeType: "text/markdown", text: "# Berths\n\n- **two**\n" } },
      { type: "resource", resource: { uri: "notes://b", mimeType: "text/csv", text: "id,name\n1,Argo\n" } },
      { type: "image", mimeType: "image/png", data: PIXEL },
    ],
    structuredContent: { port: "Ithaca" },
  },
};

test("a result of 10 MB is searched, and goes from hit to hit in few elements", async ({ tab, start }) => {
  const server = await start.mcp();
  await tab.connect(server.url);
  await tab.is("connected");
  await tab.tool("big-rows");
  await tab.fill('input[data-path="/rows"]', String(ROWS));
  await tab.click("call-tool");
  await tab.result("ok");
  await tab.has("call-result", "data-bytes", /^\d{8,}$/);
  await tab.fill("result-search", `ship ${ROWS - 1}`);
  await tab.shows("result-search-count", "1 of 1");
  await tab.shows('[data-testid="result-raw"] mark', `Ship ${ROWS - 1}`);
  await tab.fill("result-search", '"cargo"');
  await tab.shows("result-search-count", `1 of ${ROWS}`);
  await tab.press("Enter");
  await tab.shows("result-search-count", `2 of ${ROWS}`);
  expect(await tab.count("*")).toBeLessThan(3_000);
});

test("each block is drawn as what it is", async ({ tab }) => {
  const server = await startResults(RESULTS);
  await tab.connect(server.url);
  await tab.is("connected");
  await tab.call("kinds");
  const block = (kind: string, inside: string) => `[data-testid="result-block"][data-kind="${kind}"] ${inside}`;
  await tab.shows(block("markdown", "li strong"), "two");
  await tab.shows(block("csv", "[role=cell]:last-child"), "Argo");
  await tab.shows(block("structured", "[role=tree]"), "Ithaca");
  await expect
    .poll(() => tab.window.run((it) => document.querySelector<HTMLImageElement>(it)?.naturalWidth, block("image", "img")))
    .toBe(1);
  await server.close();
});
