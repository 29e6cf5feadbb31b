// The files of `hosting/` on nginx and Caddy: the page at `/` and under a prefix, and relays to servers without CORS.
import { readFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { DIST, expect, PREFIX, test as withApp } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";
import { json, listen } from "../servers/listen.mjs";
import { startRecipe } from "../servers/recipe.mjs";
import { PROGRAMS } from "../servers/web-server.mjs";

type Recipe = Awaited<ReturnType<typeof startRecipe>>;
type Program = "nginx" | "caddy";
type Options = Omit<Parameters<typeof startRecipe>[1], "folder">;

const test = withApp.extend<{ host: (name: Program, options?: Options) => Promise<Recipe> }>({
  host: async ({}, use) => {
    const running: Recipe[] = [];
    await use(async (name, options = {}) => {
      const recipe = await startRecipe(name, { folder: DIST, ...options });
      running.push(recipe);
      return recipe;
    });
    await Promise.all(running.map((it) => it.close()));
  },
});

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request as it is written here, which no browser would change. */
function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() });
    });
    request.on("error", reject);
    request.end();
  });
}

/** What `version.json` has, too. */
async function version() {
  const manifest = await readFile(new URL("../../../Cargo.toml", import.meta.url), "utf8");
  return /^version = "(.+)"$/m.exec(manifest)?.[1] ?? "none";
}

/** A tool that tells of its progress, and ends when the test wants it to. */
function watch() {
  let finish = () => {};
  const held = new Promise<void>((resolve) => (finish = resolve));
  const tool = {
    name: "watch",
    inputSchema: { type: "object" },
    run: async (_: object, { _meta, sendNotification }: any) => {
      const params = { progressToken: _meta.progressToken, progress: 1, total: 2, message: "halfway" };
      await sendNotification({ method: "notifications/progress", params });
      await held;
      return { content: [{ type: "text", text: "seen" }] };
    },
  };
  return { tool, finish };
}

/** The names of the relayed server and of its authorization server on the host. */
const RELAYS = { mcp: "/relay/harbour", login: "/relay/login" };

