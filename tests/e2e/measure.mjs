// Measures the page in long sessions: `npm run measure`, with FLOWGLASS_DIST as for the tests.
import { runPlaywright } from "./run-playwright.mjs";

runPlaywright("measure/measure.config.ts");
