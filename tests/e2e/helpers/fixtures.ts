// What every test of the page starts from: the built page on a server, a driver, a record of the wire, and a watch over errors.
import { resolve } from "node:path";
import type { BrowserContext } from "@playwright/test";
import { startApp } from "../servers/app.mjs";
import { Flowglass } from "./flowglass.ts";
import { watchErrors } from "./errors.ts";
import { WireRecord } from "./record.ts";
import { test as withServers } from "./servers.ts";

type App = Awaited<ReturnType<typeof startApp>>;

export const DIST = process.env.FLOWGLASS_DIST ?? resolve(import.meta.dirname, "../../../dist");
const PREFIXED_DIST = process.env.FLOWGLASS_DIST_PREFIXED;
export const PREFIX = "/tools/inspector/";

interface TestFixtures {
  app: Flowglass;
  /** The same page built for a prefix and served there. */
  prefixed: Flowglass;
  record: WireRecord;
  /** Fails the test at its end if the page wrote an error or broke its content security policy. */
  noErrors: void;
}

interface WorkerFixtures {
  site: App;
  prefixedSite: App;
}

export const test = withServers.extend<TestFixtures, WorkerFixtures>({
  site: [served(() => ({ folder: DIST })), { scope: "worker" }],
  prefixedSite: [served(prefixedFolder), { scope: "worker" }],
  app: async ({ page, site }, use) => use(new Flowglass(page, site.url)),
  prefixed: async ({ page, prefixedSite }, use) => use(new Flowglass(page, prefixedSite.url)),
  record: async ({ context }, use) => use(new WireRecord(context)),
  noErrors: [
    async ({ context }: { context: BrowserContext }, use: () => Promise<void>) => {
      const errors = await watchErrors(context);
      await use();
      expect(errors, "errors that the page wrote").toEqual([]);
    },
    { auto: true },
  ],
});

export const expect = test.expect;

function served(where: () => { folder: string; prefix?: string }) {
  return async ({}, use: (app: App) => Promise<void>) => {
    const app = await startApp(where());
    await use(app);
    await app.close();
  };
}

function prefixedFolder() {
  if (!PREFIXED_DIST) throw new Error(`FLOWGLASS_DIST_PREFIXED must name a folder with the page built for ${PREFIX}`);
  return { folder: PREFIXED_DIST, prefix: PREFIX };
}