for (const name of ["nginx", "caddy"] as const) {
  test.describe(name, () => {
    test.skip(!PROGRAMS[name], `${name} is not installed`);
    // Of the navigation to a relay, which runs no script.
    test.use({ expectedErrors: /Blocked script execution in .*\/relay\// });

    for (const prefix of ["/", PREFIX]) {
      test(`the page is served at ${prefix} with its types, its headers and its login`, async ({ host, page, start }) => {
        const { url, origin } = await host(name, { prefix });
        const issuer = await start.issuer();
        const server = await start.mcp({ issuer });
        const app = new Flowglass(page, url);
        const carried: string[] = [];
        page.on("response", (it) => {
          if (new URL(it.url()).searchParams.has("code")) carried.push(`${it.status()} ${it.url().split("?")[0]}`);
        });
        await app.open();
        await expect(app.at("app-version")).toHaveText(await version());
        await app.connect(server.url);
        await logInAndAllow(page);
        await app.is("connected");
        expect(carried).toEqual([`200 ${url}oauth/callback/`]);
        await page.goto(`${url}tools/echo`);
        await expect(app.at("tool-schema")).toBeAttached();
        expect(await ask(`${origin}/healthz`)).toMatchObject({ status: 200, text: expect.stringMatching(/^ok/) });
      });

      test(`files at ${prefix} are cached by their hash and precompressed, and pages are not`, async ({ host }) => {
        const { url } = await host(name, { prefix });
        const home = await ask(url);
        expect(home).toMatchObject({ status: 200, headers: { "cache-control": "no-cache", "x-content-type-options": "nosniff" } });
        expect(home.headers["content-security-policy"]).toContain("frame-ancestors");
        expect(home.headers["referrer-policy"]).toBe("no-referrer");
        const module = /(?<file>flowglass-[\w-]+_bg\.wasm)/.exec(home.text)?.groups?.file ?? "none";
        const wasm = await ask(url + module, { "accept-encoding": "gzip" });
        expect(wasm).toMatchObject({ status: 200, headers: { "content-type": "application/wasm", "content-encoding": "gzip" } });
        expect(wasm.headers["cache-control"]).toContain("immutable");
        for (const path of ["oauth/callback", "oauth/callback/", "demo/authorize/", "tools/a%2Fb", "wire"]) {
          const { status, headers, text } = await ask(`${url}${path}?code=x`);
          expect([status, headers["cache-control"], text === home.text], path).toEqual([200, "no-cache", true]);
        }
        expect((await ask(`${url}inspector.schema.json`)).headers["cache-control"]).toBe("no-cache");
        expect((await ask(`${url}flowglass-0123456789abcdef.js`)).status).toBe(404);
      });
    }

    test("a login and a stream go through relays where neither server has CORS", async ({ host, page, start }) => {
      const { tool, finish } = watch();
      const issuer = await start.issuer({ cors: false });
      const server = await start.mcp({ issuer, tools: [tool], crossOrigin: { cors: false } });
      const { url, origin } = await host(name, { relays: { [RELAYS.mcp]: server.origin, [RELAYS.login]: issuer.url } });
      const app = new Flowglass(page, url);
      const fetched = new Set<string>();
      page.on("request", (it) => {
        if (it.resourceType() === "fetch") fetched.add(new URL(it.url()).origin);
      });
      await app.open();
      await app.connect(server.url);
      await logInAndAllow(page);
      await app.is("connected");
      expect([...fetched]).toEqual([origin]);
      await app.tool("watch");
      await app.call({});
      await expect(app.at("call-progress")).toHaveAttribute("value", "1");
      finish();
      await app.result("ok");

      expect(server.requests.length).toBeGreaterThan(0);
      for (const { headers } of server.requests) {
        expect([headers.host, headers.origin, headers.cookie]).toEqual([new URL(server.origin).host, undefined, undefined]);
      }
      await app.go("walkthrough");
      const token = app.step("token-request").locator("[data-testid=flow-exchange]").first();
      await expect(token).toHaveAttribute("data-url", `${issuer.url}/token`);
      await expect(token).toHaveAttribute("data-via", "relay");
      await expect(token).toContainText("relayed");
      await expect(app.step("authorize").locator("[data-testid=flow-exchange]").first()).not.toHaveAttribute("data-via");
      await app.go("wire");
      const call = app.exchange("tools/call");
      await expect(call).toHaveAttribute("data-via", "relay");
      await expect(call).toContainText("relayed");
    });

    test("HTTP+SSE goes through a relay, with the endpoint of the real server", async ({ everythingOverSse, host, page }) => {
      const { origin: upstream } = new URL(everythingOverSse.url);
      const { url } = await host(name, { relays: { [RELAYS.mcp]: upstream } });
      const app = new Flowglass(page, url);
      await app.open();
      await app.connected(everythingOverSse.url, { transport: "sse" });
      await expect(app.at("negotiated-transport")).toHaveText("HTTP+SSE");
      await app.go("wire");
      await app.raw();
      const posts = app.page.locator('[data-testid="wire-entry"][data-kind="http"][data-method="POST"]');
      await expect(posts.first()).toHaveAttribute("data-url", new RegExp(`^${upstream}/`));
      await expect(posts.first()).toHaveAttribute("data-via", "relay");
      // The stream ends with its page: Caddy waits for it before it stops.
      await page.goto("about:blank");
    });

    test("a relay takes fetches of its own page alone, and lets no cookie or policy pass", async ({ host, page }) => {
      const seen: IncomingHttpHeaders[] = [];
      let own = "";
      const upstream = await listen((request, response) => {
        seen.push(request.headers);
        if (request.url === "/home") return response.writeHead(307, { location: `${own}/there?a=b` }).end();
        if (request.url === "/self") return response.writeHead(307, { location: `${upstream.origin}/there?a=b` }).end();
        const policies = { "content-security-policy": "default-src *", "access-control-allow-origin": "*" };
        if (request.url?.startsWith("/moved")) return response.writeHead(307, { location: "/there?a=b" }).end();
        json(response, 200, { url: request.url }, { "set-cookie": "a=b", "cache-control": "max-age=9", ...policies });
      });
      const { origin } = await host(name, { relays: { [RELAYS.mcp]: upstream.origin } });
      own = origin;
      const relay = `${origin}${RELAYS.mcp}`;
      const marked = { "x-flowglass-relay": "1" };

      const opened = await page.goto(`${relay}/page`);
      expect([opened?.status(), opened?.headers()["content-security-policy"]]).toEqual([403, "sandbox"]);
      for (const refused of [
        {},
        { "sec-fetch-mode": "navigate", "sec-fetch-site": "none", ...marked },
        { "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-origin", ...marked },
        { "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site", ...marked },
        { "sec-fetch-mode": "cors", "sec-fetch-site": "same-origin" },
      ]) {
        expect((await ask(`${relay}/x`, refused)).status, JSON.stringify(refused)).toBe(403);
      }
      expect(seen).toEqual([]);

      const fetches = { "sec-fetch-mode": "cors", "sec-fetch-site": "same-origin", ...marked };
      const got = await ask(`${relay}/x?y=z`, { ...fetches, cookie: "session=geheim", origin, referer: origin });
      expect([got.status, JSON.parse(got.text)]).toEqual([200, { url: "/x?y=z" }]);
      const { headers } = got;
      expect([headers["set-cookie"], headers["access-control-allow-origin"]]).toEqual([undefined, undefined]);
      expect([headers["content-security-policy"], headers["x-content-type-options"], headers["cache-control"]]).toEqual([
        "sandbox",
        "nosniff",
        "no-store",
      ]);
      const [{ cookie, host: named, origin: from, referer }] = seen;
      expect([cookie, named, from, referer]).toEqual([undefined, new URL(upstream.origin).host, undefined, undefined]);
      // To a path, to the server itself, and to the host of the page.
      for (const path of ["moved", "self", "home"]) {
        const moved = await ask(`${relay}/${path}`, fetches);
        const location = moved.headers.location?.replace(origin, "");
        expect([path, moved.status, location]).toEqual([path, 307, `${RELAYS.mcp}/there?a=b`]);
      }
      await upstream.close();
      const gone = await ask(`${relay}/x`, fetches);
      expect([gone.status, gone.headers["content-security-policy"]]).toEqual([502, "sandbox"]);
    });

    test("the host is responsible for a relay that fails, and no server is asked", async ({ host, page, start }) => {
      const server = await start.mcp({ crossOrigin: { cors: false } });
      const closed = await start.mcp();
      const options = { relays: { [RELAYS.mcp]: closed.origin }, unlisted: { "/relay/none": server.origin } };
      const { url } = await host(name, options);
      await closed.close();
      const app = new Flowglass(page, url);
      for (const address of [closed.url, server.url]) {
        await app.open();
        await app.connect(address);
        await expect(await app.fails("unreachable")).toHaveAttribute("data-owner", "host");
      }
      expect(server.requests).toEqual([]);
    });
  });
}
