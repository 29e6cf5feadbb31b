// What a result holds, block by block: every kind is shown as what it is, nothing of it leaves the page, and all of it
// is found and taken along.
import { readFile } from "node:fs/promises";
import { expect, test as base } from "../helpers/fixtures.ts";
import { accessible, fits } from "../helpers/everybody.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { Watch } from "../helpers/watch.ts";
import { startResults } from "../servers/results.mjs";

const text = (it: string) => ({ type: "text", text: it });
const base64 = (it: string) => Buffer.from(it).toString("base64");
const embedded = (mimeType: string, it: string) => ({
  type: "resource",
  resource: { uri: `notes://${mimeType}`, mimeType, text: it },
});

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>fetch('https://evil.example/svg')</script><image href='https://evil.example/x.png'/></svg>";
const ROW = { port: "Ithaca", "draught (m)": [3, 4] };

const MARKDOWN = "# Berths\n\n- one\n- **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
const KINDS = [
  text("A plain text."),
  text(JSON.stringify({ ships: [{ name: "Argo" }] })),
  embedded("text/markdown", MARKDOWN),
  embedded("text/csv", 'id,name\n1,"Argo, the first"\n2,Beagle\n'),
  { type: "image", mimeType: "image/png", data: PIXEL },
  { type: "image", mimeType: "image/svg+xml", data: base64(SVG) },
  { type: "audio", mimeType: "audio/wav", data: base64("RIFF") },
  embedded("text/plain", "A note."),
  { type: "resource_link", uri: "notes://log", name: "The log", mimeType: "text/plain" },
  { type: "hologram", depth: 3 },
];
const NAMES = ["text", "json", "markdown", "csv", "image", "svg", "audio", "resource", "resource-link", "unknown", "structured"];

const HOSTILE = [
  "# Hello",
  "",
  '<img src="https://evil.example/html.png"><script>window.owned = true</script>',
  "",
  "![a chart](https://evil.example/chart.png) ![](data:image/svg+xml;base64,AAAA)",
  "",
  "[safe](https://docs.example.com/a?b=c) [run](javascript:alert(1)) [near](http://localhost:1/x) [rel](../other)",
  "",
  '<iframe src="https://evil.example/frame"></iframe>',
  "",
  "<https://auto.example/>",
].join("\n");

const PNG = base64(Array.from({ length: 900 }, (_, at) => String.fromCharCode(33 + (at % 90))).join("") + "PNG");

const PDF = Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").toString("base64");
const PAGE = '<h1>Berths</h1><script>parent.postMessage("owned", "*")</script><img src="https://evil.example/a.png">';

const RESULTS = {
  noted: {
    content: [
      { ...text("For both"), annotations: { audience: ["user", "assistant"], priority: 0.9, lastModified: "2026-01-12T15:00:58Z" } },
      { ...embedded("text/plain", "A note."), annotations: { priority: 0 } },
      { ...text("Broken"), annotations: { audience: {}, priority: "<b>high</b>" } },
      text("Plain"),
    ],
  },
  documents: {
    content: [
      embedded("text/html", PAGE),
      { type: "resource", resource: { uri: "notes://pdf", mimeType: "application/pdf", blob: PDF } },
      { type: "resource", resource: { uri: "notes://no-pdf", mimeType: "application/pdf", blob: base64("<h1>no</h1>") } },
    ],
  },
  kinds: { content: KINDS, structuredContent: ROW },
  hostile: { content: [text(HOSTILE), embedded("text/html", "<script>window.owned = true</script>")] },
  twice: { content: [text(JSON.stringify(ROW, null, 2))], structuredContent: ROW },
  encoded: { content: [text(JSON.stringify({ image: `iVBORw0KGgo0${PNG.slice(12)}`, name: "Argo" }))] },
  words: { content: [text("needle one, NEEDLE two"), text("the last Needle")] },
  rows: { content: [embedded("text/csv", `id,name\n${Array.from({ length: 100_000 }, (_, at) => `${at},ship ${at}`).join("\n")}`)] },
  long: { content: [embedded("text/markdown", "# Title\n\nA line of words.\n".repeat(10_000))] },
};

const test = base.extend<{ results: Awaited<ReturnType<typeof startResults>>; watch: Watch }>({
  results: async ({}, use) => {
    const server = await startResults(RESULTS, { "notes://log": [{ uri: "notes://log", mimeType: "text/plain", text: "Calm sea." }] });
    await use(server);
    await server.close();
  },
  watch: async ({ context, page, app, results }, use) => {
    void page;
    await use(await Watch.over(context, [new URL(app.home).origin, results.origin]));
  },
});

