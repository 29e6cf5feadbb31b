// Playwright with another configuration than that of the tests.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @param {string} config Its path from here. */
export function runPlaywright(config) {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const playwright = fileURLToPath(new URL("node_modules/@playwright/test/cli.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [playwright, "test", "--config", config], { cwd: here, stdio: "inherit" });
  process.exit(status ?? 1);
}
