// A page that runs while its host gets another build: it says so, and changes on a press only.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { installClock } from "../helpers/clock.ts";
import { DIST } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { type Reply, test as base } from "../helpers/hosted.ts";
import { listen } from "../servers/listen.mjs";

const FILE = "/version.json";

const test = base.extend<{ asked: string[]; app: Flowglass }>({
  /** Every request for the file, as the host gets them. */
  asked: async ({ host }, use) => {
    const asked: string[] = [];
    host.damage = (path: string, reply: Reply) => {
      if (path === FILE) asked.push(path);
      return reply;
    };
    await use(asked);
  },
  app: async ({ page, host, asked }, use) => {
    expect(asked).toEqual([]);
    await installClock(page);
    await use(new Flowglass(page, host.url));
  },
});
const { expect } = test;

/** The tab was in the background for so long. */
async function comesBack(app: Flowglass, after: string) {
  await visibility(app, "hidden");
  await app.page.clock.fastForward(after);
  await visibility(app, "visible");
}

/** What the browser does when another tab is chosen; a browser without windows does not. */
async function visibility({ page }: Flowglass, state: "hidden" | "visible") {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, state);
}

/** What the page asked for before this has reached the host. */
async function settled(html: Locator) {
  await html.evaluate(() => fetch("inspector.schema.json", { cache: "no-store" }).then((it) => it.text()));
}

async function build(folder: string) {
  return JSON.parse(await readFile(join(folder, FILE), "utf8")) as Record<string, string | null>;
}

test("version.json names the build that the page is, and another build has another name", async ({ newer, page, host }) => {
  const [before, after] = [await build(DIST), await build(newer)];
  expect(Object.keys(before)).toEqual(["version", "build", "commit", "built"]);
  expect(before.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(before.build).toMatch(/^[0-9a-f]{16}$/);
  expect(after.version).toBe(before.version);
  expect(after.build).not.toBe(before.build);
  const app = new Flowglass(page, host.url);
  await app.open();
  await expect(app.at("app-version")).toHaveText(before.version ?? "none");
  await expect(page.locator("meta[name=build]")).toHaveAttribute("content", before.build ?? "none");
});

test("a tab that is visible again says that the host has another build, and runs it on a press", async ({
  app,
  asked,
  host,
  newer,
  page,
}) => {
  await app.open();
  await app.at("demo").click();
  await app.at("demo-approve").click();
  await app.is("connected");
  await app.open("");
  await app.is("connected");
  host.folder = newer;
  await comesBack(app, "11:00");
  await expect(app.at("version-notice")).toHaveAttribute("role", "status");
  await expect(app.at("version-hosted")).toHaveText((await build(newer)).version ?? "none");
  await app.is("connected");
  expect(asked).toHaveLength(1);
  await app.at("version-reload").click();
  await expect(page.locator("meta[name=build]")).toHaveAttribute("content", (await build(newer)).build ?? "none");
  await app.ready();
  await app.is("connected");
  await expect(app.at("version-notice")).toHaveCount(0);
});

test("a visible tab asks once an hour", async ({ app, asked, host, newer }) => {
  await app.open();
  host.folder = newer;
  await app.page.clock.fastForward("59:00");
  await settled(app.html);
  expect(asked).toEqual([]);
  await app.page.clock.fastForward("01:30");
  await expect(app.at("version-notice")).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("a tab that was away for a moment, or is hidden, asks nothing", async ({ app, asked }) => {
  await app.open();
  await comesBack(app, "00:30");
  await visibility(app, "hidden");
  await app.page.clock.fastForward("05:00:00");
  await settled(app.html);
  expect(asked).toEqual([]);
  await visibility(app, "visible");
  await expect.poll(() => asked.length).toBe(1);
  await expect(app.at("version-notice")).toHaveCount(0);
});

test("a notice that was put off stays away until there is a further build", async ({ app, asked, host, newer }) => {
  await app.open();
  host.folder = newer;
  await comesBack(app, "11:00");
  await app.at("version-later").click();
  await expect(app.at("version-notice")).toHaveCount(0);
  await comesBack(app, "11:00");
  await expect.poll(() => asked.length).toBe(2);
  await expect(app.at("version-notice")).toHaveCount(0);
  host.damage = (path: string, reply: Reply) =>
    path === FILE ? { ...reply, body: Buffer.from(JSON.stringify({ version: "9.8.7", build: "0123456789abcdef" })) } : reply;
  await comesBack(app, "11:00");
  await expect(app.at("version-hosted")).toHaveText("9.8.7");
});

const SILENT: Record<string, (reply: Reply) => Reply | undefined> = {
  "is missing": () => ({ status: 404, type: "text/plain", body: Buffer.from("Not found") }),
  "is an error": () => ({ status: 503, type: "text/plain", body: Buffer.from("{}") }),
  "is the page": () => ({ status: 200, type: "text/html", body: Buffer.from("<!doctype html>") }),
  "is cut": () => undefined,
  "is no JSON": (reply) => ({ ...reply, body: Buffer.from("version 9") }),
  "is null": (reply) => ({ ...reply, body: Buffer.from("null") }),
  "has other types": (reply) => ({ ...reply, body: Buffer.from('{"version":9,"build":["x"]}') }),
  "has a text for a version": (reply) => ({ ...reply, body: Buffer.from(`{"version":"${"9".repeat(41)}","build":"x"}`) }),
};

for (const [what, reply] of Object.entries(SILENT)) {
  test(`nothing is said where the file ${what}`, async ({ app, host, newer }) => {
    const seen: string[] = [];
    await app.open();
    host.folder = newer;
    host.damage = (path: string, given: Reply) => {
      if (path !== FILE) return given;
      seen.push(path);
      return reply(given);
    };
    await comesBack(app, "11:00");
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    await app.at("server-url").fill("https://mcp.example.com/mcp");
    await expect(app.at("problem")).toHaveCount(0);
    await expect(app.at("version-notice")).toHaveCount(0);
    // A host that was mended is understood.
    host.damage = undefined;
    await comesBack(app, "11:00");
    await expect(app.at("version-notice")).toBeVisible();
  });
}

test("a host that does not respond is given up, and asked again later", async ({ app, host, newer, page }) => {
  await app.open();
  host.folder = newer;
  let held = 0;
  await page.route(`**${FILE}`, () => void held++);
  const given = page.waitForEvent("requestfailed", (it) => it.url().endsWith(FILE));
  await comesBack(app, "11:00");
  await expect.poll(() => held).toBe(1);
  await page.clock.fastForward("00:06");
  await given;
  await page.unroute(`**${FILE}`);
  await comesBack(app, "11:00");
  await expect(app.at("version-notice")).toBeVisible();
});

test("a page in a frame of another origin asks nothing", async ({ asked, host, newer, page }) => {
  const around = await listen((_, response) => {
    response.setHeader("content-type", "text/html").end(`<!doctype html><iframe src="${host.url}" width="900" height="700"></iframe>`);
  });
  await installClock(page);
  await page.goto(around.origin);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("html")).toHaveAttribute("data-app", "ready");
  host.folder = newer;
  await page.clock.fastForward("03:00:00");
  await frame.locator("html").evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await expect(frame.getByTestId("open-in-tab")).toBeVisible();
  await settled(frame.locator("html"));
  expect(asked).toEqual([]);
  await around.close();
});
