// What is given away of a run, opened again by others: by the schema of HAR, by Mermaid, by the browser, and by the page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Download } from "@playwright/test";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { Flowglass, STEPS } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";
import { loggedIn } from "../helpers/script-oauth.ts";
import type { WireRecord } from "../helpers/record.ts";
import type { Start } from "../helpers/servers.ts";

const require = createRequire(import.meta.url);

const EXPORTS = ["har", "mermaid", "svg", "markdown", "curl", "trace"] as const;
type Export = (typeof EXPORTS)[number];

/** A page that went through a whole authorization, with every secret that was on the wire. */
async function finished(app: Flowglass, start: Start, record: WireRecord) {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url, { "header-name": "x-key", "header-value": "secret-header-value" });
  await logInAndAllow(app.page);
  await app.is("connected");
  await app.atRest();
  const [{ query }] = issuer.calls("/auth");
  const [token] = record.to(`${issuer.url}/token`);
  const form = new URLSearchParams(token.request.postData() ?? "");
  const [answer] = issuer.tokens;
  const sessions = server.requests.map((it) => it.headers["mcp-session-id"]).filter(Boolean);
  const secrets = [
    ...server.tokens,
    ...new Set(sessions),
    ...["code", "code_verifier"].map((name) => form.get(name)),
    ...["access_token", "refresh_token", "id_token"].map((name) => answer[name]).filter(Boolean),
    query.get("state"),
    "secret-header-value",
  ] as string[];
  expect(secrets.length).toBeGreaterThan(5);
  for (const secret of secrets) expect(secret).toMatch(/.{8}/);
  return { server, issuer, secrets };
}

async function download(app: Flowglass, kind: Export): Promise<{ file: Download; text: string }> {
  const [file] = await Promise.all([app.page.waitForEvent("download"), app.at(`export-${kind}`).click()]);
  return { file, text: readFileSync(await file.path(), "utf8") };
}

async function openTrace(app: Flowglass, text: string, name = "run.json") {
  await app.at("open-trace").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
}

test("every export of a run is taken by its readers, and none holds a secret", async ({ app, page, start, record }) => {
  const { secrets } = await finished(app, start, record);
  await app.go("walkthrough");
  const texts = {} as Record<Export, string>;
  for (const kind of EXPORTS) {
    const { file, text } = await download(app, kind);
    expect(file.suggestedFilename()).toMatch(/^flowglass-[a-z0-9.-]+-\d{4}-\d\d-\d\d-connected\.(har|mmd|svg|md|sh|flowglass\.json)$/);
    for (const secret of secrets) {
      for (const way of [secret, encodeURIComponent(secret), btoa(secret).replace(/=+$/, "")]) {
        expect(text.includes(way), `${way} in ${kind}`).toBe(false);
      }
    }
    texts[kind] = text;
  }

  await test.step("HAR is valid by its schema, and has every request", async () => {
    const Ajv = require("ajv");
    const ajv = new Ajv();
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
    for (const schema of Object.values<object>(require("har-schema"))) ajv.addSchema(schema);
    const har = JSON.parse(texts.har);
    const valid = ajv.validate("har.json", har);
    expect(ajv.errors, JSON.stringify(ajv.errors)).toBeNull();
    expect(valid).toBe(true);
    expect(har.log.entries).toHaveLength(record.fetched(app.home).length + 1);
  });

  await test.step("Mermaid parses the diagram", async () => {
    const blank = await page.context().newPage();
    await blank.addScriptTag({ path: require.resolve("mermaid/dist/mermaid.min.js") });
    const read = await blank.evaluate(async (text) => {
      const { mermaid } = globalThis as unknown as { mermaid: { parse(text: string): Promise<{ diagramType: string }> } };
      return (await mermaid.parse(text)).diagramType;
    }, texts.mermaid);
    expect(read).toBe("sequence");
    await blank.close();
  });

  await test.step("the picture is drawn", async () => {
    const drawn = await page.context().newPage();
    await drawn.setContent(texts.svg);
    const box = await drawn.locator("svg").boundingBox();
    expect(box?.width).toBe(1280);
    expect(box?.height).toBeGreaterThan(500);
    const wide = await drawn.evaluate(() =>
      [...document.querySelectorAll("svg text")].map((it) => (it as SVGGraphicsElement).getBBox()).filter((it) => it.x < 0 || it.x + it.width > 1280),
    );
    expect(wide).toEqual([]);
    await expect(drawn.getByText("Authorization server").first()).toBeVisible();
    const parsed = await drawn.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")?.textContent ?? null, texts.svg);
    expect(parsed).toBeNull();
    await drawn.close();
  });

  expect(texts.markdown).toContain("| 12 | Connected | done |");
  expect(texts.curl).toContain('"$ACCESS_TOKEN"');
  expect(JSON.parse(texts.trace)).toMatchObject({ format: "flowglass-trace", version: 3 });
});

