// The built page on real web servers: the login comes back to the URL that was registered, without a redirect of the
// host's on the way, which could lose the code or send it over plain http.
import { DIST, expect, PREFIX, test } from "../helpers/fixtures.ts";
import { BROWSER_FLAGS, browserPath } from "../helpers/browser.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";
import { startApps } from "../servers/apps.mjs";
import { startRecipe } from "../servers/recipe.mjs";
import { STATIC_HOSTS, startStaticHost } from "../servers/static-hosts.mjs";
import { PROGRAMS, startTls, startWebServer } from "../servers/web-server.mjs";

/** Not `localhost`: authorization servers take no https redirect URI with that name. */
const HOST = "flowglass.example";

test.use({
  ignoreHTTPSErrors: true,
  launchOptions: { executablePath: browserPath(), args: [...BROWSER_FLAGS, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`] },
});

/** A whole login, and every request that carried the code. */
async function login(app: Flowglass, start: Start) {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer });
  const carried: string[] = [];
  app.page.on("response", (it) => {
    if (new URL(it.url()).searchParams.has("code")) carried.push(`${it.status()} ${it.url().split("?")[0]}`);
  });
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(app.page);
  await app.is("connected");
  expect(carried).toEqual([`200 ${app.home}oauth/callback/`]);
  // The server is remembered by a part that comes last: the host is there until then.
  await expect.poll(() => app.page.evaluate(() => localStorage.getItem("flowglass.recent") ?? "")).toContain(server.url);
}

async function demo(app: Flowglass) {
  await app.open();
  await app.at("demo").click();
  await app.at("demo-approve").click();
  await app.is("connected");
}

const FOLDERS = [
  { what: "a plain folder", folder: DIST, prefix: "/", fallback: false },
  { what: "a folder with a fallback", folder: DIST, prefix: "/", fallback: true },
  { what: "a prefix", folder: process.env.FLOWGLASS_DIST_PREFIXED ?? "", prefix: PREFIX, fallback: false },
  { what: "a prefix with a fallback", folder: process.env.FLOWGLASS_DIST_PREFIXED ?? "", prefix: PREFIX, fallback: true },
];

for (const name of ["nginx", "caddy"] as const) {
  for (const { what, ...options } of FOLDERS) {
    test(`${name} with ${what}: the login comes back, and so does the demo's`, async ({ page, start }) => {
      test.skip(!PROGRAMS[name], `${name} is not installed`);
      const host = await startWebServer(name, options);
      await login(new Flowglass(page, host.url), start);
      await demo(new Flowglass(await page.context().newPage(), host.url));
      await host.close();
    });
  }

  test(`${name} behind TLS: the code goes over https alone`, async ({ page, start }) => {
    test.skip(!PROGRAMS[name], `${name} is not installed`);
    const host = await startTls(await startWebServer(name, { folder: DIST }), HOST);
    await login(new Flowglass(page, host.url), start);
    await host.close();
  });

  for (const prefix of ["/", PREFIX]) {
    test(`${name} with its file of hosting/ at ${prefix}, behind TLS: the code goes over https alone`, async ({ page, start }) => {
      test.skip(!PROGRAMS[name], `${name} is not installed`);
      const host = await startTls(await startRecipe(name, { folder: DIST, prefix, host: HOST }), HOST);
      await login(new Flowglass(page, host.url), start);
      await host.close();
    });
  }
}

test("a callback is read with and without the slash at its end", async ({ app }) => {
  for (const path of ["oauth/callback", "oauth/callback/", "oauth/callback/index.html"]) {
    await app.open(`${path}?code=x&state=y`);
    await app.refuses("state-mismatch");
  }
});

/** Where static hosts put a folder: at the root, and as GitHub does with a project, below its name. */
const PLACES = [
  { where: "/", folder: DIST },
  { where: PREFIX, folder: process.env.FLOWGLASS_DIST_PREFIXED ?? "" },
];

for (const name of Object.keys(STATIC_HOSTS)) {
  for (const { where, folder } of PLACES) {
    test(`${name} at ${where}: logins come back, routes and apps open`, async ({ page, start }) => {
      // A login, the demo and an app, each in a page of its own.
      test.slow();
      const host = await startStaticHost(name, { folder, prefix: where });
      const apps = await startApps();
      const app = new Flowglass(page, host.url);
      await login(app, start);
      await app.open("tools/echo");
      await app.is("connected");
      await expect(app.at("tool-schema")).toBeAttached();
      await demo(new Flowglass(await page.context().newPage(), host.url));
      // The page of apps has its ending in its URL, which one of the hosts redirects.
      const other = new Flowglass(await page.context().newPage(), host.url);
      await other.open();
      await other.connected(apps.url);
      await other.tool("clock");
      await other.call({ zone: "UTC" });
      await expect(other.page.frameLocator('[data-testid="app-frame"]').locator("#input")).toHaveText('{"zone":"UTC"}');
      await apps.close();
      await host.close();
    });
  }
}

test("static hosts that redirect a redirect URI without its slash may drop the code, and all send the page for routes", async ({ request }) => {
  const kept: Record<string, string[]> = {};
  for (const name of Object.keys(STATIC_HOSTS)) {
    const host = await startStaticHost(name, { folder: DIST });
    const without = await request.get(`${host.url}oauth/callback?code=x`, { maxRedirects: 0 });
    const unknown = await request.get(`${host.url}tools/echo`);
    expect(await unknown.text(), name).toContain("<title>Flowglass</title>");
    kept[name] = [String(without.status()), without.headers().location ?? "", String(unknown.status())];
    await host.close();
  }
  expect(kept).toEqual({
    S3: ["302", "/oauth/callback/", "404"],
    "GitHub Pages": ["301", "/oauth/callback/?code=x", "404"],
    "Cloudflare Pages": ["308", "/oauth/callback/?code=x", "404"],
    Vercel: ["200", "", "200"],
  });
});
