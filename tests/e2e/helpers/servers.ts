// Fixtures for the servers: what a test starts is stopped after it, what a worker shares is stopped with the worker.
import { test as base } from "@playwright/test";
import { startBroken } from "../servers/broken.mjs";
import { startEverything } from "../servers/everything.mjs";
import { startFaulty } from "../servers/faulty.mjs";
import { startIssuer } from "../servers/issuer.mjs";
import { startMcp } from "../servers/mcp.mjs";
import { startModern } from "../servers/modern.mjs";

type Options<F extends (...args: never[]) => unknown> = Parameters<F>[0];
export type Mcp = Awaited<ReturnType<typeof startMcp>>;
export type Issuer = Awaited<ReturnType<typeof startIssuer>>;
export type Modern = Awaited<ReturnType<typeof startModern>>;
export type Faulty = Awaited<ReturnType<typeof startFaulty>>;

export interface Start {
  mcp(options?: Options<typeof startMcp>): Promise<Mcp>;
  issuer(options?: Options<typeof startIssuer>): Promise<Issuer>;
  broken(options?: Options<typeof startBroken>): ReturnType<typeof startBroken>;
  faulty(options: Options<typeof startFaulty>): Promise<Faulty>;
  modern(options?: Options<typeof startModern>): Promise<Modern>;
}

interface Closable {
  close(): Promise<void>;
}

type Everything = Awaited<ReturnType<typeof startEverything>>;

export const test = base.extend<{ start: Start }, { everything: Everything; everythingOverSse: Everything }>({
  everything: [shared("streamableHttp"), { scope: "worker" }],
  everythingOverSse: [shared("sse"), { scope: "worker" }],

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
      modern: (options) => keep(startModern(options)),
    });
    await Promise.all(running.map((it) => it.close()));
  },
});

function shared(transport: "streamableHttp" | "sse") {
  return async ({}, use: (server: Everything) => Promise<void>) => {
    const server = await startEverything({ transport });
    await use(server);
    await server.close();
  };
}

export { expect } from "@playwright/test";