/** Runs a script with bash: the address that it prints is opened, and where the login leads is typed. */
async function run(script: string, callback: string, variables: Record<string, string>) {
  const bash = spawn("bash", ["-c", script], { env: { ...process.env, ...variables } });
  let [printed, complaints] = ["", ""];
  let asked: Promise<void> | undefined;
  bash.stderr.on("data", (it) => (complaints += it));
  bash.stdout.on("data", (it) => {
    printed += it;
    const address = /approve:\n\n(\S+)\n/.exec(printed)?.[1];
    if (!address || asked) return;
    asked = loggedIn(address, callback).then(
      (back) => void bash.stdin.end(`${back.href}\n`),
      (why) => void bash.stdin.end(`${why}\n`),
    );
  });
  const [code] = await once(bash, "close");
  await asked;
  return { code, printed, complaints };
}

test("the curl script goes the whole way by itself, with secrets of its own", async ({ app, start, record }) => {
  const { server, issuer, secrets } = await finished(app, start, record);
  await app.go("walkthrough");
  const { text } = await download(app, "curl");
  const [clients, tokens] = [issuer.calls("/reg").length, issuer.tokens.length];
  const callback = `${new URL(app.home).origin}/`;
  const without = await run(text, callback, {});
  expect(without.code, "what no answer brings is asked for first").not.toBe(0);
  expect(without.complaints).toContain("FLOWGLASS_HEADER_X_KEY");
  expect(issuer.calls("/reg")).toHaveLength(clients);
  const { code, printed, complaints } = await run(text, callback, { FLOWGLASS_HEADER_X_KEY: "secret-header-value" });
  expect(code, `${printed}\n${complaints}`).toBe(0);
  expect(printed).toContain("whoami");
  expect(printed).toMatch(/Done\.\n$/);
  expect(issuer.calls("/reg").filter((it) => it.method === "POST").length).toBeGreaterThan(0);
  expect(issuer.tokens).toHaveLength(tokens + 1);
  const others = secrets.filter((it) => it !== "secret-header-value");
  for (const secret of others) expect(printed.includes(secret), secret).toBe(false);
  expect(server.calls("tools/list").length).toBeGreaterThan(1);
});

test("a trace file is shown again without a network, and the live run is not lost", async ({ app, page, browser, start, record, site }) => {
  const { server, secrets } = await finished(app, start, record);
  await app.go("walkthrough");
  const { text } = await download(app, "trace");
  const live = () => page.evaluate(() => JSON.stringify({ ...sessionStorage, "flowglass.replay": undefined }));
  const before = await live();

  await test.step("in a new tab that never connected", async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    const other = new Flowglass(tab, site.url);
    await other.open();
    await openTrace(other, text);
    await expect(other.at("saved-trace")).toContainText("Saved trace, not connected. Opened from run.json.");
    await expect(other.html).toHaveAttribute("data-connection", "idle");
    await other.steps(STEPS, "done");
    await other.at("reveal-secrets").check();
    await other.step("token-request").locator("a").click();
    await expect(tab.locator("#step")).toContainText("••••••••");
    await other.go("wire");
    await other.raw();
    await expect(other.at("wire-list")).not.toHaveAttribute("data-total", "0");
    await expect(other.at("wire-clear")).toHaveCount(0);
    const content = await tab.content();
    for (const secret of secrets) expect(content).not.toContain(secret);
    expect(await tab.evaluate(() => Object.keys(sessionStorage).filter((it) => it.startsWith("flowglass.trace.")))).toEqual([]);
    await tab.reload();
    await expect(other.at("saved-trace")).toContainText("run.json");
    await expect(other.at("wire-list")).not.toHaveAttribute("data-total", "0");
    await other.at("close-trace").click();
    await expect(other.at("saved-trace")).toHaveCount(0);
    await expect(other.at("wire-list")).toHaveAttribute("data-total", "0");
    await tab.reload();
    await other.ready();
    await expect(other.at("saved-trace")).toHaveCount(0);
    await context.close();
  });

  await test.step("over the live run, which goes on", async () => {
    const old = JSON.parse(text);
    old.entries = old.entries.slice(0, 12);
    await openTrace(app, JSON.stringify(old), "old.json");
    await expect(app.at("saved-trace")).toContainText("old.json");
    await expect(app.step("connected")).toHaveAttribute("data-status", "pending");
    expect(await live()).toBe(before);
    await app.at("close-trace").click();
    await app.steps(STEPS, "done");
    await app.is("connected");
    await app.tool("whoami");
    await app.call({});
    await app.result("ok");
    expect(server.calls("tools/call")).toHaveLength(1);
  });
});

