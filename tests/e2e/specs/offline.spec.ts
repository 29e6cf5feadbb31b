// After one visit the page opens without a network: what its service worker keeps, what it leaves alone, and upgrades.
import { readdir } from "node:fs/promises";
import { BROWSER_FLAGS, browserPath } from "../helpers/browser.ts";
import { DIST, expect, PREFIX, test as base } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { build, caches, kept, stored, workers } from "../helpers/offline.ts";
import { logInAndAllow } from "../helpers/person.ts";
import { upgrade } from "../helpers/upgrade.ts";
import { startApp } from "../servers/app.mjs";
import { startFrame } from "../servers/frame.mjs";
import { startHost } from "../servers/host.mjs";
import { startHosted } from "../servers/hosted.mjs";
import { startRecipe } from "../servers/recipe.mjs";
import { PROGRAMS, startWebServer } from "../servers/web-server.mjs";

interface Site {
  url: string;
  close(): Promise<unknown>;
}

const test = base.extend<{ open: <It extends Site>(host: It) => Promise<{ host: It; app: Flowglass }> }>({
  // Each host is one that a test can stop.
  open: async ({ page }, use) => {
    const running: Site[] = [];
    await use(async (host) => {
      running.push(host);
      const app = new Flowglass(page, host.url);
      await app.open();
      return { host, app };
    });
    await page.context().setOffline(false);
    await Promise.all(running.map((it) => it.close()));
  },
});

/** Not `localhost`: browsers have no workers there over plain http. */
const HOST = "flowglass.example";

