import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: ["icons.ts", "pictures.ts"],
  outputDir: "../test-results",
  // One after the other: the servers stand on fixed ports, so that the pictures do not differ by their numbers.
  workers: 1,
  fullyParallel: false,
  reporter: "list",
});
