// The page as it is built: its policy, where it talks to, and where it may be served.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../helpers/fixtures.ts";
import { STEPS } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";

const ROUTES = ["", "walkthrough", "tools", "tools/echo", "resources", "prompts", "wire"];

test("the page has a strict policy, and no script, style or handler of its own", async ({ site }) => {
  const html = await readFile(join(site.folder, "index.html"), "utf8");
  const meta = /<meta\b[^>]*content-security-policy[^>]*>/i.exec(html)?.[0] ?? "";
  const policy = /content="([^"]*)"/i.exec(meta)?.[1] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  for (const [script] of html.matchAll(/<script\b[^>]*>/gi)) expect(script).toContain("src=");
  expect(html).not.toMatch(/<style\b|\sstyle=|\son[a-z]+=/i);
});

test("every route opens by itself, and asks nothing of anybody else", async ({ app, record }) => {
  for (const route of ROUTES) await app.open(route);
  expect([...record.origins()]).toEqual([new URL(app.home).origin]);
});

test("the large files of the page come compressed", async ({ app, page }) => {
  const encodings = new Map<string, string>();
  page.on("response", async (it) => encodings.set(ending(it.url()), (await it.allHeaders())["content-encoding"]));
  await app.open();
  for (const type of ["wasm", "js", "css"]) await expect.poll(() => encodings.get(type), type).toBe("br");
});

test("on a host that says nothing of caching, no module comes twice", async ({ app, page }) => {
  const modules: string[] = [];
  page.on("response", (it) => it.url().endsWith(".wasm") && modules.push(it.url()));
  await app.open();
  expect(modules).toHaveLength(1);
});

test("under a prefix the whole authorization comes back to the route it left", async ({
  prefixed: app,
  page,
  start,
  record,
}) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.is("connected");
  await expect(page).toHaveURL(app.home);
  expect(new URL(issuer.returns[0]).href).toMatch(`${app.home}oauth/callback/?`);
  await app.tool("echo");
  await app.call({ message: "under a prefix" });
  await app.result("ok");
  await app.go("walkthrough");
  await app.steps(STEPS, "done");
  // Nothing was asked for beside the prefix.
  const paths = record.to(new URL(app.home).origin).map((it) => it.url);
  expect(paths.filter((it) => !it.startsWith(app.home))).toEqual([]);
});

test("under a prefix a deep link opens the tool that it names", async ({ prefixed: app, page, start }) => {
  const server = await start.mcp();
  await app.open();
  await app.connected(server.url);
  await app.open("tools/echo");
  await app.is("connected");
  await expect(app.at("tool-schema")).toContainText("message");
  await page.reload();
  await app.ready();
  await app.is("connected");
  await expect(page).toHaveURL(/\/tools\/inspector\/tools\/echo(\?.*)?$/);
});

test("hostile names and words are shown as text, and a route can hold any of them", async ({ app, start }) => {
  const name = "<img src=x onerror=alert(1)>/../%2e%2e?q#f";
  const hostile = {
    name,
    title: "</script><script>alert(1)</script>",
    description: "\u202ereversed\u0000 and cut",
    inputSchema: { type: "object", properties: { ["__proto__"]: { type: "string" } } },
    run: () => ({ content: [{ type: "text", text: "<b>bold</b>" }] }),
  };
  const server = await start.mcp({ tools: [hostile] });
  await app.open();
  await app.connected(server.url);
  await app.go("tools");
  await app.at("tool-item").click();
  await expect(app.page).toHaveURL((url) => decodeURIComponent(url.pathname.split("/").at(-1) ?? "") === name);
  await app.call({});
  await app.result("ok");
  await expect(app.at("call-result").locator("b", { hasText: /^bold$/ })).toHaveCount(0);
  await expect(app.page.locator("img[src=x]")).toHaveCount(0);
});

function ending(url: string) {
  return new URL(url).pathname.split(".").at(-1) ?? "";
}
