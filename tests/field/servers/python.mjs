// A server written in Python, in a process of its own that ends with this one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../python", import.meta.url));

/** @param {string} python The interpreter of the environment to take. @param {string[]} command The script and its arguments. */
export async function startPython(python, ...command) {
  const child = spawn(python, command, { cwd: FOLDER, stdio: ["pipe", "pipe", "inherit"] });
  const { origin } = await Promise.race([firstLine(child), failed(child)]);
  return { origin, url: `${origin}/mcp`, close: () => stop(child) };
}

async function firstLine({ stdout }) {
  const [line] = await once(createInterface({ input: stdout }), "line");
  return JSON.parse(line);
}

async function failed(child) {
  const [code] = await once(child, "exit");
  throw new Error(`the server in Python ended with code ${code} before it listened`);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
