// Takes the pictures of the documentation anew, into docs/screenshots: `npm run screenshots`, with FLOWGLASS_DIST as for the tests.
import { runPlaywright } from "./run-playwright.mjs";

runPlaywright("screenshots/screenshots.config.ts");
