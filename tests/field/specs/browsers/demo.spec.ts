// The first page and the demo: its servers are parts of the page, and respond alike in every browser.
import { FAULTS, REFUSED } from "../../../e2e/helpers/demo-faults.ts";
import { STEPS } from "../../../e2e/helpers/flowglass.ts";
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";
import type { Tab } from "../../browsers/tab.ts";

onlyWhereInstalled();

/** One fault of each kind: what a server says, what it forbids, what it forgets, and what breaks on the way. */
const EVERYWHERE = [
  "hidden-challenge",
  "wrong-issuer",
  "no-pkce",
  "redirect-uri-changed",
  "iss-mix-up",
  "dropped-state",
  "wrong-audience",
  "insufficient-scope-loop",
  "no-cors",
  "broken-stream",
  "session-hidden",
];

/** Allows whatever is asked until the run is over. */
async function run(tab: Tab) {
  for (let login = 0; login < 6; login += 1) {
    const state = async () => {
      if (!/demo\/authorize/.test(await tab.window.url())) return await tab.attribute("html", "data-connection");
      if (await tab.count("demo-refused")) return "no way back";
      return (await tab.count("demo-approve")) ? "login" : undefined;
    };
    await expect.poll(state, { timeout: 20_000 }).toMatch(/^(login|no way back|connected|refused|failed)$/);
    const now = await state();
    if (now === "no way back") {
      await tab.back();
      return tab.click("flow-give-up");
    }
    if (now !== "login") return;
    await tab.click("demo-approve");
    await expect.poll(() => tab.window.url(), { timeout: 20_000 }).not.toMatch(/demo\/authorize/);
    await tab.ready();
  }
  throw new Error("the run never ends");
}

test("the first page starts, and each of its pages by its own URL", async ({ tab, site }) => {
  await tab.there("demo");
  await tab.shows("app-version", /\d+\.\d+\.\d+/);
  for (const route of ["walkthrough", "tools", "wire", "logs"]) {
    await tab.window.goto(site.url + route);
    await tab.ready();
    await tab.has(`nav-${route}`, "aria-current", "page");
    expect(await tab.count("problem")).toBe(0);
  }
});

test("the demo is allowed and used; a reload keeps the connection and the trace", async ({ tab }) => {
  await tab.demo();
  await tab.click("demo-approve");
  await tab.is("connected");
  await tab.call("add");
  const result = await tab.text("result-raw");
  expect(result).toContain('"content"');
  await tab.reload();
  await tab.is("connected");
  await tab.shows("result-raw", result!);
  await tab.go("walkthrough");
  await tab.done(STEPS);
});

test("a step is presented, step by step", async ({ tab }) => {
  await tab.demo();
  await tab.click("demo-approve");
  await tab.is("connected");
  await tab.go("walkthrough");
  await tab.click("present");
  await tab.has("stage", "data-step", "mcp-request");
  await tab.click("presenter-next");
  await tab.has("stage", "data-step", "unauthorized");
  await tab.press("Escape");
  await tab.counts("presenter", 0);
});

for (const [fault, end] of Object.entries(FAULTS)) {
  const tag = EVERYWHERE.includes(fault) ? [] : ["@every-fault"];
  test(`the fault ${fault} ends as it should`, { tag }, async ({ tab }) => {
    await tab.demo(fault);
    await run(tab);
    if (typeof end === "string") await tab.ends(REFUSED.includes(end) ? "refused" : "failed", end);
    else if (end.at === "login") await tab.ends("failed", "access-denied");
    else await tab.is("connected");
    await tab.go("walkthrough");
    if (typeof end !== "string") await tab.has(`[data-step="${end.step}"]`, "data-verdict", end.verdict);
    await tab.shows("demo-revealed", fault);
  });
}
