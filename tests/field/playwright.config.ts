// The end-to-end tests' own configuration, for the servers and the browsers that nobody here wrote.
import tests from "../e2e/playwright.config.ts";

const BROWSERS = "browsers/*.spec.ts";

export default {
  ...tests,
  testDir: "specs",
  outputDir: "test-results",
  // A part that hangs must not stop what comes after it.
  globalTimeout: 20 * 60_000,
  reporter: [["list"], ["../e2e/helpers/closing-line.ts"]],
  projects: [
    { name: "servers", testIgnore: BROWSERS },
    { name: "firefox", testMatch: BROWSERS, use: { engine: "firefox" }, timeout: 90_000 },
    // One at a time: two draw on the same two cores without a GPU.
    { name: "webkit", testMatch: BROWSERS, use: { engine: "webkit" }, workers: 1, timeout: 90_000, grepInvert: /@every-fault/ },
  ],
};
