// Takes the pictures of the documentation anew, into docs/screenshots: `npm run screenshots`, with FLOWGLASS_DIST as for the tests.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const playwright = fileURLToPath(new URL("node_modules/@playwright/test/cli.js", import.meta.url));
const { status } = spawnSync(process.execPath, [playwright, "test", "--config", "screenshots/screenshots.config.ts"], {
  cwd: here,
  stdio: "inherit",
});
process.exit(status ?? 1);