async function calls(app: Flowglass, server: { url: string }, tool: string) {
  await app.open();
  await app.connected(server.url);
  await app.tool(tool);
  await app.call({});
  await app.result("ok");
}

function block(app: Flowglass, kind: string) {
  return app.page.locator(`[data-testid="result-block"][data-kind="${kind}"]`);
}

function inside(app: Flowglass, kind: string, testid: string) {
  return block(app, kind).locator(`[data-testid="${testid}"]`);
}

const copied = (app: Flowglass) => app.page.evaluate(() => navigator.clipboard.readText());

test("every kind of block is shown as what it is, in its order", async ({ app, page, results, watch }) => {
  await calls(app, results, "kinds");
  await expect(app.at("result-block")).toHaveCount(NAMES.length);
  const kinds = await app.at("result-block").evaluateAll((all) => all.map((it) => (it as HTMLElement).dataset.kind));
  expect(kinds).toEqual(NAMES);
  await expect(block(app, "text")).toContainText("A plain text.");
  await expect(block(app, "json").getByRole("treeitem").filter({ hasText: "Argo" })).toBeVisible();
  await expect(block(app, "markdown").getByRole("heading", { name: "Berths" })).toBeVisible();
  await expect(block(app, "markdown").locator("li strong")).toHaveText("two");
  await expect(block(app, "markdown").getByRole("columnheader")).toHaveText(["a", "b"]);
  await expect(block(app, "csv").getByRole("columnheader")).toHaveText(["id", "name"]);
  await expect(block(app, "csv").getByRole("cell")).toHaveText(["1", "Argo, the first", "2", "Beagle"]);
  await expect(block(app, "image").locator("img")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  await expect(block(app, "image")).toContainText(/image\/png · \d+ B/);
  await expect(block(app, "audio").locator("audio")).toHaveAttribute("src", /^data:audio\/wav;base64,/);
  await expect(block(app, "resource")).toContainText("notes://text/plain");
  await expect(block(app, "resource")).toContainText("A note.");
  await expect(block(app, "unknown")).toContainText('{"type":"hologram","depth":3}');
  await expect(block(app, "structured").getByRole("treeitem").filter({ hasText: "Ithaca" })).toBeVisible();
  await watch.quiet(page, "every kind");
  await accessible(page, "every kind");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(app, "every kind");
});

test("the website of a server is a link to its host, and the server's page says what its lists hold", async ({ app, results }) => {
  await app.open();
  await app.connected(results.url);
  const link = app.at("server-website").getByRole("link");
  await expect(link).toHaveText("docs.example.com");
  await expect(link).toHaveAttribute("href", "https://docs.example.com/harbour?a=b");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(link).toHaveAttribute("target", "_blank");
  const tools = app.at("list-facts").locator('[data-name="tools/list"]');
  await expect(tools).toContainText(`${Object.keys(RESULTS).length} items in 1 page`);
  // Before 2026-07-28 nothing is said of how long it may be cached.
  await expect(tools).not.toContainText("ache");
  await expect(app.at("client-limits")).toContainText("1,000 pages per list");
});

test("what the server notes about a block stands at the block, as text", async ({ app, page, results }) => {
  await calls(app, results, "noted");
  const notes = (at: number) => app.at("result-block").nth(at).locator('[data-testid="block-annotations"] li');
  await expect(notes(0)).toHaveText(["audience: user, assistant", "priority: 0.9", "lastModified: 2026-01-12T15:00:58Z"]);
  await expect(notes(1)).toHaveText(["priority: 0"]);
  await expect(notes(2)).toHaveText(["priority: <b>high</b>"]);
  await expect(notes(3)).toHaveCount(0);
  await accessible(page, "annotations");
});

test.describe("embedded documents", () => {
  // What the browser writes of what it refuses to the page in the frame.
  test.use({ expectedErrors: /Content Security Policy|sandboxed|evil\.example|script-src/ });

  test("an embedded page is drawn on press in a frame without scripts, and an embedded PDF opens in a tab", async ({ app, context, page, results }) => {
    const asked: string[] = [];
    await context.route("https://evil.example/**", (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await calls(app, results, "documents");
    const html = block(app, "resource").nth(0);
    await expect(html.locator("pre")).toHaveText(PAGE);
    await expect(html.locator("iframe")).toHaveCount(0);
    await html.locator('[data-testid="draw-html"]').click();
    await expect(html.locator("iframe")).toHaveAttribute("sandbox", "");
    await expect(html.frameLocator("iframe").getByRole("heading", { name: "Berths" })).toBeVisible();
    await expect(html.locator("pre")).toHaveCount(0);
    await html.locator('[data-testid="block-view"]').selectOption("source");
    await expect(html.locator("pre")).toHaveText(PAGE);
    expect(asked).toEqual([]);
    const opening = context.waitForEvent("page");
    await block(app, "resource").nth(1).locator('[data-testid="open-pdf"]').click();
    await opening;
    await expect(block(app, "resource").nth(2)).toContainText("Not a PDF");
    await expect(block(app, "resource").nth(2).locator('[data-testid="open-pdf"]')).toHaveCount(0);
  });
});

test("a block has its source beside what is drawn of it", async ({ app, results }) => {
  await calls(app, results, "kinds");
  for (const [kind, source, drawn] of [
    ["json", '{"ships":[{"name":"Argo"}]}', "[role=tree]"],
    ["markdown", "- **two**", "h5"],
    ["csv", '1,"Argo, the first"', "[role=table]"],
    ["structured", '"draught (m)":[3,4]', "[role=tree]"],
  ]) {
    await expect(block(app, kind).locator(drawn).first()).toBeVisible();
    await inside(app, kind, "block-view").selectOption("source");
    await expect(block(app, kind).locator("pre")).toContainText(source);
    await expect(block(app, kind).locator(drawn)).toHaveCount(0);
    await inside(app, kind, "block-view").selectOption("rendered");
    await expect(block(app, kind).locator(drawn).first()).toBeVisible();
  }
  for (const kind of ["text", "image", "audio", "resource", "resource-link", "unknown"])
    await expect(inside(app, kind, "block-view")).toHaveCount(0);
});

test("each block is copied and downloaded by itself", async ({ app, context, page, results }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await calls(app, results, "kinds");
  for (const [kind, expected] of [
    ["text", "A plain text."],
    ["csv", 'id,name\n1,"Argo, the first"\n2,Beagle\n'],
    ["image", PIXEL],
    ["svg", SVG],
    ["resource-link", "notes://log"],
    ["structured", JSON.stringify(ROW)],
  ]) {
    await inside(app, kind, "block-copy").click();
    await expect(inside(app, kind, "block-copy")).toHaveText("Copied");
    expect(await copied(app)).toBe(expected);
  }
  for (const [kind, name, expected] of [
    ["text", "kinds-1.txt", Buffer.from("A plain text.")],
    ["markdown", "kinds-3.md", Buffer.from(MARKDOWN)],
    ["image", "kinds-5.png", Buffer.from(PIXEL, "base64")],
    ["svg", "kinds-6.svg", Buffer.from(SVG)],
    ["structured", "kinds-11.json", Buffer.from(JSON.stringify(ROW))],
  ] as const) {
    const arriving = page.waitForEvent("download");
    await inside(app, kind, "block-download").click();
    const download = await arriving;
    expect(download.suggestedFilename()).toBe(name);
    expect(await readFile(await download.path())).toEqual(expected);
  }
});

test("an SVG is drawn when that is asked for, and asks nobody for anything", async ({ app, page, results, watch }) => {
  await calls(app, results, "kinds");
  await expect(block(app, "svg").locator("img")).toHaveCount(0);
  await app.at("draw-svg").click();
  await expect(block(app, "svg").locator("img")).toHaveAttribute("src", /^data:image\/svg\+xml;base64,/);
  await expect.poll(() => block(app, "svg").locator("img").evaluate((it: HTMLImageElement) => it.complete)).toBe(true);
  await watch.quiet(page, "a drawing");
  await inside(app, "svg", "block-view").selectOption("source");
  await expect(block(app, "svg").locator("pre")).toHaveText(SVG);
});

test("hostile Markdown is words: no markup of it, no request, and links say where they lead", async ({ app, page, results, watch }) => {
  await calls(app, results, "hostile");
  const drawn = block(app, "markdown");
  await expect(drawn.getByRole("heading", { name: "Hello" })).toBeVisible();
  await expect(drawn).toContainText('<script>window.owned = true</script>');
  await expect(drawn).toContainText('<iframe src="https://evil.example/frame"></iframe>');
  await expect(drawn.locator("img, iframe, script")).toHaveCount(0);
  await expect(drawn).toContainText("Image: a chart (evil.example, not loaded)");
  const links = drawn.locator("a");
  expect(await links.evaluateAll((all) => all.map((it) => it.getAttribute("href")))).toEqual([
    "https://docs.example.com/a?b=c",
    // The server of this test is on loopback itself, so it may name what is there.
    "http://localhost:1/x",
    "https://auto.example/",
  ]);
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute("target", "_blank");
    await expect(link).toHaveAttribute("rel", "noreferrer");
  }
  for (const words of ["safe (docs.example.com)", "run (javascript:alert(1))", "near (localhost:1)", "rel (../other)"])
    await expect(drawn).toContainText(words);
  await expect(block(app, "resource").locator("pre")).toHaveText("<script>window.owned = true</script>");
  await watch.quiet(page, "Markdown");
});

test("Markdown beyond a bound is shown as its source, in few elements", async ({ app, results }) => {
  await calls(app, results, "long");
  await expect(block(app, "markdown")).toContainText("Too long to render");
  await expect(block(app, "markdown")).toContainText("A line of words.");
  await expect(inside(app, "markdown", "block-view")).toHaveCount(0);
  expect(await app.nodes()).toBeLessThan(3_000);
});

test("a resource link opens the resource of the same server", async ({ app, page, results }) => {
  await calls(app, results, "kinds");
  await block(app, "resource-link").getByRole("link", { name: "The log" }).click();
  await expect(page).toHaveURL(/\/resources\/notes%3A%2F%2Flog$/);
  await app.at("read-resource").click();
  await expect(app.at("resource-result")).toHaveAttribute("data-status", "ok");
  await expect(block(app, "text")).toContainText("Calm sea.");
});

test("JSON that the structured content says as well is folded", async ({ app, page, results }) => {
  await calls(app, results, "twice");
  await expect(block(app, "structured").getByRole("treeitem").filter({ hasText: "Ithaca" })).toBeVisible();
  await expect(block(app, "json")).not.toContainText("Ithaca");
  await page.getByText("Same as the structured content").click();
  await expect(block(app, "json").getByRole("treeitem").filter({ hasText: "Ithaca" })).toBeVisible();
});

test("base64 in JSON is shown as its kind and size", async ({ app, results }) => {
  await calls(app, results, "encoded");
  const row = block(app, "json").getByRole("treeitem").filter({ hasText: "image" });
  await expect(row).toContainText(/base64 · image\/png · \d+ B/);
  await expect(row).not.toContainText("iVBOR");
});

test("the path of a value is copied as a JSON Pointer and for jq", async ({ app, context, results }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await calls(app, results, "kinds");
  const structured = block(app, "structured");
  await structured.getByRole("treeitem").filter({ hasText: "draught" }).click();
  await structured.getByRole("tree").press("ArrowDown");
  await structured.getByRole("tree").press("ArrowDown");
  await structured.getByRole("button", { name: "Copy pointer" }).click();
  await expect(structured.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await copied(app)).toBe("/draught (m)/1");
  await structured.getByRole("button", { name: "Copy jq" }).click();
  await expect.poll(() => copied(app)).toBe('.["draught (m)"][1]');
  // And of what was found.
  await app.at("result-search").fill("hologram");
  await expect(app.at("result-search-count")).toHaveText("1 of 1");
  await expect(app.page.getByText("/content/9/type", { exact: true })).toBeVisible();
  await app.page.getByRole("search").getByRole("button", { name: "Copy jq" }).click();
  await expect.poll(() => copied(app)).toBe(".content[9].type");
});

test("a search counts its hits, goes on and back, and round", async ({ app, page, results }) => {
  await calls(app, results, "words");
  const [search, count, mark] = [app.at("result-search"), app.at("result-search-count"), app.at("result-raw").locator("mark")];
  const raw = await app.at("result-raw").textContent();
  await search.fill("needle");
  await expect(count).toHaveText("1 of 3");
  await expect(mark).toHaveText("needle");
  await search.press("Enter");
  await expect(count).toHaveText("2 of 3");
  await expect(mark).toHaveText("NEEDLE");
  await search.press("Enter");
  await expect(mark).toHaveText("Needle");
  await search.press("Enter");
  await expect(count).toHaveText("1 of 3");
  await search.press("Shift+Enter");
  await expect(count).toHaveText("3 of 3");
  await expect(mark).toBeInViewport();
  await expect(search).toBeInViewport();
  expect(await app.at("result-raw").textContent()).toBe(raw);
  await page.getByRole("button", { name: "Previous" }).click();
  await expect(count).toHaveText("2 of 3");
  await search.fill("no such word");
  await expect(count).toHaveText("0 of 0");
  await expect(mark).toHaveCount(0);
  // What is looked for stays for the next result.
  await search.fill("the last");
  await app.call({});
  await expect(count).toHaveText("1 of 1");
  await expect(search).toHaveValue("the last");
  await search.fill("");
  await expect(count).toHaveText("");
});

test("a CSV of 100,000 rows is scrolled to its end in few elements, and its columns keep their widths", async ({ app, results }) => {
  await calls(app, results, "rows");
  const table = block(app, "csv").getByRole("table", { name: "CSV" });
  await expect(table).toHaveAttribute("aria-rowcount", "100001");
  await expect(table.getByRole("cell", { name: "ship 0", exact: true })).toBeVisible();
  const widths = () => table.getByRole("columnheader").evaluateAll((all) => all.map((it) => it.getBoundingClientRect().width));
  const before = await widths();
  const region = block(app, "csv").getByRole("region", { name: "Table" });
  await region.evaluate((it) => it.scrollTo(0, it.scrollHeight));
  await expect(table.getByRole("cell", { name: "99999", exact: true })).toBeVisible();
  const head = await region.evaluate((it) => {
    const top = (element: Element) => element.getBoundingClientRect().top;
    return top(it.querySelector("[role=columnheader]")!) - top(it);
  });
  expect(Math.abs(head)).toBeLessThan(3);
  await expect(table.getByRole("cell", { name: "ship 0", exact: true })).toHaveCount(0);
  expect(await widths()).toEqual(before);
  expect(await app.nodes()).toBeLessThan(3_000);
});

test("what is looked for is marked in the blocks that are drawn, too", async ({ app, results }) => {
  await calls(app, results, "kinds");
  const hits = (kind: string) => block(app, kind).locator(".hit");
  await expect(app.at("call-result").locator(".hit")).toHaveCount(0);
  await app.at("result-search").fill("ARGO");
  await expect(hits("json")).toHaveText("Argo");
  await expect(hits("csv")).toHaveText("Argo");
  await app.at("result-search").fill("two");
  await expect(hits("markdown")).toHaveText("two");
  await expect(hits("json")).toHaveCount(0);
  await app.at("result-search").fill("plain");
  await expect(hits("text")).toHaveText("plain");
  // The one that is gone to stands in the raw text.
  await expect(app.at("call-result").locator("mark")).toHaveCount(1);
  await app.at("result-search").fill("");
  await expect(app.at("call-result").locator(".hit")).toHaveCount(0);
  await expect(block(app, "text")).toContainText("A plain text.");
});

test("a hit in 10 MB is found within a second, and the page stays smooth", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.tool("big-rows");
  await app.call({ rows: 150_000 });
  await expect(app.at("call-result")).toHaveAttribute("data-status", "ok", { timeout: 30_000 });
  await expect(app.at("call-result")).toHaveAttribute("data-bytes", /^\d{8,}$/);
  await expect(app.at("result-search")).toBeVisible();
  const { took, longest } = await page.evaluate(
    () =>
      new Promise<{ took: number; longest: number }>((done) => {
        let longest = 0;
        const tasks = new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
        });
        tasks.observe({ entryTypes: ["longtask"] });
        const input = document.querySelector<HTMLInputElement>('[data-testid="result-search"]')!;
        const began = performance.now();
        input.value = "ship 149999";
        input.dispatchEvent(new Event("input", { bubbles: true }));
        const look = () => {
          const mark = document.querySelector('[data-testid="result-raw"] mark');
          if (mark?.textContent !== "Ship 149999") return requestAnimationFrame(look);
          const took = performance.now() - began;
          // What the observer has to say of the last task, it says after it.
          setTimeout(() => done({ took, longest }), 200);
        };
        look();
      }),
  );
  expect(took).toBeLessThan(1_000);
  expect(longest).toBeLessThan(200);
  await expect(app.at("result-search-count")).toHaveText("1 of 1");
  await expect(app.at("result-raw").locator("mark")).toBeInViewport();
  await expect(page.getByText("/structuredContent/rows/149999/name", { exact: true })).toBeVisible();
  expect(await app.nodes()).toBeLessThan(3_000);
  // Many hits: to the last of them and back to the first.
  await app.at("result-search").fill('"cargo"');
  await expect(app.at("result-search-count")).toHaveText("1 of 150000");
  await app.at("result-search").press("Shift+Enter");
  await expect(app.at("result-search-count")).toHaveText("150000 of 150000");
  await expect(app.at("result-raw").locator("mark")).toBeInViewport();
  await app.at("result-search").press("Enter");
  await expect(app.at("result-search-count")).toHaveText("1 of 150000");
  await expect(app.at("result-raw").locator("mark")).toBeInViewport();
});
