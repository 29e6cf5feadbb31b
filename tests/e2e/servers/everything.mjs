// The reference server `@modelcontextprotocol/server-everything` over either transport, in a process of its own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { LOOPBACK } from "./listen.mjs";

const CHILD = fileURLToPath(new URL("everything-child.mjs", import.meta.url));
const PATHS = { streamableHttp: "/mcp", sse: "/sse" };

/** @param {{ port?: number, transport?: "streamableHttp" | "sse" }} options */
export async function startEverything({ port = 0, transport = "streamableHttp" } = {}) {
  const env = { ...process.env, PORT: String(port), TRANSPORT: transport };
  const child = fork(CHILD, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [message] = await Promise.race([once(child, "message"), failed(child)]);
  const origin = `http://${LOOPBACK}:${message.port}`;
  return { origin, url: origin + PATHS[transport], close: () => stop(child) };
}

async function failed(child) {
  const [code] = await once(child, "exit");
  throw new Error(`server-everything ended with code ${code} before it listened`);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
