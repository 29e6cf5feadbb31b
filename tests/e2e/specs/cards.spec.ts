// The card of a failure: one at a time, its parts in order, low enough, the same after a reload, and nothing of it twice.
import type { Page } from "@playwright/test";
import { closedOrigin } from "../servers/listen.mjs";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";

const OWNERS = /^(mcp-server|authorization-server|network|browser|host|user)$/;
const PARTS = ["problem-title", "problem-fix", "problem-reason", "problem-evidence"];

/** Faults of the demo that end in a card, by how their login goes. */
const FAULTS: [string, string][] = [
  ["metadata-at-wrong-path", "registration-refused"],
  ["foreign-resource", "resource-mismatch"],
  ["wrong-issuer", "issuer-mismatch"],
  ["unsafe-endpoint", "unsafe-url"],
  ["no-pkce", "pkce-unsupported"],
  ["no-registration", "registration-unavailable"],
  ["registration-refused", "registration-refused"],
  ["invalid-redirect-uri", "registration-refused"],
  ["no-cors", "cors-blocked"],
  ["cors-missing-on-errors", "cors-blocked"],
  ["html-instead-of-json", "not-json"],
];

/** Those whose failure comes after a login. */
const AFTER_LOGIN: [string, string][] = [
  ["server-error", "http-status"],
  ["broken-stream", "truncated"],
  ["session-hidden", "session-hidden"],
  ["unknown-version", "version-mismatch"],
  ["login-error", "authorization-error"],
  ["iss-mix-up", "iss-mismatch"],
  ["iss-missing", "iss-missing"],
  ["dropped-state", "state-mismatch"],
  ["no-code", "code-missing"],
  ["code-used-twice", "token-refused"],
  ["token-refused", "token-refused"],
  ["resource-refused", "token-refused"],
  ["token-endpoint-blocked", "cors-blocked"],
  ["token-as-html", "token-invalid"],
  ["expired-token", "scope-limit"],
  ["wrong-audience", "token-audience"],
];

/**
 * Sentences of 25 characters or more that stand on the page more than once. Names of steps, who speaks to whom, and what
 * was on the wire are none.
 */
function repeated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    for (const it of document.querySelectorAll("[data-testid=problem] details")) it.setAttribute("open", "");
    const text = [...document.querySelectorAll("p, li, dd, h1, h2, h3, h4")]
      .filter((it) => !it.querySelector("p, li, dd, pre") && !it.closest("pre, option"))
      .map((it) => (it as HTMLElement).innerText.trim());
    const sentences = text.flatMap((it) => it.split(/(?<=[.!?])\s+|\n/)).filter((it) => it.length >= 25 && it.split(/\s+/).length > 4 && !it.includes("→"));
    return sentences.filter((it, index) => sentences.indexOf(it) !== index);
  });
}

async function holds(app: Flowglass, code: string, what: string) {
  const card = app.at("problem");
  await expect(card, what).toHaveCount(1);
  await expect(card, what).toHaveAttribute("data-code", code);
  await expect(card, what).toHaveAttribute("data-owner", OWNERS);
  await expect(app.at("problem-evidence"), what).toBeAttached();
  const parts = await card.locator("[data-testid^=problem-]").evaluateAll((all) => all.map((it) => it.getAttribute("data-testid")));
  expect(parts.filter((it) => PARTS.includes(it ?? "")), what).toEqual(PARTS);
  const box = await card.boundingBox();
  expect(box?.height, what).toBeLessThanOrEqual(0.4 * 800);
  const text = await card.textContent();
  await app.page.reload();
  await app.ready();
  await expect(app.at("problem-evidence"), what).toBeAttached();
  expect(await card.textContent(), what).toBe(text);
  expect(await repeated(app.page), what).toEqual([]);
}

test.use({ viewport: { width: 1280, height: 800 } });

async function demo(app: Flowglass, fault: string) {
  await app.open();
  await app.at("demo-fault").selectOption(fault);
  await app.at("demo").click();
}

for (const [fault, code] of FAULTS) {
  test(`the card of ${fault}`, async ({ app }) => {
    await demo(app, fault);
    await expect(app.html).toHaveAttribute("data-connection", /^(refused|failed)$/);
    await app.go("connect");
    await holds(app, code, fault);
    const owner = await app.at("problem").getAttribute("data-owner");
    await app.go("walkthrough");
    const failed = app.page.locator(`[data-testid="flow-step"][data-code="${code}"]`);
    await expect(failed).toHaveAttribute("data-owner", owner ?? "");
    expect(await repeated(app.page), fault).toEqual([]);
  });
}

for (const [fault, code] of AFTER_LOGIN) {
  test(`the card of ${fault}, after a login`, async ({ app }) => {
    await demo(app, fault);
    await approveUntilOver(app);
    await app.go("connect");
    await holds(app, code, fault);
  });
}

/** Allows whatever is asked until the run is over: a login may come more than once. */
async function approveUntilOver(app: Flowglass) {
  const state = async () =>
    /demo\/authorize/.test(app.page.url()) ? "login" : ((await app.html.getAttribute("data-connection")) ?? "");
  for (;;) {
    await expect.poll(state).toMatch(/^(login|connected|refused|failed)$/);
    if ((await state()) !== "login") return;
    await app.ready();
    await app.at("demo-approve").click();
    await expect(app.page).not.toHaveURL(/demo\/authorize/);
    await app.ready();
  }
}

test("servers that fail: the fix comes with a snippet, and the output of curl is judged", async ({ app, start }) => {
  const allow = ["authorization", "content-type", "accept", "mcp-session-id"];
  const server = await start.mcp({ crossOrigin: { allow } });
  await app.open();
  await app.connect(server.url);
  await app.fails("cors-blocked");
  await holds(app, "cors-blocked", "a header that is not allowed");
  await expect(app.at("problem-fix")).toContainText("mcp-protocol-version");
  await app.at("problem-framework").selectOption({ label: "FastMCP (Python)" });
  await expect(app.at("problem-fix").locator("pre")).toContainText(`allow_origins=["${new URL(app.home).origin}"]`);
  await app.reveal("problem-output");
  await expect(app.at("problem-curl").locator("pre")).toContainText("curl -i -X OPTIONS");
  await app.at("problem-output").fill("HTTP/1.1 204 No Content\naccess-control-allow-origin: *\naccess-control-allow-headers: content-type\n");
  await expect(app.at("problem-judged")).toContainText("mcp-protocol-version");
});

test("a failure has its code at once, while the words of it are on their way", async ({ app, page }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/walkthrough-[^/]*\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await app.open();
  await app.connect(`${await closedOrigin()}/mcp`);
  await app.is("failed");
  await expect(app.at("problem")).toHaveCount(1);
  await expect(app.at("problem")).toHaveAttribute("data-code", "unreachable");
  await expect(app.at("problem-title")).toHaveCount(0);
  release();
  await expect(app.at("problem-title")).toBeVisible();
  await expect(app.at("problem")).toHaveCount(1);
});

test("a card folds to its title, and at 360 px it leaves the page in sight", async ({ app, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await app.open();
  await app.connect(`${await closedOrigin()}/mcp`);
  await app.fails("unreachable");
  expect((await app.at("problem").boundingBox())?.height).toBeLessThanOrEqual(0.6 * 740);
  await app.at("problem-fold").click();
  await expect(app.at("problem-fix")).toHaveCount(0);
  await expect(app.at("problem-fold")).toHaveAttribute("aria-expanded", "false");
  await app.at("problem-fold").click();
  await expect(app.at("problem-fix")).toBeVisible();
});
