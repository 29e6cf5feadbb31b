// The worker of `worker/` in Cloudflare's own runtime, which needs a newer Node than the rest.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const NODE = place(`../node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`);
/** It asks nobody: no usage figures, no newer version, no description of the visitor's network. */
const OFFLINE = { WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CLOUDFLARE_CF_FETCH_ENABLED: "false" };

/** One worker over both transports. */
export async function startWorker() {
  const env = { ...process.env, ...OFFLINE };
  const stdio = ["ignore", "ignore", "inherit", "ipc"];
  const child = fork(place("worker-child.mjs"), { env, stdio, execPath: NODE, execArgv: [] });
  const [{ origin }] = await Promise.race([once(child, "message"), failed(child)]);
  return { origin, url: `${origin}/mcp`, sse: `${origin}/sse`, close: () => stop(child) };
}

async function failed(child) {
  const [code] = await once(child, "exit");
  throw new Error(`the worker ended with code ${code} before it listened`);
}

/** It ends the runtime that it started, so it is not killed. */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
