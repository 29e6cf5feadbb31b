// The parts of the page: a new build under an open tab, and hosts that do not give a part as it was built.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DIST } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { type Reply, test as base } from "../helpers/hosted.ts";
import { startApps } from "../servers/apps.mjs";

/** A server whose tool has an app: the demo has none. */
let apps: Awaited<ReturnType<typeof startApps>>;

const test = base.extend<{ app: Flowglass }>({
  app: async ({ page, host }, use) => use(new Flowglass(page, host.url)),
});
const { expect } = test;

test.beforeAll(async () => {
  apps = await startApps();
});
test.afterAll(() => apps.close());

/** The page says that it is broken, within seconds, and nothing else lies in the way of its button. */
async function broken(app: Flowglass) {
  const problem = app.at("problem");
  await expect(problem).toHaveAttribute("data-code", "app-broken", { timeout: 5_000 });
  await expect(problem).toHaveAttribute("role", "alert");
  for (const part of ["title", "fix", "reason"]) await expect(app.at(`problem-${part}`)).not.toBeEmpty();
  await expect(app.at("app-reload")).toBeVisible();
}

async function demo(app: Flowglass) {
  await app.at("demo").click();
  await app.at("demo-approve").click();
  await app.is("connected");
}

/** The files that the page has asked for since. */
function requests(page: Page) {
  const names: string[] = [];
  page.on("request", (it) => names.push(new URL(it.url()).pathname.slice(1)));
  return names;
}

test("a build that differs in its Rust alone shares nothing that Rust is in with the one before", async ({ newer }) => {
  const parts = async (folder: string) => (await readdir(folder)).filter((it) => /\.(wasm|js)$/.test(it));
  const [before, after] = [await parts(DIST), await parts(newer)];
  const shared = after.filter((it) => before.includes(it));
  expect(after.length).toBe(before.length);
  expect(shared.map((it) => it.split("-")[0])).toEqual(["boot", "schema", "sw.js"]);
});

test("a new build under an open tab is said, and runs after the reload", async ({ app, host, newer, page }) => {
  await app.open();
  await expect(page.getByText("MCP server").first()).toBeVisible();
  host.folder = newer;
  await app.at("demo").click();
  await broken(app);
  await app.at("app-reload").click();
  await app.ready();
  await expect(page.getByText("revres PCM").first()).toBeVisible();
  await demo(app);
});

test("what the browser has cached of a build meets nothing of another", async ({ app, host, newer, page }) => {
  await app.open();
  await demo(app);
  host.folder = newer;
  const asked = requests(page);
  await app.open();
  await app.is("connected");
  const modules = asked.filter((it) => it.endsWith(".wasm"));
  for (const kind of ["flowglass", "connection", "demo"]) expect(modules.join(" ")).toContain(`${kind}-`);
  expect(await readdir(newer)).toEqual(expect.arrayContaining(modules));
});

test("each part comes over the network once", async ({ app, host }) => {
  const served: string[] = [];
  host.damage = (path: string, reply: Reply) => {
    if (/\.(css|js|wasm)$/.test(path)) served.push(path);
    return reply;
  };
  await app.open();
  await demo(app);
  for (const [part, want] of Object.entries(LATER)) {
    await want(app);
    // What wants it may be gone with its page before it was asked for.
    await expect.poll(() => served.some((it) => it.startsWith(`/${part}-`)), part).toBe(true);
  }
  const modules = () => served.filter((it) => it.endsWith(".wasm")).map((it) => it.slice(1)).sort();
  const all = (await readdir(host.folder)).filter((it) => it.endsWith(".wasm")).sort();
  await expect.poll(modules).toEqual(all);
  expect([...new Set(served)]).toHaveLength(served.length);
});

/** The parts that the demo needs on its way to a connection, and how it goes on once they are there. */
const EARLY: Record<string, (app: Flowglass) => Promise<unknown>> = {
  demo,
  shared: demo,
  again: async (app) => {
    await app.at("demo-approve").click();
    await app.is("connected");
  },
};

/** What wants each part that comes after the connection. */
const LATER: Record<string, (app: Flowglass) => Promise<unknown>> = {
  item: (app) => app.tool("echo"),
  viewers: async (app) => {
    await app.tool("echo");
    await app.call({ message: "\n\n# A title\n\n- Markdown\n- of two items" });
  },
  servers: async (app) => {
    await app.go("connect");
    await app.at("client-configs").locator("summary").click();
  },
  commands: async (app) => {
    await app.page.keyboard.press("Control+k");
    await expect(app.at("palette-input")).toBeFocused();
    await app.page.keyboard.press("Escape");
    await expect(app.at("palette")).toBeHidden();
  },
  walkthrough: (app) => app.go("walkthrough"),
  exports: async (app) => {
    await app.go("walkthrough");
    await app.at("export-har").click();
  },
  bench: async (app) => {
    await app.go("connect");
    await app.at("open-bench").click();
  },
  // The last: it leaves the demo.
  apps: async (app) => {
    await app.go("connect");
    await app.at("disconnect").click();
    await app.is("idle");
    await app.connected(apps.url);
    await app.tool("clock");
    await app.call({});
    await expect(app.at("app-frame")).toBeVisible();
  },
};

const PARTS: Record<string, RegExp> = {
  "the module": /flowglass-.*\.wasm$/,
  "the script": /flowglass-.*\.js$/,
  "the loader": /split-.*\.js$/,
  "the connection": /\/connection-.*\.wasm$/,
  "a stylesheet": /base-.*\.css$/,
};
const DAMAGE: Record<string, (reply: Reply) => Reply | undefined> = {
  "is missing": () => ({ status: 404, type: "text/html", body: Buffer.from("<h1>Not found</h1>") }),
  "is a page": () => ({ status: 200, type: "text/html; charset=utf-8", body: Buffer.from("<!doctype html><p>Hello") }),
  "is cut": () => undefined,
  "is half": ({ body, ...reply }) => ({ ...reply, body: body.subarray(0, body.length / 2) }),
};

