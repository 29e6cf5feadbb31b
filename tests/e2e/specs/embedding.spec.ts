// Flowglass in a frame, as docs/hosting.md describes it: on the same origin, on another origin of the same site and on
// another site that the host names, and where it names none.
import type { FrameLocator, Page } from "@playwright/test";
import { DIST, expect, test } from "../helpers/fixtures.ts";
import { logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";
import { startApp } from "../servers/app.mjs";
import { framing, startFrame } from "../servers/frame.mjs";

/** `localhost` and `127.0.0.1` are two sites; ports make other origins of one site. */
const SAME_SITE = "localhost";
const OTHER_SITE = "127.0.0.1";

async function guarded(start: Start, openerPolicy = false) {
  const issuer = await start.issuer({ openerPolicy });
  return start.mcp({ issuer });
}

/** Logs in from inside a frame: a popup is the only way, and is used by itself. */
async function logsIn(page: Page, frame: FrameLocator, url: string) {
  await expect(frame.locator("html")).toHaveAttribute("data-app", "ready");
  await frame.getByTestId("server-url").fill(url);
  const [login] = await Promise.all([page.waitForEvent("popup"), frame.getByTestId("connect").click()]);
  await Promise.all([login.waitForEvent("close"), logInAndAllow(login)]);
  await expect(frame.locator("html")).toHaveAttribute("data-connection", "connected");
}

async function calls(frame: FrameLocator) {
  await frame.getByTestId("nav-tools").click();
  await frame.locator('[data-testid="tool-item"][data-name="whoami"]').click();
  await frame.getByTestId("call-tool").click();
  await expect(frame.getByTestId("call-result")).toHaveAttribute("data-status", "ok");
}

/** The page on a host that names these ancestors, and a page of `portal` that frames it. */
async function framed(portalHost: string, ancestors: (portal: string) => string | undefined) {
  const portal = await startFrame("about:blank", portalHost);
  const policy = ancestors(portal.origin);
  const headers: Record<string, string> = policy === undefined ? {} : { "content-security-policy": policy };
  const site = await startApp({ folder: DIST, headers });
  portal.address = site.url;
  return { portal, site, close: () => Promise.all([portal.close(), site.close()]) };
}

test("a portal on the same origin frames it: login by popup, a call, and a reload", async ({ page, start }) => {
  const server = await guarded(start);
  const headers = { "content-security-policy": "frame-ancestors 'self'" };
  const site = await startApp({ folder: DIST, headers, pages: { "/portal": framing("/") } });
  await page.goto(`${site.origin}/portal`);
  const frame = page.frameLocator("iframe");
  await logsIn(page, frame, server.url);
  await calls(frame);
  await page.reload();
  await expect(frame.locator("html")).toHaveAttribute("data-connection", "connected");
  expect(server.tokens.size).toBe(1);
  await site.close();
});

for (const openerPolicy of [false, true])
  test(`a portal on another origin of the site logs in, ${openerPolicy ? "the popup cut off from its opener" : "by popup"}`, async ({
    page,
    start,
  }) => {
    const server = await guarded(start, openerPolicy);
    const { portal, close } = await framed(SAME_SITE, (it) => `frame-ancestors 'self' ${it}`);
    await page.goto(portal.url);
    const frame = page.frameLocator("iframe");
    await logsIn(page, frame, server.url);
    await calls(frame);
    await page.reload();
    await expect(frame.locator("html")).toHaveAttribute("data-connection", "connected");
    await close();
  });

test("a portal on another site that the host names logs in by popup", async ({ page, start }) => {
  const server = await guarded(start);
  const { portal, close } = await framed(OTHER_SITE, (it) => `frame-ancestors ${it}`);
  await page.goto(portal.url);
  const frame = page.frameLocator("iframe");
  await logsIn(page, frame, server.url);
  await calls(frame);
  await close();
});

for (const [what, policy] of [
  ["sends no frame-ancestors", undefined],
  ["lets any page frame it", "frame-ancestors *"],
  ["lets any page of a scheme frame it", "frame-ancestors 'self' http:"],
] as const)
  test(`on another origin of the site only the demo runs where the host ${what}`, async ({ page, start }) => {
    const server = await start.mcp();
    const { portal, site, close } = await framed(SAME_SITE, () => policy);
    portal.address = `${site.url}?server=${encodeURIComponent(server.url)}`;
    await page.goto(portal.url);
    const frame = page.frameLocator("iframe");
    await expect(frame.getByTestId("open-in-tab")).toBeVisible();
    await expect(frame.getByTestId("demo")).toBeVisible();
    for (const id of ["server-url", "connect"]) await expect(frame.getByTestId(id)).toHaveCount(0);
    expect(server.requests).toEqual([]);
    await close();
  });

test.describe("a portal that the host does not name", () => {
  test.use({ expectedErrors: /frame-ancestors/ });

  test("gets an empty frame from the browser", async ({ page }) => {
    const { portal, site, close } = await framed(OTHER_SITE, () => "frame-ancestors 'self'");
    const refused = page.waitForEvent("console", (it) => it.text().includes("frame-ancestors"));
    await page.goto(portal.url);
    await refused;
    expect(page.frames().map((it) => it.url())).not.toContain(site.url);
    await close();
  });
});
