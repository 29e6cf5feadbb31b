// The installed app: its manifest and icons, and where shortcuts and files lead.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DIST, expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";

/** The manifest as Chromium reads it, and what it finds wrong with it. */
async function manifest(page: Page) {
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send("Page.getAppManifest");
  return { url, errors, data: JSON.parse(data ?? "{}") };
}

/** Width and height of a PNG (its header chunk is the first). */
function size(png: Buffer) {
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

async function valid(app: Flowglass) {
  await app.open();
  const { url, errors, data } = await manifest(app.page);
  expect(url).toBe(`${app.home}app.webmanifest`);
  expect(errors).toEqual([]);
  for (const member of ["start_url", "scope"]) expect(new URL(data[member], url).href, member).toBe(app.home);
  const inside = [...data.shortcuts.map((it: { url: string }) => it.url), data.file_handlers[0].action];
  for (const it of inside) expect(new URL(it, url).href).toMatch(new RegExp(`^${app.home}#`));
  return data;
}

test("Chromium finds nothing wrong with the manifest, which is right under a prefix too", async ({ app, prefixed }) => {
  await valid(app);
  await valid(prefixed);
});

test("each icon has the size that the manifest says", async ({ app }) => {
  const { icons } = await valid(app);
  for (const { src, sizes } of icons) expect(size(await readFile(join(DIST, src))), src).toBe(sizes);
  const has = (purpose: string) => icons.filter((it: { purpose: string }) => it.purpose === purpose).map((it: { sizes: string }) => it.sizes);
  expect([has("any"), has("maskable")]).toEqual([["192x192", "512x512"], ["192x192", "512x512"]]);
});

test("the shortcuts lead to the demo and to the check, and start neither", async ({ app, page }) => {
  const { shortcuts } = await valid(app);
  await page.goto("about:blank");
  await app.open(shortcuts[0].url.slice(2));
  await expect(app.at("demo")).toBeFocused();
  await app.is("idle");
  await expect(page).toHaveURL(app.home);
  await page.goto("about:blank");
  await app.open(shortcuts[1].url.slice(2));
  await expect(page).toHaveURL(`${app.home}check`);
  await expect(page.getByRole("heading", { name: "No check yet" })).toBeVisible();
  await app.is("idle");
});

test("a trace that the platform opens is shown as one that was chosen", async ({ app, page }) => {
  await app.open();
  await app.at("demo").click();
  await app.at("demo-approve").click();
  await app.is("connected");
  await app.go("walkthrough");
  const downloaded = page.waitForEvent("download");
  await app.at("export-trace").click();
  const download = await downloaded;
  const { file_handlers: [handler] } = (await manifest(page)).data;
  const [endings] = Object.values(handler.accept) as string[][];
  expect(download.suggestedFilename().endsWith(endings[0])).toBe(true);
  const text = await readFile(await download.path(), "utf8");

  // The platform's part: a real file handle, in the queue before the page asks for it.
  const launch = `
    Object.defineProperty(window, "launchQueue", { value: { setConsumer: async (take) => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("run.flowglass.json", { create: true });
      const writable = await handle.createWritable();
      await writable.write(${JSON.stringify(text)});
      await writable.close();
      take({ files: [handle], targetURL: location.href });
    } } });`;
  const tab = await page.context().newPage();
  await tab.addInitScript(launch);
  await tab.goto(app.home + handler.action.slice(2));
  await expect(tab.getByTestId("saved-trace")).toContainText("Opened from run.flowglass.json.");
  await expect(tab).toHaveURL(/\/walkthrough/);
});

test("without a file, or in a browser without a queue, the first page opens", async ({ app, page }) => {
  for (const queue of ["undefined", "{ setConsumer: (take) => take({ files: [] }) }"]) {
    const tab = await page.context().newPage();
    await tab.addInitScript(`Object.defineProperty(window, "launchQueue", { value: ${queue} });`);
    await tab.goto(`${app.home}#file`);
    await expect(tab.getByTestId("connect")).toBeVisible();
    await expect(tab).toHaveURL(app.home);
    await expect(tab.getByTestId("problem")).toHaveCount(0);
  }
});