for (const [part, path] of Object.entries(PARTS)) {
  for (const [how, damage] of Object.entries(DAMAGE)) {
    // Half a stylesheet is a stylesheet.
    if (part === "a stylesheet" && how === "is half") continue;
    test(`where ${part} ${how} the page says so, and works once the host is mended`, async ({ app, host, page }) => {
      host.damage = (asked: string, reply: Reply) => (path.test(asked) ? damage(reply) : reply);
      await page.goto(host.url);
      if (part === "the connection") await app.at("demo").click();
      await broken(app);
      host.damage = undefined;
      await app.at("app-reload").click();
      await app.ready();
      await expect(app.at("problem")).toHaveCount(0);
      await demo(app);
    });
  }
}

for (const [index, part] of [...Object.keys(EARLY), ...Object.keys(LATER)].entries()) {
  const [how, damage] = Object.entries(DAMAGE)[index % Object.keys(DAMAGE).length];
  test(`where the part "${part}" ${how} the page says so, and works once the host is mended`, async ({ app, host }) => {
    host.damage = (asked: string, reply: Reply) => (asked.startsWith(`/${part}-`) ? damage(reply) : reply);
    await app.open();
    if (part in EARLY) await app.at("demo").click();
    else await demo(app);
    // What waits for a part that does not come fails with it.
    await LATER[part]?.(app).catch(() => {});
    await broken(app);
    host.damage = undefined;
    await app.at("app-reload").click();
    await expect(app.at("app-reload")).toHaveCount(0);
    // This host has no page for a route of the app.
    if (part in LATER) await app.open();
    await app.ready();
    if (part in LATER) await app.is("connected");
    await (EARLY[part] ?? LATER[part])(app);
    await expect(app.page.locator("main .loading")).toHaveCount(0);
    await expect(app.at("problem")).toHaveCount(0);
  });
}

test("the answer of a login outlasts a part that does not load, and is used once", async ({ app, page }) => {
  await app.open();
  await app.at("demo").click();
  await expect(app.at("demo-approve")).toBeVisible();
  await page.route(/\/connection-.*\.wasm/, (route) => route.abort());
  await app.at("demo-approve").click();
  await broken(app);
  expect(page.url()).not.toContain("code=");
  await page.unroute(/\/connection-.*\.wasm/);
  await app.at("app-reload").click();
  await app.is("connected");
  const kept = await page.evaluate(() => Object.keys(sessionStorage));
  expect(kept.filter((it) => it.includes("called"))).toEqual([]);
  await page.reload();
  await app.is("connected");
});

test("a module of another build under the name of this one is refused", async ({ app, host, newer }) => {
  const other = (await readdir(newer)).find((it) => it.startsWith("connection-")) ?? "";
  const body = await readFile(join(newer, other));
  host.damage = (path: string, reply: Reply) => (/\/connection-/.test(path) ? { ...reply, body } : reply);
  await app.open();
  await app.at("demo").click();
  await broken(app);
});

test("modules come whatever type the host gives them", async ({ app, host }) => {
  host.damage = (path: string, reply: Reply) =>
    path.endsWith(".wasm") ? { ...reply, type: "application/octet-stream" } : reply;
  await app.open();
  await demo(app);
});

for (const [what, script] of [
  ["a script error", 'setTimeout(() => { throw new Error("thrown") })'],
  ["an unhandled rejection", 'void Promise.reject(new Error("thrown"))'],
]) {
  test(`${what} is shown, over everything else`, async ({ app, page }) => {
    await app.open();
    await app.at("server-url").fill("https://mcp.example.com/mcp");
    await page.evaluate(script);
    await broken(app);
    await expect(app.at("problem-reason")).toContainText("thrown");
    await app.at("app-reload").click();
    await app.ready();
    await expect(app.at("problem")).toHaveCount(0);
  });
}

test("a module that traps is shown, and the reload brings the page back", async ({ app, page }) => {
  // The memory of the module is overwritten: the next call of it traps.
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiate;
    Object.assign(WebAssembly, {
      instantiate: async (...given: [BufferSource, WebAssembly.Imports]) => {
        const made = await instantiate(...given);
        const memory = Object.values(made.instance.exports).find((it) => it instanceof WebAssembly.Memory);
        addEventListener("keydown", () => new Uint32Array((memory as WebAssembly.Memory).buffer).fill(0xffffffff), { once: true });
        return made;
      },
    });
  });
  await app.open();
  await page.keyboard.press("a");
  await broken(app);
  await app.at("app-reload").click();
  await app.ready();
});

test("an error of an extension is not the page's", async ({ app, page }) => {
  await app.open();
  await page.evaluate(() => {
    const error = new Error("not ours");
    error.stack = "Error: not ours\n    at chrome-extension://abcdef/inpage.js:1:1";
    dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
  });
  await expect(app.at("problem")).toHaveCount(0);
});

test("without its scripts or under a wrong prefix the page says that it has not started, and stops saying it once it has", async ({
  app,
  browser,
  host,
}) => {
  const words = /Flowglass has not started/;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(host.url);
  await expect(page.getByText(words)).toBeVisible();
  await context.close();
  host.damage = (path: string, reply: Reply) => (path === "/" ? reply : { ...reply, status: 404, type: "text/html" });
  await app.page.goto(host.url);
  await expect(app.page.getByText(words)).toBeVisible();
  host.damage = undefined;
  await app.open();
  await expect(app.page.getByText(words)).toHaveCount(0);
});
