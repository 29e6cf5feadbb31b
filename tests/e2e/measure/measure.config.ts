import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: ["long-session.ts", "floods.ts", "sizes.ts"],
  outputDir: "../test-results",
  // Alone: what runs beside it would be measured too.
  workers: 1,
  fullyParallel: false,
  timeout: 600_000,
  reporter: "line",
});
