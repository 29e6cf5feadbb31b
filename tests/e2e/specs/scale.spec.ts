// Much of everything: what is large on the wire stays small in the document, and nothing of it is lost.
import { readFile } from "node:fs/promises";
import { expect, test } from "../helpers/fixtures.ts";
import { manyTools, row } from "../servers/tools.mjs";

const FEW_NODES = 3000;
const TEN_MEGABYTES = 10_000_000;

const ROWS = 150_000;

const BIG_RESULTS = [
  [
    "one text",
    "big-text",
    { bytes: TEN_MEGABYTES },
    (it: Result) => expect(it.content[0].text).toHaveLength(TEN_MEGABYTES),
  ],
  [
    "rows",
    "big-rows",
    { rows: ROWS },
    (it: Result) => expect(it.structuredContent?.rows[ROWS - 1]).toEqual(row(null, ROWS - 1)),
  ],
] as const;

interface Result {
  content: { text: string }[];
  structuredContent?: { rows: unknown[] };
}

for (const [what, tool, args, isWhole] of BIG_RESULTS) {
  test(`a result of 10 MB in ${what} is shown, and is downloaded whole`, async ({ app, page, start }) => {
    const server = await start.mcp();
    await app.open();
    await app.connected(server.url);
    await app.tool(tool);
    await app.call(args);
    await expect(app.at("call-result")).toHaveAttribute("data-status", "ok", { timeout: 30_000 });
    await expect(app.at("call-result")).toHaveAttribute("data-bytes", /^\d{8,}$/);
    await expect(app.at("result-raw")).toContainText("content");
    expect(await app.nodes()).toBeLessThan(FEW_NODES);
    const arriving = page.waitForEvent("download");
    await app.at("result-download").click();
    isWhole(JSON.parse(await readFile(await (await arriving).path(), "utf8")));
    // The page goes on as before.
    await app.go("wire");
    expect(await app.nodes()).toBeLessThan(FEW_NODES);
    await app.tool("echo");
    await app.call({ message: "still quick" });
    await app.result("ok");
  });
}

test("10,000 tools are listed, filtered, and called", async ({ app, start }) => {
  const server = await start.mcp({ tools: manyTools(10_000) });
  await app.open();
  await app.connected(server.url);
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", "10000", { timeout: 20_000 });
  await expect(app.item("tool-00000")).toBeVisible();
  expect(await app.nodes()).toBeLessThan(FEW_NODES);
  await app.at("tool-filter").fill("NUMBER 9876");
  await expect(app.at("tool-item")).toHaveCount(1);
  await app.item("tool-09876").click();
  await app.call({ place: 1 });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("9876");
});

test("scrolling a long list shows its end", async ({ app, page, start }) => {
  const server = await start.mcp({ tools: manyTools(2_000) });
  await app.open();
  await app.connected(server.url);
  await app.go("tools");
  await app.item("tool-00000").hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 20_000);
      return app.item("tool-01999").isVisible();
    })
    .toBe(true);
  expect(await app.nodes()).toBeLessThan(FEW_NODES);
});
