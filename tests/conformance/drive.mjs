// What the suite starts for each scenario, as its client: `drive.mjs <server-url>`. It plays the scenario's row in the
// page, in a browser that runs already, and leaves in `end.json` how that ended.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Inspector, VIEWPORT } from "./inspector.mjs";
import { expectedEnd, rowOf, unexposed } from "./scenarios.mjs";

/** For what needs no server: a click, a selection. */
const AT_ONCE = 5_000;

const server = process.argv[2];
const {
  FLOWGLASS_PAGE: home,
  FLOWGLASS_BROWSER: endpoint,
  FLOWGLASS_UNEXPOSED: hidden,
  FLOWGLASS_RESULT: folder,
  MCP_CONFORMANCE_SCENARIO: scenario,
  MCP_CONFORMANCE_PROTOCOL_VERSION: version,
  MCP_CONFORMANCE_CONTEXT: context = "{}",
} = process.env;

const browser = await chromium.connect(endpoint);
const page = await browser.newPage({ serviceWorkers: "block", viewport: VIEWPORT });
page.setDefaultTimeout(AT_ONCE);
const inspector = new Inspector(page, home);
const ending = await play(JSON.parse(context)).catch(brokenOff);
await writeFile(join(folder, "end.json"), JSON.stringify(ending));
// Closes this tab and its streams, not the browser.
await browser.close();
if (ending.sentence) {
  console.error(ending.sentence);
  process.exitCode = 1;
}

/** @returns {Promise<{ end: string, wire?: string[], sentence?: string }>} A sentence where it is not as it should. */
async function play(given) {
  const { row: whole, negotiated } = rowOf(scenario, version);
  const row = hidden ? unexposed(whole) : whole;
  await inspector.open();
  await inspector.connect(server, row.fields?.(given));
  if (row.play && (await inspector.state()) !== "connected") throw new Error("It did not connect");
  await row.play?.(inspector, given);
  await inspector.atRest();
  const [end, expected] = [await inspector.end(), expectedEnd(row, negotiated)];
  if (end !== expected) throw new Error(`It ended as ${end}, and not as ${expected}`);
  if (row.end === "connected") await inspector.disconnect();
  if (inspector.elsewhere.length > 0) throw new Error(`It asked ${inspector.elsewhere.join(", ")}`);
  return { end, wire: await inspector.wire() };
}

/** What was wrong, in a sentence, with the page's own words and a picture. */
async function brokenOff(error) {
  await page.screenshot({ path: join(folder, "page.png") }).catch(() => {});
  const problem = await inspector.problem().catch(() => undefined);
  const words = problem ? ` The page says: ${problem.words.slice(0, 400)}` : "";
  const sentence = `${error.message.split("\n")[0]}.${words}`;
  const end = await inspector.end().catch(() => "unknown");
  return { end, sentence, wire: await inspector.wire().catch(() => undefined) };
}