test("a link holds the trace in its fragment", async ({ app, page, start, record }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { secrets } = await finished(app, start, record);
  await app.go("walkthrough");
  await app.step("connected").locator("> a").click();
  await app.at("copy-link").click();
  await expect(app.at("copy-link-said")).toContainText("Copied");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain(`${app.home}walkthrough/connected#trace=`);
  const tab = await page.context().newPage();
  await tab.goto(link);
  await expect(tab.getByTestId("saved-trace")).toContainText("Saved trace, not connected. Opened from a link.");
  await expect(tab).toHaveURL(`${app.home}walkthrough/connected`);
  await expect(tab.locator("[data-testid=flow-step] [aria-current=step]")).toHaveCount(1);
  await expect(tab.locator('[data-testid="flow-step"][data-status="done"]')).toHaveCount(STEPS.length);
  const content = await tab.content();
  for (const secret of secrets) expect(content).not.toContain(secret);
  await tab.close();
});

test("what is no trace is refused in one sentence", async ({ app, page }) => {
  await app.open();
  const deep = `{"format":"flowglass-trace","version":3,"entries":[${"[".repeat(5000)}${"]".repeat(5000)}]}`;
  const files: [string, RegExp][] = [
    ["", /not JSON/],
    ["\u0000\ufffd<script>alert(1)</script>", /not JSON/],
    [deep, /not JSON|None of its entries/],
    ['{"log":{}}', /not a trace/],
    ['{"format":"flowglass-trace","version":2,"entries":[]}', /version is 2; this version of Flowglass reads 3/],
    ['{"format":"flowglass-trace","version":3,"entries":[{"number":1}]}', /None of its entries can be read/],
  ];
  for (const [text, words] of files) {
    await openTrace(app, text, "foreign.json");
    await expect(app.at("open-trace-problem")).toContainText(words);
    await expect(app.at("open-trace-problem")).toContainText("foreign.json");
    await expect(app.at("saved-trace")).toHaveCount(0);
  }
  for (const fragment of ["#trace=", "#trace=!!!", "#trace=AAAA", `#trace=${"A".repeat(2000)}`]) {
    await page.goto("about:blank");
    await app.open(fragment);
    await expect(app.at("open-trace-problem")).toContainText("link");
  }
});

test("two runs are compared", async ({ app, start, record }) => {
  await finished(app, start, record);
  await app.go("walkthrough");
  const { text } = await download(app, "trace");
  const file = (name: string, body: string) => ({ name, mimeType: "application/json", buffer: Buffer.from(body) });
  await app.at("compare-trace").setInputFiles(file("same.json", text));
  await expect(app.at("comparison")).toContainText("No difference");
  const other = text.replaceAll("mcp:tools", "mcp:nothing");
  await app.at("compare-trace").setInputFiles(file("other.json", other));
  await expect(app.at("compare-table")).toContainText("mcp:nothing");
  const row = app.page.locator('[data-testid="compare-item"][data-step="authorization-url"][data-what="parameter scope"]');
  await expect(row).toContainText("mcp:tools");
  const pair = app.at("compare-exchange").first();
  await pair.locator("summary").click();
  await expect(pair.locator("mark").filter({ hasText: "nothing" }).first()).toBeVisible();
  await expect(pair.locator("thead th")).toHaveText(["This run", "other.json"]);
  await app.at("compare-trace").setInputFiles(file("broken.json", "{"));
  await expect(app.page.getByText("broken.json was not opened. It is not JSON.")).toBeVisible();
});

