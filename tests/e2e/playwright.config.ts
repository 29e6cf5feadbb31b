import { defineConfig } from "@playwright/test";
import { browserPath, BROWSER_FLAGS } from "./helpers/browser.ts";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./helpers/closing-line.ts"]],
  use: {
    browserName: "chromium",
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    // Playwright's routes and records do not see what a service worker asks for, and a host whose folder is exchanged or
    // damaged is not asked for what a worker keeps. The tests of the worker allow it: offline.spec.ts, upgrade.spec.ts.
    serviceWorkers: "block",
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: browserPath(), args: BROWSER_FLAGS },
    // For the user who looks into a failure; a machine has nobody to show it to.
    trace: process.env.CI ? "off" : "retain-on-failure",
  },
});
