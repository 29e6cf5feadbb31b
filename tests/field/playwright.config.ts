// The end-to-end tests' own configuration, for the servers and the browsers that nobody here wrote.
import tests from "../e2e/playwright.config.ts";

export default {
  ...tests,
  testDir: "specs",
  outputDir: "test-results",
  reporter: [["list"], ["../e2e/helpers/closing-line.ts"]],
};
