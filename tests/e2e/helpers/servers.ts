// Fixtures for the servers: what a test starts is stopped after it, what a worker shares is stopped with the worker.
import { test as base } from "@playwright/test";
import { startBroken } from "../servers/broken.mjs";
import { startEverything } from "../servers/everything.mjs";
import { startFaulty } from "../servers/faulty.mjs";
import { startIssuer } from "../servers/issuer.mjs";
import { startMcp } from "../servers/mcp.mjs";

type Options<F extends (...args: never[]) => unknown> = Parameters<F>[0];
export type Mcp = Awaited<ReturnType<typeof startMcp>>;
export type Issuer = Awaited<ReturnType<typeof startIssuer>>;
export type Faulty = Awaited<ReturnType<typeof startFaulty>>;

export interface Start {
  mcp(options?: Options<typeof startMcp>): Promise<Mcp>;
  issuer(options?: Options<typeof startIssuer>): Promise<Issuer>;
  broken(options?: Options<typeof startBroken>): ReturnType<typeof startBroken>;
  faulty(options: Options<typeof startFaulty>): Promise<Faulty>;
}

interface Closable {
  close(): Promise<void>;
}

export const test = base.extend<{ start: Start }, { everything: Awaited<ReturnType<typeof startEverything>> }>({
  everything: [
    async ({}, use) => {
      const server = await startEverything();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],

  start: async ({}, use) => {
    const running: Closable[] = [];
    const keep = async <T extends Closable>(starting: Promise<T>) => {
      const server = await starting;
      running.push(server);
      return server;
    };
    await use({
      mcp: (options) => keep(startMcp(options)),
      issuer: (options) => keep(startIssuer(options)),
      broken: (options) => keep(startBroken(options)),
      faulty: (options) => keep(startFaulty(options)),
    });
    await Promise.all(running.map((it) => it.close()));
  },
});

export { expect } from "@playwright/test";
