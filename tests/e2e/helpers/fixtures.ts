// What every test of the page starts from: the built page on a server, a driver, a record of the wire, and a watch over errors.
import { resolve } from "node:path";
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
  /** Errors that the browser has to write in this test. */
  expectedErrors: RegExp | undefined;
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
  expectedErrors: [undefined, { option: true }],
  record: async ({ context }, use) => use(new WireRecord(context)),
  noErrors: [
    async ({ context, expectedErrors }, use) => {
      const errors = await watchErrors(context);
      await use();
      const unexpected = errors.filter((it) => !expectedErrors?.test(it));
      // A request may be under way still; what a handler of the test makes of its response is wanted by nobody.
      await Promise.all(context.pages().map((it) => it.unrouteAll({ behavior: "ignoreErrors" })));
      await context.unrouteAll({ behavior: "ignoreErrors" });
      expect(unexpected, "errors that the page wrote").toEqual([]);
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
