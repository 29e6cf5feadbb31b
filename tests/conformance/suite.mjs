// One scenario, run by the suite's own runner with the page as its client, and what the suite and the page say of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unfaithful } from "./record.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const RESULTS = fileURLToPath(new URL("../../target/conformance/", import.meta.url));
const SUITE = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));

/** The suite starts its client in a shell: without `exec`, its time-out would end the shell alone. */
const EXEC = process.platform === "win32" ? "" : "exec ";
const CLIENT = `${EXEC}"${process.execPath}" drive.mjs`;

/** How long the client may take, and the suite, which does not end by itself while a stream to it is open. */
const [CLIENT_LIMIT, SUITE_LIMIT] = [90_000, 120_000];

const NO_END = { end: "unknown", sentence: "The client left no end state" };

/**
 * @typedef {object} Outcome
 * @property {{ id: string, name: string, status: string, description: string, errorMessage?: string }[]} checks
 * @property {string} end The end state that was seen.
 * @property {string[]} sentences What was wrong with it, or with what the wire page showed.
 * @property {boolean} good Whether the suite itself is content, warnings included.
 */

/**
 * @param {import("./stage.mjs").Stage} stage
 * @returns {Promise<Outcome>}
 */
export async function runScenario(scenario, version, { environment, record, unexposed, beside }) {
  const folder = join(RESULTS, unexposed ? "unexposed" : "", version, scenario);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  record.empty();
  const command = ["client", "--command", CLIENT, "--scenario", scenario, "--spec-version", version];
  const options = ["--output-dir", folder, "--timeout", String(CLIENT_LIMIT), ...(beside ? ["--force"] : [])];
  const env = { ...process.env, ...environment, FLOWGLASS_RESULT: folder };
  const suite = spawn(process.execPath, [SUITE, ...command, ...options], { cwd: HERE, env, timeout: SUITE_LIMIT });
  const log = await ended(suite);
  await writeFile(join(folder, "suite.log"), log);
  await writeFile(join(folder, "wire.txt"), `${record.lines().join("\n")}\n`);
  const { end, sentence, wire } = await read(folder, "end.json", NO_END);
  const sentences = [...(sentence ? [sentence] : []), ...(wire ? unfaithful(record.lines(), wire) : [])];
  return { checks: await read(folder, "checks.json", []), end, sentences, good: suite.exitCode === 0 };
}

async function ended(child) {
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text));
  await once(child, "close");
  return log;
}

/** The suite writes into a folder of its own, named after the time. */
async function read(folder, name, otherwise) {
  const files = await readdir(folder, { recursive: true });
  const file = files.find((it) => it.endsWith(name));
  return file ? JSON.parse(await readFile(join(folder, file), "utf8")) : otherwise;
}
