// The report of the audit: outputs that are pasted, links, several servers, paper.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { check, line } from "../helpers/check.ts";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";

const run = promisify(execFile);

/** The box for the output of a line's command. */
async function box(app: Flowglass, rule: string) {
  await line(app, rule).locator("summary").click();
  return line(app, rule).locator('[data-testid="check-output"]');
}

const packed = (report: unknown) => deflateRawSync(JSON.stringify(report)).toString("base64url");

async function copiedLink(app: Flowglass): Promise<string> {
  await app.at("check-link").click();
  await expect(app.at("check-link-said")).toContainText("Copied");
  return app.page.evaluate(() => navigator.clipboard.readText());
}

async function verdicts(app: Flowglass) {
  return app.page.locator('[data-testid="check-item"]').evaluateAll((all) =>
    all.map((it) => [it.getAttribute("data-rule"), it.getAttribute("data-verdict")].join(" ")),
  );
}

async function summary(app: Flowglass) {
  const report = app.at("check-report");
  const names = ["data-any-client", "data-browser", "data-safe"];
  return Promise.all(names.map((it) => report.getAttribute(it)));
}

test("the output of the real command gives a line its verdict", async ({ app, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await expect(line(app, "S-54")).toHaveAttribute("data-verdict", "unseen");
  const output = await box(app, "S-54");
  const command = await line(app, "S-54").locator("pre").innerText();
  const { stdout } = await run("bash", ["-c", command]);
  await output.fill(stdout);
  await expect(line(app, "S-54")).toHaveAttribute("data-verdict", "pass");
  await expect(line(app, "S-54")).toHaveAttribute("data-pasted", "true");
  await expect(line(app, "S-54").locator('[data-testid="check-judged"]')).toContainText("from pasted output");
  await expect(output).toBeFocused();
  const preflight = await box(app, "S-10");
  const { stdout: options } = await run("bash", ["-c", await line(app, "S-10").locator("pre").innerText()]);
  await preflight.fill(options);
  await expect(line(app, "S-10")).toHaveAttribute("data-verdict", /^(pass|warn)$/);
  await preflight.fill("");
  await expect(line(app, "S-10")).toHaveAttribute("data-verdict", "unseen");
});

test("a pasted failure counts in the verdicts and in the fixes, and its text is text", async ({ app, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await expect(app.at("check-report")).not.toHaveAttribute("data-safe", "fail");
  const output = await box(app, "S-74");
  await output.fill("curl: (7) Failed to connect");
  await expect(line(app, "S-74")).toHaveAttribute("data-verdict", "unseen");
  await expect(line(app, "S-74")).toContainText("No HTTP response found");
  await output.fill("HTTP/2 200\r\nserver: x\r\n\r\n<html>");
  await expect(line(app, "S-74")).toHaveAttribute("data-verdict", "fail");
  await expect(app.at("check-report")).toHaveAttribute("data-safe", "fail");
  await expect(app.at("check-fix").filter({ hasText: "S-74" })).toHaveCount(1);
  const evil = "<img src=x onerror=alert(1)>";
  await output.fill(`HTTP/2 200\r\ncontent-security-policy: frame-ancestors ${evil}\r\n\r\n`);
  await expect(line(app, "S-74")).toHaveAttribute("data-verdict", "pass");
  await expect(line(app, "S-74")).toContainText(evil);
  await expect(app.page.locator("main img")).toHaveCount(0);
});

test("a report is opened from its link read-only, and nothing is sent", async ({ app, context, page, record, start }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, `${server.url}?key=secret-of-mine`);
  const [all, three] = [await verdicts(app), await summary(app)];
  const link = await copiedLink(app);
  const [, fragment] = link.split("#report=");
  expect(inflateRawSync(Buffer.from(fragment ?? "", "base64url")).toString()).not.toContain("secret-of-mine");
  const sent = record.to(server.url).length;

  const other = await context.newPage();
  const reader = new Flowglass(other, app.home);
  await other.goto(link);
  await reader.ready();
  await expect(reader.at("check-report")).toHaveAttribute("data-source", "link");
  await expect(reader.at("check-report")).toContainText("Report from a link");
  await expect(reader.at("check-report")).toContainText(server.url);
  await expect(reader.at("check-linked")).toContainText(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  expect([await verdicts(reader), await summary(reader)]).toEqual([all, three]);
  await expect(reader.at("check-output")).toHaveCount(0);
  await expect(reader.at("check-again")).toHaveCount(0);
  await accessible(other, "a report from a link");
  expect(record.to(server.url).length).toBe(sent);

  await reader.at("check-linked-close").click();
  await expect(reader.at("check-report")).toHaveCount(0);
  expect(other.url()).not.toContain("report=");
  await expect(page).toHaveURL(/\/check$/);
});

/** Opens the page at a fragment, as a link elsewhere would. */
async function at(page: Page, app: Flowglass, fragment: string) {
  await page.goto("about:blank");
  await page.goto(`${app.home}check#report=${fragment}`);
  await app.ready();
}

test("hostile links show nothing but why they were not opened", async ({ app, page, record }) => {
  const bomb = deflateRawSync("a".repeat(20 << 20)).toString("base64url");
  const fragments = ["", "AAAA", "%3Cscript%3E", bomb, "A".repeat(40_000), packed([]), packed({ format: "flowglass-audit", version: 2 })];
  for (const fragment of fragments) {
    await at(page, app, fragment);
    await expect(app.at("check-link-failed"), fragment.slice(0, 20)).toBeVisible();
    await expect(app.at("check-report")).toHaveCount(0);
  }
  const forged = {
    format: "flowglass-audit", version: 1, server: "https://mcp.example/mcp", page: "<b>x", began: 0, revision: null, open: false,
    verdicts: { anyClient: "pass", browser: "pass", safe: "pass" },
    lines: [
      { id: "S-28", verdict: "fail", title: "Call the number", fix: "javascript:alert(1)", seen: "Call the number" },
      { id: "S-28", verdict: "pass" },
      { id: "<img src=x>", verdict: "pass" },
    ],
  };
  await at(page, app, packed(forged));
  await expect(line(app, "S-28")).toHaveAttribute("data-verdict", "fail");
  await expect(app.at("check-item")).toHaveCount(1);
  await expect(app.at("check-report")).not.toContainText("Call the number");
  await expect(app.at("check-report")).toHaveAttribute("data-any-client", "fail");
  await expect(app.at("check-report")).toContainText("1 requirements of another version");
  await at(page, app, packed({ ...forged, server: "javascript:alert(1)" }));
  await expect(app.at("check-link-failed")).toBeVisible();
  expect(record.to("https://mcp.example/mcp")).toEqual([]);
});

async function save(app: Flowglass, url: string, name: string) {
  await app.fill({ "server-url": url, "server-label": name });
  await app.at("server-save").click();
  await expect(app.page.locator(`[data-testid="server-item"][data-name="${name}"]`)).toHaveAttribute("data-url", url);
}

const row = (app: Flowglass, url: string) => app.page.locator(`[data-testid="check-series-row"][data-url="${url}"]`);

test("saved servers are checked one after the other, by keyboard, into a table", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const right = await start.mcp({ issuer });
  const closed = await start.mcp({ crossOrigin: { cors: false } });
  await app.open();
  await save(app, right.url, "Right");
  await save(app, closed.url, "Closed");
  await app.at("servers-check").click();
  await app.at("check-several").locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(app.at("check-candidate")).toHaveCount(2);
  await tabTo(page, "check-selected");
  await page.keyboard.press("Enter");
  await expect(app.at("check-series")).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  await expect(row(app, right.url)).toHaveAttribute("data-status", "done");
  await expect(row(app, right.url).locator('td[data-name="browser"]')).not.toHaveAttribute("data-verdict", "fail");
  await expect(row(app, closed.url).locator('td[data-name="browser"]')).toHaveAttribute("data-verdict", "fail");
  await expect(app.at("check-report")).toHaveCount(0);
  await row(app, right.url).locator('[data-testid="check-open"]').press("Enter");
  await expect(app.at("check-report")).toContainText(right.url);
  await expect(app.at("check-again")).toHaveCount(0);
  await row(app, closed.url).locator('[data-testid="check-open"]').click();
  await expect(app.at("check-report")).toContainText(closed.url);
  await accessible(page, "several servers");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(app, "several servers");
  await app.at("check-series-clear").click();
  await expect(app.at("check-series")).toHaveCount(0);
});

test("a series is cancelled, and sends no more", async ({ app, page, start, record }) => {
  const silent = await start.mcp();
  const waits = await start.mcp();
  await app.open();
  await save(app, waits.url, "Waits");
  await save(app, silent.url, "Silent");
  await page.route(silent.url, () => new Promise(() => undefined));
  await app.at("servers-check").click();
  await app.at("check-several").locator("summary").click();
  await app.at("check-selected").click();
  await expect(row(app, silent.url)).toHaveAttribute("data-status", "running");
  await expect(row(app, waits.url)).toHaveAttribute("data-status", "waiting");
  await app.at("check-series-cancel").click();
  await expect(row(app, waits.url)).toHaveAttribute("data-status", "cancelled");
  await app.atRest();
  expect(record.to(waits.url)).toEqual([]);
});

test("on paper there is the whole report and nothing to press", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await app.at("check-verdict").selectOption("unseen");
  await expect(line(app, "S-28")).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(line(app, "S-28")).toBeVisible();
  // The details of a line that is folded on the screen.
  const height = () => line(app, "S-28").locator("details > p").first().evaluate((it) => it.getBoundingClientRect().height);
  await expect.poll(height).toBeGreaterThan(0);
  for (const testid of ["check-again", "check-json", "check-link", "check-verdict", "nav-wire"]) {
    await expect(app.at(testid), testid).toBeHidden();
  }
  await expect(page.locator('[data-testid="check-output"]').first()).toBeHidden();
});

test("the report is accessible and fits 360 pixels, with its boxes open", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await check(app, server.url);
  await box(app, "S-10");
  await box(app, "S-74");
  await accessible(page, "the report");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(app, "the report");
});
