// What the host of the page forbids is told from what the server lacks.
import { DIST, expect, test } from "../helpers/fixtures.ts";
import { Flowglass } from "../helpers/flowglass.ts";
import { logInAndAllow } from "../helpers/person.ts";
import { startApp } from "../servers/app.mjs";
import { closedOrigin } from "../servers/listen.mjs";

/** The page on a host that lets it reach these origins alone. */
async function limited(page: Flowglass["page"], origins: string[]) {
  const allowed = ["'self'", ...origins].join(" ");
  const site = await startApp({ folder: DIST, headers: { "content-security-policy": `connect-src ${allowed}` } });
  return { app: new Flowglass(page, site.url), close: site.close };
}

test.describe("a policy that does not list a server", () => {
  // What the browser writes of each request that a policy forbids.
  test.use({ expectedErrors: /Content Security Policy directive: "connect-src|Refused to connect|^content security policy: connect-src/ });

  test("a server that the host's policy does not list is the host's to allow", async ({ page, start }) => {
    const server = await start.mcp();
    const { app, close } = await limited(page, []);
    await app.open();
    await app.connect(server.url);
    const problem = await app.fails("unreachable");
    await expect(problem).toHaveAttribute("data-owner", "host");
    await expect(problem).toContainText("Content-Security-Policy");
    await expect(problem).toContainText("connect-src");
    expect(server.calls("initialize")).toEqual([]);
    await close();
  });

  test("an authorization server that the host's policy does not list is told as well", async ({ page, start }) => {
    const issuer = await start.issuer({ rfc8414: true });
    const server = await start.mcp({ issuer });
    const { app, close } = await limited(page, [server.origin]);
    await app.open();
    await app.connect(server.url);
    const problem = await app.fails("unreachable");
    await expect(problem).toContainText("Content-Security-Policy");
    await close();
  });
});

test("where the policy lists both, the login works", async ({ page, start }) => {
  const issuer = await start.issuer({ rfc8414: true });
  const server = await start.mcp({ issuer });
  const { app, close } = await limited(page, [server.origin, issuer.url]);
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.is("connected");
  await close();
});

// Requests in CORS mode are exempt from an embedder policy. What it makes fail are the probes that ask for nothing but a
// response (`no-cors`), and a probe that the host makes fail says nothing of the server.
test.describe("a host with an embedder policy", () => {
  async function embedding(page: Flowglass["page"], policy: string) {
    const headers = { "cross-origin-embedder-policy": policy, "cross-origin-opener-policy": "same-origin" };
    const site = await startApp({ folder: DIST, headers });
    const app = new Flowglass(page, site.url);
    await app.open();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    return { app, close: site.close };
  }

  test("require-corp: a server without CORS headers is not one that does not respond", async ({ page, start }) => {
    const server = await start.mcp({ crossOrigin: { cors: false } });
    const { app, close } = await embedding(page, "require-corp");
    await app.connect(server.url);
    const problem = await app.fails("cors-blocked");
    await expect(problem).toContainText("Cross-Origin-Embedder-Policy: require-corp");
    await close();
  });

  test("require-corp: the header that a preflight does not allow is named all the same", async ({ page, start }) => {
    const server = await start.mcp({ crossOrigin: { allow: ["content-type", "accept", "mcp-session-id"] } });
    const { app, close } = await embedding(page, "require-corp");
    await app.connect(server.url);
    await expect(await app.fails("cors-blocked")).toContainText("mcp-protocol-version");
    await close();
  });

  test("require-corp: where nothing listens, that is said", async ({ page }) => {
    const { app, close } = await embedding(page, "require-corp");
    await app.connect(`${await closedOrigin()}/mcp`);
    await expect(await app.fails("unreachable")).not.toContainText("Cross-Origin-Embedder-Policy");
    await close();
  });

  test("credentialless: probes go out without credentials, and are not blocked", async ({ page, start }) => {
    const server = await start.mcp({ crossOrigin: { cors: false } });
    const { app, close } = await embedding(page, "credentialless");
    await app.connect(server.url);
    await expect(await app.fails("cors-blocked")).not.toContainText("Cross-Origin-Embedder-Policy");
    await close();
  });

  test("require-corp: a login, and a call", async ({ page, start }) => {
    const server = await start.mcp({ issuer: await start.issuer({ rfc8414: true }) });
    const { app, close } = await embedding(page, "require-corp");
    await app.connect(server.url);
    await logInAndAllow(page);
    await app.is("connected");
    await app.tool("whoami");
    await app.call({});
    await app.result("ok");
    await close();
  });
});
