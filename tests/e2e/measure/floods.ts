// How quick the page is while and after a server sends 10,000 log messages, and what makes 100,000 entries of the wire:
// figures to compare, printed and not judged.
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startHeavyMcp } from "../servers/heavy.mjs";
import { figures, say, scrolled } from "./figures.ts";

const LOGS = 10_000;
/** Each is an event and a message: two entries. */
const NOTES = 50_000;
const LONG = { timeout: 300_000 };

async function called(app: Flowglass, tool: string, count: number) {
  await app.tool(tool);
  return async () => {
    await app.call({ count });
    await expect(app.at("call-result")).toHaveAttribute("data-status", "ok", LONG);
  };
}

test("floods", async ({ app, page }) => {
  const server = await startHeavyMcp();
  await app.open();
  await app.connected(server.url);
  say(`${LOGS} log messages`, await figures(page, await called(app, "log", LOGS)));
  say("  opening the log", await figures(page, () => app.go("logs")));
  await expect(app.at("log-list")).toHaveAttribute("data-total", String(LOGS));
  say("  scrolling it", await figures(page, () => scrolled(page)));
  const filter = app.at("log-filter");
  say("  filtering it", await figures(page, () => filter.fill("line 99")));
  await filter.fill("");

  await app.go("connect");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connected(server.url);
  const flood = await called(app, "notes", NOTES);
  say(`${2 * NOTES} entries of the wire`, await figures(page, flood));
  say("  opening the exchanges", await figures(page, () => app.go("wire")));
  say("  all entries", await figures(page, () => app.raw()));
  const total = () => app.at("wire-list").getAttribute("data-total");
  expect(Number(await total())).toBeGreaterThan(2 * NOTES);
  say("  scrolling them", await figures(page, () => scrolled(page)));
  say("  filtering them", await figures(page, () => app.at("wire-filter").fill("tools/call")));
  await app.at("wire-filter").fill("");
  const before = Number(await total());
  const seen = async () => {
    await app.at("wire-view").selectOption("exchanges");
    await app.at("raw-method").fill("tools/call");
    await app.at("raw-params").fill(JSON.stringify({ name: "notes", arguments: { count: NOTES } }));
    await app.at("raw-send").click();
    await app.raw();
    await expect.poll(async () => Number(await total()), LONG).toBeGreaterThan(before + 2 * NOTES);
  };
  say(`${2 * NOTES} more, seen as they come`, await figures(page, seen));
  await server.close();
});