test("a run is presented by keys alone, one step at a time, without secrets", async ({ app, page, start, record }) => {
  const { secrets } = await finished(app, start, record);
  await app.go("walkthrough");
  await app.at("reveal-secrets").check();
  await app.at("present").click();
  const presenter = app.at("presenter");
  await expect(presenter).toHaveAttribute("data-step", STEPS[0]);
  await expect(presenter).not.toContainText("Token request");
  await accessible(page, "presenter");
  for (const [index, key] of ["Space", "ArrowRight", "ArrowDown", "PageDown"].entries()) {
    await page.keyboard.press(key);
    await expect(presenter).toHaveAttribute("data-step", STEPS[index + 1]!);
  }
  await page.keyboard.press("ArrowLeft");
  await expect(presenter).toHaveAttribute("data-step", STEPS[3]);
  for (let press = 0; press < 20; press += 1) {
    const text = await presenter.innerText();
    for (const secret of secrets) expect(text).not.toContain(secret);
    await page.keyboard.press("Space");
  }
  await expect(presenter).toHaveAttribute("data-step", "connected");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(app, "presenter");
  await page.keyboard.press("Escape");
  await expect(presenter).toHaveCount(0);
  await accessible(page, "walkthrough with its exports");
  await fits(app, "walkthrough with its exports");
});

test("a picture for slides is dark, light or transparent, 16:9, and of one step or all", async ({ app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.go("walkthrough");
  const texts = async () => {
    const { text } = await download(app, "svg");
    const drawn = await page.context().newPage();
    await drawn.setContent(text);
    const sizes = await drawn.locator("svg text").evaluateAll((all) => all.map((it) => parseFloat(getComputedStyle(it).fontSize)));
    const box = await drawn.locator("svg").evaluate((it) => [it.getAttribute("width"), it.getAttribute("height")].map(Number));
    const papers = await drawn.locator("svg > rect").count();
    await drawn.close();
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
    return { count: sizes.length, wide: box[0]!, high: box[1]!, papers };
  };
  const all = await texts();
  expect(all.papers).toBe(1);
  await app.reveal("svg-theme");
  await app.at("svg-theme").selectOption("transparent");
  await app.at("svg-slide").check();
  const slide = await texts();
  expect(slide.papers).toBe(0);
  expect(slide.wide * 9).toBe(slide.high * 16);
  await app.at("svg-theme").selectOption("dark");
  await app.at("svg-step").check();
  await app.step("connected").locator("a").first().click();
  const one = await texts();
  expect(one.count).toBeLessThan(slide.count);
});

test("HAR and trace hold the last attempt, or the whole tab", async ({ app, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.at("disconnect").click();
  await app.connected(server.url);
  await app.atRest();
  await app.go("walkthrough");
  const scope = app.at("export-scope");
  await expect(scope.locator("option").first()).toHaveAttribute("value", "attempt");
  const began = (text: string) => JSON.parse(text).entries.filter((it: { event: object }) => "Began" in Object(it.event)).length;
  const entries = async () => JSON.parse((await download(app, "har")).text).log.entries.length;
  expect(began((await download(app, "trace")).text)).toBe(1);
  const attempt = await entries();
  await scope.selectOption("tab");
  expect(began((await download(app, "trace")).text)).toBe(2);
  expect(await entries()).toBeGreaterThan(attempt);
});

test("members with names of secrets are masked on the wire page until they are shown, and never in a result", async ({
  app,
  page,
  start,
}) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.tool("echo");
  await app.call({ message: '{"apiKey":"geheim-0123456789"}' });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("geheim-0123456789");
  await app.go("wire");
  await app.raw();
  const detail = page.locator(".detail");
  const calls = page.locator('[data-testid="wire-entry"]').filter({ hasText: "tools/call" });
  for (const at of [0, 1]) {
    await calls.nth(at).click();
    await expect(detail).toContainText("apiKey");
    await expect(detail).not.toContainText("geheim");
    await page.getByLabel("show secrets").check();
    await expect(detail).toContainText("geheim-0123456789");
    await page.getByLabel("show secrets").uncheck();
    await expect(detail).not.toContainText("geheim");
  }
});
