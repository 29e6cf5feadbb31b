// How quick the page is with 10,000 tools, and with results of 10 KB to 10 MB and a search in them: figures to compare,
// printed and not judged.
import { expect, test } from "../helpers/fixtures.ts";
import { manyTools } from "../servers/tools.mjs";
import { figures, say, scrolled } from "./figures.ts";

const TOOLS = 10_000;
/** Rows of the tool `big-rows`, each about 70 bytes. */
const ROWS = [150, 1_500, 15_000, 150_000];
const LONG = { timeout: 60_000 };

test("10,000 tools", async ({ app, page, start }) => {
  const server = await start.mcp({ tools: manyTools(TOOLS) });
  await app.open();
  const listed = async () => {
    await app.connected(server.url);
    await expect(app.at("nav-tools")).toHaveText(`Tools ${TOOLS}`, LONG);
  };
  say(`connecting, ${TOOLS} tools`, await figures(page, listed));
  say("  opening the list", await figures(page, () => app.go("tools")));
  say("  scrolling it", await figures(page, () => scrolled(page)));
  const filter = app.at("tool-filter");
  const filtered = async () => {
    await filter.fill("tool-09999");
    await expect(app.at("tool-item")).toHaveCount(1);
  };
  say("  filtering it", await figures(page, filtered));
  await filter.fill("");
  const found = async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("tool-09999");
    await expect(app.at("palette-item").first()).toHaveAttribute("data-name", "tool-09999");
  };
  say("  finding one in the palette", await figures(page, found));
});

test("results of 10 KB to 10 MB", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.tool("big-rows");
  for (const rows of ROWS) {
    await app.typeArguments(JSON.stringify({ rows }));
    const shown = async () => {
      await app.at("call-tool").click();
      await expect(app.at("call-result")).toHaveAttribute("data-status", "ok", LONG);
      await expect(app.at("result-search")).toBeVisible();
    };
    say(`a result with ${rows} rows`, await figures(page, shown));
    say(`  of ${await app.at("call-result").getAttribute("data-bytes")} bytes: its last row found`, await figures(page, () => search(`ship ${rows - 1}`)));
    say("  a search with a hit a row", await figures(page, () => search('"cargo"')));
    await app.at("result-search").fill("");
  }

  async function search(words: string) {
    await app.at("result-search").fill(words);
    await expect(app.at("result-search-count")).toHaveText(/^1 of [1-9]\d*$/, LONG);
    await expect(app.at("result-raw").locator("mark")).toBeVisible();
  }
});