test.use({
  serviceWorkers: "allow",
  launchOptions: { executablePath: browserPath(), args: [...BROWSER_FLAGS, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`] },
  // What Chromium writes of a page or a worker that it asked for in vain.
  expectedErrors: /navigation preload request failed|response code \(404\) was received when fetching the script/,
});

const ROUTES = [
  "",
  "index.html",
  "?server=https://mcp.example.com/mcp",
  "walkthrough",
  "walkthrough/token-request",
  "tools",
  "tools/a%2Fb",
  "resources",
  "prompts",
  "check",
  "wire",
  "logs",
  "tasks",
  "bench",
];

/** There is no host from now on, and no network. */
async function cutOff(app: Flowglass, host: Site) {
  await kept(app.page);
  await host.close();
  await app.page.context().setOffline(true);
}

async function demo(app: Flowglass) {
  await app.at("demo").click();
  await app.at("demo-approve").click();
  await app.is("connected");
}

test("after one visit every route opens without a network", async ({ open, page }) => {
  const { app, host } = await open(await startApp({ folder: DIST }));
  await cutOff(app, host);
  await page.reload();
  await app.ready();
  for (const route of ROUTES) {
    await app.open(route);
    await expect(page.getByText("Page not found"), route).toHaveCount(0);
  }
});

test("a callback is read without a network", async ({ open, page }) => {
  const { app, host } = await open(await startApp({ folder: DIST }));
  await cutOff(app, host);
  for (const path of ["oauth/callback", "oauth/callback/", "oauth/callback/index.html"]) {
    await app.open(`${path}?code=x&state=y`);
    await app.refuses("state-mismatch");
    expect(page.url()).not.toContain("code=");
  }
});

test("without a network the demo comes to the result of a tool, and every part of the page is there", async ({ open, page }) => {
  const { app, host } = await open(await startApp({ folder: DIST }));
  await cutOff(app, host);
  await page.reload();
  await demo(app);
  await app.tool("echo");
  await app.call({ message: "# Without a network" });
  await app.result("ok");
  await expect(app.at("call-result")).toContainText("Without a network");
  await app.go("walkthrough");
  await app.at("export-har").click();
  await app.go("connect");
  await app.at("open-bench").click();
  await expect(page).toHaveURL(/\/bench$/);
  await page.reload();
  await app.is("connected");
  await expect(app.at("problem")).toHaveCount(0);
});

test("without a network a server on this machine is connected to", async ({ open, page, start }) => {
  const { app, host } = await open(await startApp({ folder: DIST }));
  await kept(page);
  await host.close();
  const server = await start.mcp();
  await page.reload();
  await app.connected(server.url);
  await app.tool("echo");
  await app.call({ message: "there" });
  await app.result("ok");
});

test("nothing is kept but the files of the build, after a login and a call", async ({ open, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  const { app, host } = await open(await startHosted(DIST));
  host.file.body = { title: "Servers of Acme" };
  await kept(page);
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.is("connected");
  await app.tool("echo");
  await app.call({ message: "said to the server" });
  await app.result("ok");

  const found = await stored(page);
  const files = (await readdir(DIST)).filter((it) => /-[0-9a-f]{16,64}(_bg)?\.(css|js|svg|wasm)$/.test(it));
  expect(Object.keys(found).sort()).toEqual(["", ...files].map((it) => host.url + it).sort());
  const all = Object.values(found).join("\n");
  const tokens = issuer.tokens.flatMap((it) => [it.access_token, it.refresh_token, it.id_token]).filter(Boolean);
  expect(tokens.length).toBeGreaterThan(0);
  const code = new URL(issuer.returns[0]).searchParams.get("code")!;
  for (const secret of [...tokens, server.url, issuer.url, "said to the server", "Servers of Acme", code]) {
    expect(all.includes(secret), secret).toBe(false);
  }
});

test("the host's own file and version are asked of the host each time", async ({ open, page }) => {
  const { app, host } = await open(await startHosted(DIST));
  await kept(page);
  const before = host.asked.length;
  host.file.body = { title: "Servers of Acme", servers: [{ url: "https://mcp.example.com/mcp" }] };
  await page.reload();
  await expect(page.getByText("Servers of Acme")).toBeVisible();
  expect(host.asked.length).toBe(before + 1);
  await host.close();
  await page.reload();
  await app.ready();
  // Relays get secrets: only what the host says at this visit counts.
  await expect(page.getByText("Servers of Acme")).toHaveCount(0);
  for (const name of ["inspector.json", "version.json", "inspector.schema.json", "relay/x", "app/frame.html"]) {
    expect(await page.evaluate((it) => fetch(it).then(() => "there", () => "gone"), name), name).toBe("gone");
  }
});

test("switched off by the host, nothing is kept, and what was kept goes", async ({ open, page }) => {
  const { app, host } = await open(await startHosted(DIST));
  await kept(page);
  expect(await caches(page)).toHaveLength(1);
  host.file.body = { offline: false };
  await page.reload();
  await app.ready();
  await expect.poll(() => workers(page)).toEqual([]);
  await expect.poll(() => caches(page)).toEqual([]);
  await app.open();
  await expect(app.html).toHaveAttribute("data-offline", "off");
  expect(await workers(page)).toEqual([]);
  await expect(app.at("config-problem")).toHaveCount(0);
  await demo(app);
});

test("what the host says of it unreadably changes nothing", async ({ open, page }) => {
  const { app, host } = await open(await startHosted(DIST));
  await kept(page);
  for (const body of ["{", { offline: "no" }]) {
    host.file.body = body;
    await page.reload();
    await expect(app.at("config-problem")).toBeVisible();
    await expect(app.html).not.toHaveAttribute("data-offline");
    expect(await caches(page)).toHaveLength(1);
  }
});

test("a host whose page is of another build than its worker keeps nothing, and works", async ({ open, page }) => {
  const host = await startHost({ folder: DIST });
  let asked = 0;
  host.damage = (path, reply) => {
    if (!/\/connection-/.test(path)) return reply;
    asked += 1;
    return { ...reply, status: 404 };
  };
  const { app } = await open(host);
  // Once as the browser has it cached, once past that.
  await expect.poll(() => asked).toBe(2);
  await expect.poll(() => workers(page)).toEqual([]);
  await expect.poll(() => caches(page)).toEqual([]);
  host.damage = undefined;
  await app.open();
  await kept(page);
});

test.describe("an upgrade", () => {
  let newer: Awaited<ReturnType<typeof upgrade>>;
  test.beforeAll(async () => {
    newer = await upgrade(DIST);
  });
  test.afterAll(() => newer.remove());

  test("leaves an open tab with its build, and a reload runs the new one", async ({ context, open, page }) => {
    const { app, host } = await open(await startHost({ folder: DIST }));
    await kept(page);
    await demo(app);
    const old = await build(page);
    const other = new Flowglass(await context.newPage(), host.url);
    await other.open();
    expect(await build(other.page)).toBe(old);

    host.folder = newer.folder;
    await other.page.reload();
    await other.ready();
    expect(await readdir(newer.folder)).toContain(await build(other.page));
    expect(await build(other.page)).not.toBe(old);
    await expect(other.page.getByText("revres PCM").first()).toBeVisible();
    // It waits until no tab of the old one is there.
    const waiting = () => navigator.serviceWorker.getRegistration().then((it) => it?.waiting?.state);
    await expect.poll(() => other.page.evaluate(waiting)).toBe("installed");
    expect(await caches(page)).toHaveLength(2);

    // Parts that this tab has not loaded yet, and the host does not have any more.
    await app.tool("echo");
    await app.call({ message: "# A title" });
    await app.result("ok");
    await app.go("walkthrough");
    await app.at("export-har").click();
    await app.go("connect");
    await app.at("open-bench").click();
    await expect(page).toHaveURL(/\/bench$/);
    await expect(app.at("problem")).toHaveCount(0);
    expect(await build(page)).toBe(old);
  });

  test("is kept as a whole, and the old build goes with its last tab", async ({ context, open, page }) => {
    const { app, host } = await open(await startHost({ folder: DIST }));
    await kept(page);
    const old = await build(page);
    host.folder = newer.folder;
    await app.open();
    const now = await build(page);
    expect(now).not.toBe(old);
    await expect.poll(() => caches(page)).toHaveLength(2);
    const whole = async () => (await stored(page))[host.url]?.includes(now);
    await expect.poll(whole).toBe(true);
    await host.close();
    await context.setOffline(true);
    await page.reload();
    await demo(app);
    expect(await build(page)).toBe(now);

    await page.close();
    await expect(async () => {
      const next = await context.newPage();
      await next.goto(host.url);
      const [left, runs] = [await caches(next), await build(next)];
      await next.close();
      expect([left.length, runs]).toEqual([1, now]);
    }).toPass();
  });

  test("that is not complete leaves the build that was kept", async ({ context, open, page }) => {
    const { app, host } = await open(await startHost({ folder: DIST }));
    await kept(page);
    const old = await build(page);
    host.folder = newer.folder;
    let refused = 0;
    host.damage = (path, reply) => {
      if (!/\/demo-/.test(path)) return reply;
      refused += 1;
      return { ...reply, status: 503 };
    };
    await app.open();
    expect(await build(page)).not.toBe(old);
    await expect.poll(() => refused).toBeGreaterThan(0);
    await expect.poll(() => caches(page)).toHaveLength(1);
    await host.close();
    await context.setOffline(true);
    await page.reload();
    await app.ready();
    expect(await build(page)).toBe(old);
    await demo(app);
  });
});

test.describe("hosts", () => {
  const folders = [
    { what: "a plain folder", folder: DIST, prefix: "/", fallback: false },
    { what: "a prefix", folder: process.env.FLOWGLASS_DIST_PREFIXED ?? "", prefix: PREFIX, fallback: true },
  ];
  for (const name of ["nginx", "caddy"] as const) {
    for (const { what, ...options } of folders) {
      test(`${name} with ${what}: a route opens without it`, async ({ open, page }) => {
        test.skip(!PROGRAMS[name], `${name} is not installed`);
        const { app, host } = await open(await startWebServer(name, options));
        await cutOff(app, host);
        await app.open("tools/echo");
        await expect(page.getByText("Page not found")).toHaveCount(0);
        await app.open("oauth/callback?code=x&state=y");
        await app.refuses("state-mismatch");
      });
    }

    test(`${name} with the files of hosting/: the worker is asked for again, and the manifest has its type`, async ({ open, page }) => {
      test.skip(!PROGRAMS[name], `${name} is not installed`);
      const { app, host } = await open(await startRecipe(name, { folder: DIST, prefix: PREFIX }));
      const headers = (file: string) =>
        page.evaluate(async (it) => {
          const { headers } = await fetch(it, { cache: "no-store" });
          return [headers.get("content-type")?.split(";")[0], headers.get("cache-control")];
        }, host.url + file);
      expect((await headers("sw.js"))[0]).toMatch(/^(text|application)\/javascript$/);
      expect((await headers("sw.js"))[1]).toBe("no-cache");
      expect(await headers("app.webmanifest")).toEqual(["application/manifest+json", "no-cache"]);
      expect((await headers("icons/192.png"))[0]).toBe("image/png");
      await cutOff(app, host);
      await app.open("wire");
    });
  }

  test("under a prefix, the rest of the origin is left alone", async ({ open, page }) => {
    const folder = process.env.FLOWGLASS_DIST_PREFIXED ?? "";
    const { app, host } = await open(await startApp({ folder, prefix: PREFIX }));
    await kept(page);
    const scopes = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map((it) => it.scope));
    expect(scopes).toEqual([host.url]);
    await cutOff(app, host);
    await page.reload();
    await demo(app);
    await expect(page.goto(new URL("/tools", host.url).href)).rejects.toThrow(/ERR_/);
  });
});

test("in a frame of another site nothing is kept", async ({ open, page }) => {
  const { host } = await open(await startApp({ folder: DIST }));
  const context = await page.context().browser()!.newContext();
  const frame = await startFrame(host.url);
  const outer = await context.newPage();
  await outer.goto(frame.url);
  const [inner] = outer.mainFrame().childFrames();
  await inner.locator('html[data-app="ready"]').waitFor();
  await inner.getByTestId("demo").waitFor();
  await expect(inner.locator("html")).not.toHaveAttribute("data-offline");
  await context.close();
  await frame.close();
});

test.describe("a browser that keeps nothing", () => {
  test("over plain http there is no worker, and no word of it", async ({ page }) => {
    const host = await startApp({ folder: DIST });
    const app = new Flowglass(page, host.url.replace("localhost", HOST));
    await app.open();
    await expect(app.html).toHaveAttribute("data-offline", "on");
    expect(await page.evaluate(() => "serviceWorker" in navigator)).toBe(false);
    await app.open("walkthrough");
    await expect(app.at("problem")).toHaveCount(0);
    await host.close();
  });

  test("a worker that the host does not have is not missed", async ({ open }) => {
    const host = await startHost({ folder: DIST });
    const asked: string[] = [];
    host.damage = (path, reply) => (path === "/sw.js" ? (asked.push(path), { ...reply, status: 404 }) : reply);
    const { app } = await open(host);
    await expect.poll(() => asked).not.toEqual([]);
    await demo(app);
    await expect(app.at("problem")).toHaveCount(0);
  });
});
