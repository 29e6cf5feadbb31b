// A host of the built page that a test may change under it, and a folder with another build of it.
// Not the fixtures of the other tests: these pages have errors, and files of their host are asked for in vain.
import { test as base } from "@playwright/test";
import { startHost } from "../servers/host.mjs";
import { DIST } from "./fixtures.ts";
import { upgrade } from "./upgrade.ts";

type Host = Awaited<ReturnType<typeof startHost>>;
export type Reply = { status: number; type: string; body: Buffer };

export const test = base.extend<{ host: Host }, { newer: string }>({
  newer: [
    async ({}, use) => {
      const { folder, remove } = await upgrade(DIST);
      await use(folder);
      await remove();
    },
    { scope: "worker" },
  ],
  host: async ({}, use) => {
    const host = await startHost({ folder: DIST });
    await use(host);
    await host.close();
  },
});
