// How quick the page is after an authorization and many calls: figures to compare, on a machine that does nothing else.
// They are printed and not judged.
import type { Page } from "@playwright/test";
import { authorized } from "../helpers/authorized.ts";
import { test } from "../helpers/fixtures.ts";
import { figures, say } from "./figures.ts";

const CALLS = [50, 500, 2_500];

/** Presses the button so often; each time until the answer is drawn. The middle one and the 95th of a hundred. */
function call(page: Page, times: number): Promise<string> {
  return page.evaluate(async (times) => {
    const at = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
    const took: number[] = [];
    for (let call = 0; call < times; call += 1) {
      const began = performance.now();
      at("call-tool")?.click();
      do await new Promise(requestAnimationFrame);
      while (at("call-result")?.dataset.status !== "ok");
      took.push(performance.now() - began);
    }
    const last = took.slice(-50).sort((a, b) => a - b);
    return `${Math.round(last[25])} ms, 95 of 100 within ${Math.round(last[47])} ms`;
  }, times);
}

test("a long session", async ({ app, page, start }) => {
  await authorized(app, start);
  let made = 0;
  for (const calls of CALLS) {
    await app.tool("echo");
    say(`a call, the last 50 of ${calls}`, await call(page, calls - made));
    made = calls;
    say(`  opening the wire page (${calls} calls)`, await figures(page, () => app.go("wire")));
    const search = app.at("wire-search");
    say("  searching its bodies", await figures(page, () => search.fill("for the record")));
    await search.fill("");
    say("  all entries of it", await figures(page, () => app.raw()));
    const filter = app.at("wire-filter");
    say("  filtering them", await figures(page, () => filter.fill("tools/call")));
    await filter.fill("");
    await app.at("wire-view").selectOption("exchanges");
    say("  opening the walkthrough", await figures(page, () => app.go("walkthrough")));
    for (const kind of ["har", "svg", "markdown", "trace"]) {
      const save = () => Promise.all([page.waitForEvent("download"), app.at(`export-${kind}`).click()]);
      say(`  exporting as ${kind}`, await figures(page, save));
    }
  }
});
