// One picture of every page, wide and narrow, light and dark; and one that moves, of a login.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import UPNG from "upng-js";
import { startApp } from "../servers/app.mjs";
import { DIST, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { expect } from "@playwright/test";
import { logInAndAllow } from "../helpers/person.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/screenshots");
const PORTS = { site: 3000, server: 8787, issuer: 9000, blocked: 8788, other: 8789 };
/** Those that are looked at one by one. */
const STEPS = ["unauthorized", "consent", "token-request", "connected"];
/** The animation of a login; `pause` in milliseconds. */
const FILM = {
  size: { width: 1280, height: 760 },
  steps: ["mcp-request", "unauthorized", "resource-metadata", "server-metadata", "registration", "pkce", "authorize", "callback", "token-request", "token", "connected"],
  pause: 1200,
  colours: 128,
};
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 760 } };

const test = base.extend({
  site: [
    async ({}, use) => {
      const site = await startApp({ folder: DIST, port: PORTS.site });
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
});

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme, contextOptions: { reducedMotion: "reduce" } });
      const name = (page: string) => resolve(FOLDER, `${page}-${size}-${colorScheme}.png`);

      test("the pages of a server that connects", async ({ app, page, start }) => {
        const issuer = await start.issuer({ port: PORTS.issuer, rfc8414: true });
        const server = await start.mcp({ issuer, port: PORTS.server });
        await app.open();
        await app.fill({ "server-url": server.url });
        await shoot(app, name("connect"));
        await app.fill({ scope: "mcp:tools" });
        await shoot(app, name("settings"));
        await app.at("connect").click();
        await logInAndAllow(page);
        await app.is("connected");
        await app.go("walkthrough");
        await shoot(app, name("walkthrough"));
        for (const step of STEPS) {
          await app.step(step).locator("> a").click();
          await shoot(app, name(`step-${step}`));
        }
        await app.tool("big-rows");
        await app.call({ rows: 120 });
        await app.result("ok");
        await shoot(app, name("tools"));
        await app.go("wire");
        await shoot(app, name("wire"));
        await app.go("connect");
        await app.at("open-bench").click();
        await app.at("test-no-token").click();
        await shoot(app, name("bench"));
      });

      test("the pages of an authorization that fails", async ({ app, page, start }) => {
        const issuer = await start.issuer({ port: PORTS.issuer, rfc8414: true });
        const server = await start.mcp({ issuer, port: PORTS.server });
        issuer.options.bend = (url) => url.searchParams.set("iss", "https://login.example.net");
        await app.open();
        await app.connect(server.url);
        await logInAndAllow(page);
        await app.refuses("iss-mismatch");
        await app.go("walkthrough");
        await shoot(app, name("walkthrough-failed"));
      });

      test("two more failures, as the walkthrough shows them", async ({ app, start }) => {
        const issuer = await start.issuer({ port: PORTS.issuer, rfc8414: true, registration: "without-cors" });
        const server = await start.mcp({ issuer, port: PORTS.server });
        await app.open();
        await app.connect(server.url);
        await app.fails("cors-blocked");
        await app.go("walkthrough");
        await shoot(app, name("walkthrough-blocked"));
        const describe = (document: object) => ({ ...document, resource: "https://other.example.com/mcp" });
        const other = await start.mcp({ issuer, port: PORTS.other, describe });
        await app.go("connect");
        await app.connect(other.url);
        await app.refuses("resource-mismatch");
        await app.go("walkthrough");
        await shoot(app, name("walkthrough-refused"));
      });

      test("the demo, and a check without logging in", async ({ app, page, start }) => {
        const issuer = await start.issuer({ port: PORTS.issuer, rfc8414: true });
        const server = await start.mcp({ issuer, port: PORTS.server });
        await app.open();
        await app.fill({ "server-url": server.url });
        await app.at("check-server").click();
        await expect(app.at("check-report")).toHaveAttribute("data-status", "done");
        await shoot(app, name("check"));
        await app.go("connect");
        await app.at("demo").click();
        await expect(app.at("demo-approve")).toBeVisible();
        await shoot(app, name("demo-login"));
      });

      test("the problem of a server that does not let pages read it", async ({ app, start }) => {
        const server = await start.mcp({ port: PORTS.blocked, crossOrigin: { cors: false } });
        await app.open();
        await app.connect(server.url);
        await app.fails("cors-blocked");
        await shoot(app, name("problem-cors"));
      });
    });
  }
}

test.describe("animation", () => {
  test.use({ viewport: FILM.size, colorScheme: "light", contextOptions: { reducedMotion: "reduce" } });

  test("a login in the walkthrough", async ({ app, page, start }) => {
    const issuer = await start.issuer({ port: PORTS.issuer, rfc8414: true });
    const server = await start.mcp({ issuer, port: PORTS.server });
    const film: Buffer[] = [];
    const take = async () => film.push(await picture(app));
    await app.open();
    await app.fill({ "server-url": server.url });
    await take();
    await app.at("connect").click();
    await logInAndAllow(page);
    await app.is("connected");
    await app.go("walkthrough");
    for (const step of FILM.steps) {
      await app.step(step).locator("> a").click();
      await take();
    }
    await writeFile(resolve(FOLDER, "../login.png"), animated(film));
  });
});

/** At rest, and without the mark of the pointer. */
async function picture(app: Flowglass) {
  await app.atRest();
  await app.page.mouse.move(0, 0);
  return app.page.screenshot({ animations: "disabled", caret: "hide" });
}

async function shoot(app: Flowglass, path: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, withPalette(await picture(app)));
}

/** The pictures as one that moves (APNG): each stays as long as it takes to read its step, the last one longer. */
function animated(pictures: Buffer[]) {
  const frames = pictures.map((it) => UPNG.toRGBA8(UPNG.decode(it))[0]);
  const pauses = frames.map((_, at) => (at === frames.length - 1 ? 3 * FILM.pause : FILM.pause));
  return Buffer.from(UPNG.encode(frames, FILM.size.width, FILM.size.height, FILM.colours, pauses));
}

/** 256 colours are enough for a page without photographs, and take a third of the space. */
function withPalette(picture: Buffer) {
  const { width, height, ...rest } = UPNG.decode(picture);
  const pixels = UPNG.toRGBA8({ width, height, ...rest });
  return Buffer.from(UPNG.encode(pixels, width, height, 256));
}
